"""How much may be done at once. Beyond it, a client hears 429 and when to come again."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

from api.errors import HttpProblem

RETRY_AFTER_S = 5


@dataclass(frozen=True)
class Told:
    """What a client hears for whom there is no place."""

    code: str
    detail: str
    hint: str
    retry_after_s: int


class Admission:
    """Counts what is being done.

    Args:
        most: at once.
        told: None: of answers to chat clients.
    """

    def __init__(self, most: int, told: Told | None = None) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._open = 0
        self._told = told or Told(
            "too-many-answers",
            f"{most} answers are being written; that is as many as this server takes at once.",
            f"Come again in {RETRY_AFTER_S} seconds, or raise VOXSPEC_MAX_ANSWERS.",
            RETRY_AFTER_S,
        )

    @property
    def open(self) -> int:
        """How many have a place now."""
        return self._open

    def enter(self) -> None:
        """Take a place. Raises: HttpProblem (429) where there is none."""
        with self._lock:
            if self._open >= self._most:
                raise _refused(self._told)
            self._open += 1

    def leave(self) -> None:
        """Give the place back."""
        with self._lock:
            self._open -= 1


class Shares:
    """Counts what is held in several names, so that nobody takes the places of all.

    Args:
        most: of all names together.
        most_each: of one name.
    """

    def __init__(self, most: int, most_each: int, told: Told) -> None:
        self._most, self._most_each, self._told = most, most_each, told
        self._lock = threading.Lock()
        self._held: Counter[str] = Counter()

    def take(self, name: str, amount: int = 1) -> None:
        """Hold so much more. Raises: HttpProblem (429) where that is too much; nothing more is held then."""
        with self._lock:
            if self._held.total() + amount > self._most or self._held[name] + amount > self._most_each:
                raise _refused(self._told)
            self._held[name] += amount

    def give(self, name: str, amount: int = 1) -> None:
        """Hold so much less."""
        with self._lock:
            self._held[name] -= amount
            if self._held[name] <= 0:
                del self._held[name]

    @contextmanager
    def place(self, name: str) -> Iterator[None]:
        """Hold one while the block runs. Raises: as `take`."""
        self.take(name)
        try:
            yield
        finally:
            self.give(name)


def _refused(told: Told) -> HttpProblem:
    headers = {"Retry-After": str(told.retry_after_s)}
    return HttpProblem(HTTPStatus.TOO_MANY_REQUESTS, told.code, told.detail, told.hint, headers)
