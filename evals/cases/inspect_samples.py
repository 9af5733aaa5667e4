"""Cases as samples of inspect-ai (JSON lines: `id`, `input`, `target`, `metadata`), and back. What can't be said there is told.

Format: inspect.aisi.org.uk/datasets.html.
"""

import json
from typing import Any

from pydantic import ValidationError

from assistant.domain.evidence import Scope
from assistant.errors import InputRejected
from evals.cases.case import Case, EvalSet, Expect
from evals.cases.kept import new_id
from evals.cases.promptfoo import ABSTAINED, scope_json

_OWN = "voxspec"
_HINT = "Give inspect-ai samples: JSON lines, each with 'input'."


def to_inspect(held: EvalSet) -> tuple[str, list[str]]:
    """A set's cases as samples. Returns: JSON lines, and sentences on what they can't say."""
    lines = [json.dumps(_sample(held, case), ensure_ascii=False, sort_keys=True) for case in held.cases]
    told = [
        "inspect-ai's own scorers see only the target: words of which any will do. What a case expects in full is in metadata.voxspec.",
        "The records aren't in this file, and blocking findings fail nothing there: bring a solver and a scorer.",
    ]
    if held.spec.graders or held.spec.thresholds:
        told.append("The set's gates and thresholds stay behind.")
    return "".join(f"{line}\n" for line in lines), told


def _sample(held: EvalSet, case: Case) -> dict[str, Any]:
    own = {
        "set": held.spec.name,
        "kind": held.spec.kind,
        "about": case.about,
        "scope": scope_json(case.scope),
        "max_items": case.max_items,
        "expect": json.loads(case.expect.model_dump_json(exclude_defaults=True)),
    }
    return {"id": case.id, "input": case.ask, "target": _target(case.expect), "metadata": {_OWN: own}}


def _target(expect: Expect) -> str | list[str]:
    if expect.abstain:
        return ABSTAINED
    vital = [one.says for one in expect.nuggets if one.importance == "vital"]
    return [word for entry in (*expect.themes, *vital) for word in entry.split("|")] or ""


def from_inspect(text: str) -> tuple[list[Case], list[str]]:
    """Samples as cases. Returns: the cases, and sentences on what was left out. Raises: InputRejected with the line."""
    cases: list[Case] = []
    told: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            sample = json.loads(line)
            if not isinstance(sample, dict):
                raise TypeError
            cases.append(_case(sample, f"line {number}", told))
        except (ValueError, TypeError, KeyError, RecursionError, ValidationError) as problem:
            raise InputRejected(f"Line {number} is no sample of inspect-ai.", hint=_HINT) from problem
    return cases, list(dict.fromkeys(told))


def _case(sample: dict[str, Any], where: str, told: list[str]) -> Case:
    asked = sample["input"]
    if isinstance(asked, list):
        said = [
            one.get("content")
            for one in asked
            if one.get("role") == "user" and isinstance(one.get("content"), str)
        ]
        told.append(f"{where}: of a conversation, only what the user says is asked.")
        asked = "\n".join(said)
    if not isinstance(asked, str) or not asked.strip():
        raise ValueError
    name = str(sample.get("id") or new_id(where, asked))
    if lost := sorted(set(sample) & {"choices", "files", "sandbox", "setup"}):
        told.append(f"{name}: {', '.join(lost)} can't be expressed in a case; left out.")
    metadata = sample.get("metadata") or {}
    own = metadata.get(_OWN) if isinstance(metadata, dict) else None
    if isinstance(own, dict):
        return Case(
            id=name,
            ask=asked,
            about=str(own.get("about", "")),
            scope=Scope.model_validate_json(json.dumps(own.get("scope", {}))),
            max_items=int(own.get("max_items", 10)),
            expect=Expect.model_validate_json(json.dumps(own.get("expect", {}))),
        )
    if metadata:
        told.append(f"{name}: its metadata was left out.")
    return Case(id=name, ask=asked, expect=_expected(sample.get("target")))


def _expected(target: object) -> Expect:
    words = [str(one).replace("|", " ") for one in (target if isinstance(target, list) else [target]) if one]
    if words == [ABSTAINED]:
        return Expect(abstain=True)
    return Expect(themes=("|".join(words),) if words else ())
