"""How much may be done at once. Beyond it, a client hears 429 and when to come again."""

import threading
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
                told = self._told
                raise HttpProblem(
                    HTTPStatus.TOO_MANY_REQUESTS,
                    told.code,
                    told.detail,
                    told.hint,
                    {"Retry-After": str(told.retry_after_s)},
                )
            self._open += 1

    def leave(self) -> None:
        """Give the place back."""
        with self._lock:
            self._open -= 1
