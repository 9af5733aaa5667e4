"""What of a changed OpenAPI document would break the programs that go by the old one."""

from collections.abc import Iterator, Mapping
from typing import Any

_Tree = Mapping[str, Any]
_METHODS = ("get", "post", "put", "patch", "delete")


def breaking_changes(before: _Tree, after: _Tree) -> list[str]:
    """One line for each operation, answer or field that is gone, and each thing that is newly demanded."""
    return [
        *_operations(before, after),
        *_schemas(before["components"]["schemas"], after["components"]["schemas"]),
    ]


def _operations(before: _Tree, after: _Tree) -> Iterator[str]:
    for path, operations in before["paths"].items():
        for method in _METHODS:
            if method not in operations:
                continue
            name = f"{method.upper()} {path}"
            old, new = operations[method], after["paths"].get(path, {}).get(method)
            if new is None:
                yield f"{name} is gone"
                continue
            if old["operationId"] != new["operationId"]:
                yield f"{name} is called {new['operationId']}, no longer {old['operationId']}"
            yield from _parameters(name, old, new)
            yield from _bodies(name, old, new)
            for status in old["responses"]:
                if status < "300" and status not in new["responses"]:
                    yield f"{name} answers no longer with {status}"


def _parameters(name: str, old: _Tree, new: _Tree) -> Iterator[str]:
    held, there = ({(p["in"], p["name"]): p for p in one.get("parameters", ())} for one in (old, new))
    for place, title in held:
        if (place, title) not in there:
            yield f"{name} takes no {place} parameter {title} any more"
    for key, parameter in there.items():
        if parameter.get("required") and not held.get(key, {}).get("required"):
            yield f"{name} demands the {key[0]} parameter {key[1]}"


def _bodies(name: str, old: _Tree, new: _Tree) -> Iterator[str]:
    had, has = (one.get("requestBody", {}) for one in (old, new))
    if has.get("required") and not had.get("required"):
        yield f"{name} demands a body"
    for kind in had.get("content", {}):
        if kind not in has.get("content", {}):
            yield f"{name} takes no {kind} any more"


def _schemas(before: _Tree, after: _Tree) -> Iterator[str]:
    for name, old in before.items():
        new = after.get(name)
        if new is None:
            yield f"the schema {name} is gone"
            continue
        fields, held = old.get("properties", {}), new.get("properties", {})
        yield from (f"{name} has no {field} any more" for field in fields if field not in held)
        for field in fields:
            if field in held and fields[field].get("type") != held[field].get("type"):
                yield f"{name}.{field} is of another type"
        yield from (
            f"{name} demands {field}"
            for field in new.get("required", ())
            if field not in old.get("required", ())
        )
        yield from (
            f"{name} knows no {value} any more"
            for value in old.get("enum", ())
            if value not in new.get("enum", ())
        )
