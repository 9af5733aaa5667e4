"""Giving claims, quotes, facts, selections and blocks of a draft other ids, wherever they are named."""

from collections.abc import Mapping
from typing import Any

from assistant.domain.base import canonical_json
from assistant.domain.draft import PLACEHOLDER, Draft
from assistant.domain.fact import Measure

_LISTS = frozenset(
    {"claim_ids", "quote_ids", "counter_quote_ids", "fact_ids", "story_ids", "depends_on", "peers"}
)
_NAMED = frozenset({"id", "selection"})
_BY_ID = ("claims", "quotes", "facts", "selections")


def renamed(draft: Draft, names: Mapping[str, str]) -> Draft:
    """The draft with new ids (old → new). Where two come to have one name, the lists hold it once."""
    if not names:
        return draft
    held = {field: getattr(draft, field) for field in _BY_ID}
    dumped = draft.model_dump(mode="json", include={"title", "sections", *_BY_ID})
    left: dict[str, Any] = {name: _renamed(value, names, "") for name, value in dumped.items()}
    for field in _BY_ID:
        kept = {**left[field]}
        left[field] = {}
        for name in held[field]:
            new = names.get(name, name)
            # Where one takes over a name that another one keeps, that one is meant from now on.
            if new == name or new not in held[field] or new in names:
                left[field][new] = kept[name]
    for fact in left["facts"].values():
        quote, colon, rest = fact["param"].partition(":")
        if fact["measure"] == Measure.stated.value and colon:
            fact["param"] = f"{names.get(quote, quote)}:{rest}"
    whole = draft.model_dump(mode="json") | left
    return Draft.model_validate_json(canonical_json(whole))


def _renamed(value: Any, names: Mapping[str, str], field: str) -> Any:
    if isinstance(value, str):
        if field in _LISTS or field in _NAMED:
            return names.get(value, value)
        return PLACEHOLDER.sub(lambda match: f"{{{names.get(match[1], match[1])}}}", value)
    if isinstance(value, list):
        items = [_renamed(item, names, field) for item in value]
        return list(dict.fromkeys(items)) if field in _LISTS else items
    if isinstance(value, dict):
        return {key: _renamed(item, names, key) for key, item in value.items()}
    return value
