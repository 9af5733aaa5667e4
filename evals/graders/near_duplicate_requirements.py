"""No two requirements, and no two criteria of a story, say the same in nearly the same words."""

import re
from collections.abc import Iterator
from itertools import combinations

from assistant.domain.draft import Criterion, Draft, RequirementBlock, StoryBlock
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.language.bounds import bounds, without_bounds
from evals.language.match import fold
from evals.reading.concepts import MEASURING, concepts, negated
from evals.reading.prose import blank_placeholders, stories
from evals.sample import with_block
from evals.view import EvidenceView

_NAME = "near_duplicate_requirements"
_CLOSE = 0.75
_ITSELF = re.compile(
    r"\b(?:it|they|the (?:system|product|application|app|software|service|tool))\s*\Z", re.IGNORECASE
)
"""A subject that says nothing of what is asked for."""


def near_duplicate_requirements(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Compare every two requirements by the Jaccard index of their concepts: block where all are the same, advise from 0.75.

    Two that bound differently, or of which one forbids, are no duplicates. Block on a criterion that stands twice in a story.
    """
    held = [block for block in draft.blocks() if isinstance(block, RequirementBlock)]
    found = []
    for one, other in combinations(held, 2):
        its, others = (_about(block, draft.language) for block in (one, other))
        alike = len(its & others) / len(its | others) if its | others else 0.0
        if alike >= _CLOSE and len(its) > 1 and _limits(one, draft) == _limits(other, draft):
            found.append(
                _finding(
                    other.id,
                    f"{other.id} asks for nearly the same as {one.id}.",
                    f"{alike:.0%} of their words are the same",
                    f"Merge it into {one.id}, or say what is different.",
                    alike == 1,
                )
            )
        elif _same_core(one, other, draft.language) and _limits(one, draft) == _limits(other, draft):
            message = f"{other.id} asks for the same as {one.id}, and differs in where or when alone."
            fix = f"Merge it into {one.id}, or say why both are there."
            found.append(_finding(other.id, message, one.text, fix, False))
    return found + [finding for story in stories(draft) for finding in _twice(story)]


def _same_core(one: RequirementBlock, other: RequirementBlock, language: str) -> bool:
    (its, bound), (others, other_bound) = _core(one, language), _core(other, language)
    return its == others and len(its) > 1 and not (bound and other_bound)


def _core(block: RequirementBlock, language: str) -> tuple[frozenset[str], bool]:
    """What is asked for, without where and when it holds; and whether the text says where or when."""
    text = blank_placeholders(block.text)
    before, shall, after = text.partition(" shall ")
    condition, comma, subject = before.rpartition(", ")
    stands_for_it = _ITSELF.search(before)
    if stands_for_it and not comma:
        condition = before[: stands_for_it.start()]
    subject = "" if stands_for_it else subject
    held = concepts(without_bounds(f"{subject} {after}", language), language) - MEASURING
    return (held if shall else frozenset()), bool(condition.strip())


def _about(block: RequirementBlock, language: str) -> frozenset[str]:
    return concepts(without_bounds(blank_placeholders(block.text), language), language) - MEASURING


def _limits(block: RequirementBlock, draft: Draft) -> tuple[bool, list[tuple[float, str]]]:
    held = bounds(blank_placeholders(block.text), draft.language)
    return negated(block.text), [(one.value, one.dimension) for one in held]


def _twice(story: StoryBlock) -> Iterator[Finding]:
    seen: dict[tuple[tuple[str, ...], ...], str] = {}
    for criterion in story.criteria:
        if (steps := _steps(criterion)) in seen:
            yield _finding(
                story.id,
                f"The criteria '{seen[steps][:60]}' and '{criterion.title[:60]}' of {story.id} are the same.",
                " / ".join(criterion.then),
                "Take one of them out.",
                True,
            )
        seen.setdefault(steps, criterion.title)


def _steps(criterion: Criterion) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(fold(step) for step in part) for part in (criterion.given, criterion.when, criterion.then)
    )


def _finding(target: str, message: str, evidence: str, fix: str, blocks: bool) -> Finding:
    severity = Severity.block if blocks else Severity.advise
    return Finding(
        grader=_NAME, severity=severity, target=target, message=message, evidence=evidence, fix=fix
    )


def _good(draft: Draft) -> Draft:
    return with_block(
        draft, "FR-1", text="The kept timetable shall open within 2 s when the phone has no network."
    )


def _bad(draft: Draft) -> Draft:
    return with_block(draft, "FR-1", text="A kept timetable shall open in at most 2 seconds.")


GRADER = Grader(_NAME, 2, Severity.block, near_duplicate_requirements, _good, _bad)
