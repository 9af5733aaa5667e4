"""Property: a digit typed into any prose of a clean draft is found, wherever it lands."""

import json
from functools import lru_cache

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.draft import Draft
from evals.check import grade
from evals.reading.prose import Voice, places
from evals.registry import OWN
from tests.support.drafts import valid_draft, valid_view


@lru_cache(maxsize=1)
def _texts() -> list[tuple[str, str]]:
    """(target, text) of every place that isn't marked as proposed."""
    marked = {(place.target, place.text) for place in places(valid_draft()) if place.voice is Voice.proposed}
    held = {(place.target, place.text) for place in places(valid_draft()) if place.text}
    return sorted(held - marked)


def _rewritten(value: object, old: str, new: str) -> object:
    if isinstance(value, dict):
        return {name: _rewritten(item, old, new) for name, item in value.items()}
    if isinstance(value, list):
        return [_rewritten(item, old, new) for item in value]
    return new if value == old else value


def _typed_into(old: str, new: str) -> Draft:
    held = valid_draft().model_dump(mode="json")
    kept = {name: held.pop(name) for name in ("quotes", "facts", "selections", "provenance", "brief")}
    rewritten = _rewritten(held, old, new)
    assert isinstance(rewritten, dict)
    return Draft.model_validate_json(json.dumps(rewritten | kept))


@settings(max_examples=60)
@given(st.data(), st.sampled_from("0123456789"))
def test_a_typed_digit_is_found(data: st.DataObject, digit: str) -> None:
    _, text = data.draw(st.sampled_from(_texts()))
    place = data.draw(st.integers(0, len(text)))
    report = grade(_typed_into(text, text[:place] + digit + text[place:]), valid_view(), OWN)
    assert report.blocking
