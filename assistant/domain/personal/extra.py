"""A finder of personal data beside the built-in ones, for an installation that has one. The built-in kinds stay surer than it."""

from collections.abc import Callable, Iterable

from assistant.domain.personal.kinds import PersonalSpan

Finder = Callable[[str], Iterable[PersonalSpan]]
_chosen: list[Finder] = []


def choose_finder(finder: Finder | None) -> bool:
    """Use a finder in this process, None for the built-in ones alone. Returns: whether that is a change."""
    before = list(_chosen)
    _chosen[:] = [finder] if finder is not None else []
    return before != _chosen


def find_more(text: str) -> Iterable[PersonalSpan]:
    """What the chosen finder sees; nothing where there is none."""
    return _chosen[0](text) if _chosen else ()


def is_chosen() -> bool:
    """Whether there is a finder beside the built-in ones."""
    return bool(_chosen)
