"""Compares a draft that came from a file with the stored one: a person may set goals and priorities, nothing else."""

import json
import re
from collections.abc import Iterator

from assistant.domain.base import canonical_json
from assistant.domain.draft import Block, Draft, MetricBlock, RequirementBlock, Section
from assistant.domain.finding import CheckReport, Finding, Severity
from assistant.domain.personal.views import masked_report
from assistant.domain.text import stem, words
from assistant.workbench import Workbench
from evals.check import check, with_findings
from evals.documents.erased import older_copy
from evals.documents.safety import find_foreign
from evals.json_diff import Json, differences
from evals.opinion import kept_opinion
from evals.release import stages, with_overrulings

_NAME = "stored_draft"
GOALS = ("target", "window", "guardrail")
"""Fields of a metric that are a person's to set."""
_MOST = 50
_LONGEST_GOAL = 120
_LARGEST = 2**63 - 1
_SETTING = """a above at after and baseline before below between day days each every fewer first half hour hours in least less
limit minute minutes month months more most no none of on or over per percent quarter quarters release s second seconds than the
third to twice under until up week weeks within year years yes ms min h d"""
_GOAL_WORDS = frozenset(_SETTING.split())
_NUMBER = re.compile(r"\d[\d.,:/]*\w?")
_PLAIN_GOAL = re.compile(r"[\w\s.,:;%/()<>=≤≥±+$€£'’–—-]*")


def check_copy(bench: Workbench, draft: Draft) -> CheckReport:
    """Check a draft that came from a file: as `check`, and against the stored draft of that id and version.

    A draft that isn't stored here blocks. What differs blocks, but for what a person may set: a metric's target, window and
    guardrail, as long as they are goals, and a requirement's priority; that is advised.

    Raises: UnknownKind, UsageError, StoreError.
    """
    known = 0 < draft.version <= _LARGEST and draft.workspace == bench.workspace
    stored = bench.catalog.drafts.get(bench.workspace, draft.id, draft.version) if known else None
    if stored is None:
        return with_findings(check(bench, draft), draft, compare_copy(draft, None))
    # The copy may have been written before somebody decided something about the draft.
    shown = [one for plain in stages(bench, stored) for one in (plain, _masked_reasons(plain))]
    found = min((compare_copy(draft, one) for one in shown), key=len)
    report = kept_opinion(bench, stored, with_findings(check(bench, draft), draft, found))
    return with_overrulings(bench, stored, report)


def _masked_reasons(draft: Draft) -> Draft:
    """With the reasons of overruled findings as an export shows them; what else was masked is read back before."""
    if draft.report is None:
        return draft
    findings = tuple(
        plain.model_copy(update={"overruled": shown.overruled})
        for plain, shown in zip(draft.report.findings, masked_report(draft.report).findings, strict=True)
    )
    return draft.model_copy(update={"report": draft.report.model_copy(update={"findings": findings})})


def compare_copy(draft: Draft, stored: Draft | None) -> list[Finding]:
    """What differs between a draft from a file and the stored one; None: there is none. Pure."""
    if stored is None:
        message = f"Version {draft.version} of {draft.id[:100]} is not a draft of this workspace."
        fix = "Check it where it was written, or write it here with `voxspec draft`."
        return [_finding("draft", message, "", fix)]
    if stored.stale_reason and stored != draft:
        return [older_copy(stored)]
    restored, found = _set_back(draft, stored)
    old, new = _values(stored), _values(restored)
    paths = differences(old, new)
    found += [_difference(path, old, stored) for path in paths[:_MOST]]
    if len(paths) > _MOST:
        message = f"{len(paths) - _MOST} more places differ from the stored draft."
        found.append(_finding("draft", message, "", "Check the stored draft by its id."))
    return found


def is_goal(text: str, known: str) -> bool:
    """Whether a text sets a goal and states nothing: numbers, comparing words, and words of what stood there."""
    allowed = _GOAL_WORDS | {stem(word) for word in words(known)}
    said = words(_NUMBER.sub(" ", text))
    return (
        len(text) <= _LONGEST_GOAL
        and _PLAIN_GOAL.fullmatch(text) is not None
        and next(find_foreign(text, ""), None) is None
        and all(word in allowed or stem(word) in allowed for word in said)
    )


def metric_words(metric: MetricBlock) -> str:
    """The words that a new goal of a metric may repeat."""
    return " ".join((metric.name, metric.target, metric.unit, metric.window, metric.guardrail))


def _set_back(draft: Draft, stored: Draft) -> tuple[Draft, list[Finding]]:
    """The draft with what a person may set as it was stored, and what was set."""
    if [len(section.blocks) for section in draft.sections] != [len(s.blocks) for s in stored.sections]:
        return draft, []
    found: list[Finding] = []
    sections: list[Section] = []
    for section, old in zip(draft.sections, stored.sections, strict=True):
        blocks = []
        for block, was in zip(section.blocks, old.blocks, strict=True):
            kept: dict[str, object] = dict(_personal(block, was))
            found += [_set_by_a_person(block, was, name) for name in kept]
            blocks.append(block.model_copy(update=kept) if kept else block)
        sections.append(section.model_copy(update={"blocks": tuple(blocks)}))
    return draft.model_copy(update={"sections": tuple(sections)}), found


def _personal(block: Block, was: Block) -> Iterator[tuple[str, object]]:
    """Fields that a person set, with what is stored."""
    if isinstance(block, MetricBlock) and isinstance(was, MetricBlock):
        known = metric_words(was)
        for name in GOALS:
            given, stored = getattr(block, name), getattr(was, name)
            if given != stored and is_goal(given, known):
                yield name, stored
    if (
        isinstance(block, RequirementBlock)
        and isinstance(was, RequirementBlock)
        and block.priority != was.priority
    ):
        yield "priority", was.priority


def _set_by_a_person(block: Block, was: Block, name: str) -> Finding:
    target = str(getattr(block, "id", "draft"))
    message = f"The {name} of {target} differs from the stored draft; it is a person's to set."
    fix = "Nothing, if it is meant: the stored draft keeps its own."
    return _finding(target, message, str(getattr(was, name)), fix, blocks=False)


def _difference(path: str, old: Json, stored: Draft) -> Finding:
    message = f"{path} differs from the stored draft."
    evidence = json.dumps(_at(old, path), ensure_ascii=False)[:200]
    return _finding(
        _target(path, stored), message, evidence, "Put back what is stored, or check it by its id."
    )


def _target(path: str, stored: Draft) -> str:
    parts = path.split(".")
    if parts[0] in ("claims", "quotes", "facts", "selections") and len(parts) > 1:
        return parts[1]
    if (place := re.match(r"sections\[(\d+)\](?:\.blocks\[(\d+)\])?", path)) is not None:
        section = stored.sections[int(place[1])]
        block = section.blocks[int(place[2])] if place[2] else None
        return str(getattr(block, "id", section.id))
    return "draft"


def _at(value: Json, path: str) -> Json:
    for name in re.findall(r"[^.\[\]]+", path):
        if isinstance(value, list):
            value = value[int(name)]
        else:
            value = value.get(name) if isinstance(value, dict) else None
    return value


def _values(draft: Draft) -> Json:
    held: Json = json.loads(canonical_json(draft))
    return held


def _finding(target: str, message: str, evidence: str, fix: str, *, blocks: bool = True) -> Finding:
    severity = Severity.block if blocks else Severity.advise
    return Finding(
        grader=_NAME, severity=severity, target=target, message=message, evidence=evidence, fix=fix
    )
