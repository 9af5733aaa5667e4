"""What a mutator changed, so that a person sees it at a glance: path, before, after."""

import json
from typing import Any

from assistant.domain.draft import Draft
from evals.json_diff import differences

_SHOWN = 4
_WIDTH = 160
_BEFORE = 40


def changes(before: Draft, after: Draft) -> tuple[str, ...]:
    """`path: before → after` of what differs, in the order of the paths; empty where nothing does.

    Long texts are cut to what is around the difference; invisible characters are written as `\\u202e`.
    """
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    if json.dumps(old) == json.dumps(new):
        return ()
    paths = differences(old, new) or ["the order of claims, quotes or facts"]
    told = [_line(path, _at(old, path), _at(new, path)) for path in paths[:_SHOWN]]
    more = len(paths) - len(told)
    return (*told, f"and {more} places more") if more else tuple(told)


def _at(value: Any, path: str) -> Any:
    """The value at a path of `differences`; None where there is none."""
    for part in path.replace("[", ".[").split("."):
        if part.startswith("[") and isinstance(value, list):
            value = value[int(part[1:-1])] if int(part[1:-1]) < len(value) else None
        elif isinstance(value, dict):
            value = value.get(part)
        else:
            return None
    return value


def _line(path: str, old: Any, new: Any) -> str:
    one, other = _shown(old), _shown(new)
    pairs = enumerate(zip(one, other, strict=False))
    differs = next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
    start = max(0, differs - _BEFORE)
    return f"{path}: {_cut(one, start)} → {_cut(other, start)}"


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text) or "(nothing)"


def _cut(text: str, start: int) -> str:
    shown = text[start : start + _WIDTH]
    return f"{'…' if start else ''}{shown}{'…' if start + _WIDTH < len(text) else ''}"
