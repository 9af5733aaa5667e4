"""Numbers of items that are themes: counted by code, where no person gave one."""

from collections.abc import Callable, Mapping, Sequence

from assistant.domain.priority import Input, Item, Origin
from assistant.domain.theme import Theme, ThemeSet
from assistant.errors import NotFound
from assistant.synthesis.find import theme_named

MEASURES: Mapping[str, Callable[[Theme], float]] = {
    "people": lambda theme: theme.people,
    "records": lambda theme: theme.records,
    "accounts": lambda theme: theme.facts.accounts if theme.facts else 0,
    "share": lambda theme: theme.share,
}
"""What can be counted of a theme; voices and people count once, as everywhere."""


def with_counts(items: Sequence[Item], themes: ThemeSet, counted: Mapping[str, str]) -> list[Item]:
    """Items whose missing numbers are counted, where the item is called like a theme (id or name). A person's number stays.

    Args: counted: input → measure, one of `MEASURES`.
    """
    return [_with_counts(item, themes, counted) for item in items]


def _with_counts(item: Item, themes: ThemeSet, counted: Mapping[str, str]) -> Item:
    lacking = [name for name in counted if item.inputs.get(name, Input.missing()).origin is Origin.missing]
    if not lacking:
        return item
    try:
        theme = theme_named(themes, item.name)
    except NotFound:
        found = {name: Input.missing("there is no theme of that name to count") for name in lacking}
    else:
        found = {name: _counted(theme, counted[name], themes) for name in lacking}
    return item.model_copy(update={"inputs": {**item.inputs, **found}})


def _counted(theme: Theme, measure: str, themes: ThemeSet) -> Input:
    over = f"the theme “{theme.name}” ({theme.id}), of {themes.people:,} people who wrote {themes.records:,} records"
    share = theme.facts.reach if theme.facts and measure == "share" else None
    if share is not None:
        return Input.counted(share.value, share.low, share.high, measure=measure, over=over)
    return Input.counted(float(MEASURES[measure](theme)), measure=measure, over=over)
