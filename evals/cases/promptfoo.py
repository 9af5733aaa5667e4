"""Cases as a test file of promptfoo (YAML: `vars`, `assert`, `metadata`), and back. What can't be said there is told.

Format: promptfoo.dev/docs/configuration/test-cases and …/expected-outputs. An assertion's `metric` keeps what it is for.
"""

import json
from collections.abc import Iterator
from typing import Any

import yaml
from pydantic import ValidationError

from assistant.domain.evidence import Scope
from assistant.errors import InputRejected
from evals.cases.case import Case, EvalSet, Expect, Nugget
from evals.cases.kept import new_id

ABSTAINED = "not enough evidence"
_ANY_OF = ("icontains-any", "contains-any")
_ONE = ("icontains", "contains")
_ALL_OF = ("icontains-all", "contains-all")
_HINT = "Give a promptfoo test file: a YAML list of tests, or a configuration with 'tests'."


def to_promptfoo(held: EvalSet) -> tuple[str, list[str]]:
    """A set's cases as tests. Returns: the YAML, and sentences on what it can't say."""
    tests = [_test(case) for case in held.cases]
    config = {
        "description": f"Voxspec set {held.spec.name} ({held.spec.kind})",
        "prompts": ["{{ask}}"],
        "tests": tests,
    }
    told = [
        "promptfoo brings its own providers: add one that answers {{ask}} from the records; they aren't in this file."
    ]
    if any(case.expect.themes or case.expect.nuggets for case in held.cases):
        told.append(
            "Words are looked for anywhere in the answer: that they begin a word, promptfoo can't say."
        )
    if any(case.expect.must_cite or case.expect.must_not_cite for case in held.cases):
        told.append("Citations are looked for as record ids in the answer's text.")
    if held.spec.graders or held.spec.thresholds:
        told.append("The set's gates and thresholds stay behind.")
    told.append("That blocking findings fail a case stays behind: promptfoo has no such graders.")
    return yaml.safe_dump(config, sort_keys=False, allow_unicode=True, width=120), told


def _test(case: Case) -> dict[str, Any]:
    values: dict[str, Any] = {"ask": case.ask, "max_items": case.max_items}
    if not case.scope.is_empty:
        values["scope"] = case.scope.model_dump_json(exclude_defaults=True)
    metadata = {"case": case.id} | ({"about": case.about} if case.about else {})
    return {
        "description": case.about or case.id,
        "metadata": metadata,
        "vars": values,
        "assert": list(_asserted(case.expect)),
    }


def _asserted(expect: Expect) -> Iterator[dict[str, Any]]:
    kind = "icontains" if expect.abstain else "not-icontains"
    yield {"type": kind, "value": ABSTAINED, "metric": "abstain"}
    for entry in expect.must_cite:
        yield {"type": "contains-any", "value": entry.split("|"), "metric": "must_cite"}
    for name in expect.must_not_cite:
        yield {"type": "not-contains", "value": name, "metric": "must_not_cite"}
    for theme in expect.themes:
        yield {"type": "icontains-any", "value": theme.split("|"), "metric": "theme"}
    for nugget in expect.nuggets:
        weight = {} if nugget.importance == "vital" else {"weight": 0}
        yield {
            "type": "icontains-any",
            "value": nugget.says.split("|"),
            "metric": f"nugget_{nugget.importance}",
            **weight,
        }


class _Plain(yaml.SafeLoader):
    """Without aliases: nine lines of them unfold into a billion words."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias")
        return super().compose_node(parent, index)


def from_promptfoo(text: str) -> tuple[list[Case], list[str]]:
    """Tests as cases. Returns: the cases, and sentences on what was left out. Raises: InputRejected."""
    try:
        read = yaml.load(text, _Plain)  # noqa: S506 - a safe loader that refuses aliases as well
    except (yaml.YAMLError, RecursionError) as problem:
        raise InputRejected("This can't be read as YAML.", hint=f"{_HINT} Write aliases out.") from problem
    tests = read.get("tests") if isinstance(read, dict) else read
    if not isinstance(tests, list) or not all(isinstance(one, dict) for one in tests):
        raise InputRejected("This YAML holds no list of tests.", hint=_HINT)
    told: list[str] = []
    cases = [_case(place, one, told) for place, one in enumerate(tests, start=1)]
    return [case for case in cases if case is not None], list(dict.fromkeys(told))


def _case(place: int, test: dict[str, Any], told: list[str]) -> Case | None:
    values = _mapping(test.get("vars"))
    ask = next(
        (str(values[name]) for name in ("ask", "query", "question", "input", "prompt") if name in values), ""
    )
    if not ask and len(values) == 1:
        ask = str(next(iter(values.values())))
    if not ask:
        told.append(f"Test {place} has no variable that asks something; it was left out.")
        return None
    metadata = _mapping(test.get("metadata"))
    name = str(metadata.get("case") or new_id(str(place), ask))
    if lost := sorted(set(values) - {"ask", "query", "question", "input", "prompt", "scope", "max_items"}):
        told.append(f"{name}: the variables {', '.join(lost)} were left out.")
    expect = _expect(name, test.get("assert") or [], told)
    try:
        return Case(
            id=name,
            ask=ask,
            about=str(metadata.get("about") or ""),
            scope=Scope.model_validate_json(values["scope"]) if "scope" in values else Scope(),
            max_items=int(values.get("max_items", 10)),
            expect=expect,
        )
    except (ValidationError, ValueError, TypeError) as problem:
        raise InputRejected(
            f"Test {place} can't be read: its scope or max_items is none.", hint=_HINT
        ) from problem


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _expect(name: str, asserted: object, told: list[str]) -> Expect:
    held: dict[str, list[Any]] = {"themes": [], "must_cite": [], "must_not_cite": [], "nuggets": []}
    abstain = False
    for one in asserted if isinstance(asserted, list) else []:
        kind, metric = (
            (str(one.get("type")), str(one.get("metric", ""))) if isinstance(one, dict) else ("", "")
        )
        words = one.get("value") if isinstance(one, dict) else None
        listed = [str(word) for word in (words if isinstance(words, list) else [words])]
        if metric == "abstain" or (kind in _ONE and listed == [ABSTAINED]):
            abstain = abstain or kind in _ONE
        elif metric == "must_not_cite" and kind == "not-contains":
            held["must_not_cite"] += listed
        elif kind in (*_ANY_OF, *_ONE):
            _say(held, metric, "|".join(listed))
        elif kind in _ALL_OF:
            held["themes"] += listed
        else:
            told.append(
                f"{name}: an assertion of type '{kind[:40]}' can't be expressed as an expectation; it was left out."
            )
    return Expect(abstain=abstain, **{key: tuple(value) for key, value in held.items()})


def _say(held: dict[str, list[Any]], metric: str, words: str) -> None:
    if metric == "must_cite":
        held["must_cite"].append(words)
    elif metric.startswith("nugget_"):
        held["nuggets"].append(Nugget(says=words, importance="okay" if metric.endswith("okay") else "vital"))
    else:
        held["themes"].append(words)


def scope_json(scope: Scope) -> Any:
    """A scope as plain JSON, without what doesn't restrict."""
    return json.loads(scope.model_dump_json(exclude_defaults=True))
