"""A theme by what a person calls it."""

from assistant.domain.theme import Level, Theme, ThemeSet
from assistant.errors import NotFound, UsageError


def theme_named(themes: ThemeSet, wanted: str, *, exactly: bool = False, level: Level = 1) -> Theme:
    """The theme of that id or name.

    Args:
        exactly: refuse a name that two themes of the level have.
        level: whose themes are meant where others have the name too; the area, as lists show areas first.

    Raises: NotFound; UsageError.
    """
    name = wanted.casefold().strip()
    order = sorted(themes.themes, key=lambda one: (one.is_single_voice, one.level != level, one.level))
    held = [one for one in order if name in (one.id, one.name.casefold())]
    if not held:
        near = [one.name for one in themes.themes if name in one.name.casefold()][:3]
        hint = f"Did you mean {', '.join(repr(one) for one in near)}?" if near else "See: voxspec themes list"
        raise NotFound(f"There is no theme '{wanted[:60]}'.", hint=hint)
    same = [one.id for one in held if one.level == held[0].level and one.id != name]
    if exactly and len(same) > 1:
        raise UsageError(
            f"Several themes are called '{wanted[:60]}'.", hint=f"Name one by its id: {', '.join(same[:5])}"
        )
    return held[0]
