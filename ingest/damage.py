"""Where a library that reads documents is called: what it lets through on damaged files is a refusal, what our own lines raise is not."""

from collections.abc import Callable
from types import TracebackType

from assistant.errors import InputRejected


class Damage:
    """A context for calls of a library, and of nothing else: a mistake of ours must not read as a damaged file.

    Example:
        >>> damage = Damage((KeyError, ValueError), lambda: InputRejected("a.pdf is damaged.", hint="Print it to a new PDF."))
        >>> with damage:
        ...     text = page.extract_text()
    """

    def __init__(self, errors: tuple[type[BaseException], ...], refusal: Callable[[], InputRejected]) -> None:
        self._errors = errors
        self._refusal = refusal

    def __enter__(self) -> None:
        """Nothing is set up."""

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Raises: InputRejected instead of what the library raises on damaged files."""
        if isinstance(problem, self._errors):
            raise self._refusal() from problem
