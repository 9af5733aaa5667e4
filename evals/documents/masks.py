"""Files of drafts that were written with masks, read as the stored draft says: a mask stands for what code masked there."""

from typing import Any

from pydantic import JsonValue

from assistant.domain.draft import Draft
from assistant.domain.personal.views import masked_draft
from assistant.workbench import Workbench


def unmasked(bench: Workbench, held: dict[str, Any]) -> JsonValue:
    """A draft's JSON with the stored words wherever the file shows exactly their masked form.

    What a person changed stays as it is. A draft that isn't stored here comes back unchanged.
    """
    stored = _stored(bench, held)
    if stored is None:
        return held
    shown = masked_draft(stored)
    if shown is stored:
        return held
    return _merged(held, shown.model_dump(mode="json"), stored.model_dump(mode="json"))


def _stored(bench: Workbench, held: dict[str, Any]) -> Draft | None:
    name, version = held.get("id"), held.get("version")
    if not isinstance(name, str) or not isinstance(version, int) or not 0 < version < 2**31:
        return None
    return bench.catalog.drafts.get(bench.workspace, name, version)


def _merged(held: JsonValue, shown: JsonValue, stored: JsonValue) -> JsonValue:
    if held == shown:
        return stored
    if isinstance(held, dict) and isinstance(shown, dict) and isinstance(stored, dict):
        return {
            name: _merged(value, shown[name], stored[name]) if name in shown and name in stored else value
            for name, value in held.items()
        }
    if isinstance(held, list) and isinstance(shown, list) and isinstance(stored, list):
        return [
            _merged(value, shown[place], stored[place]) if place < min(len(shown), len(stored)) else value
            for place, value in enumerate(held)
        ]
    return held
