"""Which rules were applied: each grader stamped with the code that it consists of, so that a changed rule shows in a run."""

import ast
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from assistant.domain.base import digest
from evals.grader import Grader
from evals.registry import graders
from evals.runs.outcome import GraderStamp

_OURS = "evals."


def stamps() -> dict[str, GraderStamp]:
    """All graders by name, in the order of the registry. Raises: UsageError where an installed one can't be used."""
    return {name: _stamp(grader) for name, grader in graders().items()}


def _stamp(grader: Grader) -> GraderStamp:
    return GraderStamp(layer=grader.layer, severity=grader.severity, sha256=_rule(grader.grade.__module__))


@lru_cache(maxsize=256)
def _rule(module: str) -> str:
    """Hash of a module and of all modules of ours that it stands on: half a grader is in its word lists."""
    found: dict[str, str] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name not in found and (source := _source(name)) is not None:
            found[name] = sha256(source).hexdigest()
            waiting += _imports(source)
    return digest(sorted(found.items()))


@lru_cache(maxsize=256)
def _source(module: str) -> bytes | None:
    try:
        spec = find_spec(module)
    except ModuleNotFoundError:
        return None
    origin = spec.origin if spec else None
    return Path(origin).read_bytes() if origin and origin.endswith(".py") else None


def _imports(source: bytes) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module and f"{node.module}.".startswith(_OURS):
            # The name may be a module or something in it; what is no module has no source.
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
