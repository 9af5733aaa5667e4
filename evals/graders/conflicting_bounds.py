"""No two places bound the same quantity differently, and no least value lies above the greatest."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from assistant.domain.draft import Draft, RequirementBlock, StoryBlock
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.language.bounds import Bound, bounds, measured, without_bounds
from evals.reading.concepts import MEASURING, concepts
from evals.reading.prose import blank_placeholders, stories
from evals.sample import with_block
from evals.view import EvidenceView

_NAME = "conflicting_bounds"
_ALIKE = 0.6
_PRONOUN = re.compile(r"(?:it|they|this|that|es|er|sie|dies|das|the result|das ergebnis)\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Limit:
    """A bound with what it is about."""

    target: str
    text: str
    bound: Bound
    about: frozenset[str]


def conflicting_bounds(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block where code can show it: a least above its greatest, a sentence and its own bound, two bounds of the same words.

    A criterion is held against the requirements of its story: block where its step speaks of what the requirement bounds, and
    lets more pass. Advise where only most of the words are the same, and where a criterion asks for more.
    """
    requirements = [block for block in draft.blocks() if isinstance(block, RequirementBlock)]
    limits = [limit for block in requirements for limit in _limits(block.id, block.text, draft.language)]
    return [
        *_empty_ranges(draft, requirements),
        *(finding for block in requirements for finding in _own(block, draft.language)),
        *_between(limits),
        *(finding for story in stories(draft) for finding in _criteria(draft, story, limits)),
    ]


def _limits(target: str, text: str, language: str) -> list[_Limit]:
    plain = blank_placeholders(text)
    about = concepts(without_bounds(plain, language), language) - MEASURING
    return [_Limit(target, text, one, about) for one in bounds(plain, language)]


def _empty_ranges(draft: Draft, requirements: list[RequirementBlock]) -> Iterator[Finding]:
    steps = [
        (story.id, step)
        for story in stories(draft)
        for criterion in story.criteria
        for step in (*criterion.given, *criterion.when, *criterion.then)
    ]
    for target, text in (*((block.id, block.text) for block in requirements), *steps):
        found = bounds(blank_placeholders(text), draft.language)
        for least in (one for one in found if one.sense == "least"):
            for most in (one for one in found if one.sense == "most"):
                # `At least 20 and at most 10 boards` names its unit once.
                same = "" in (least.dimension, most.dimension) or least.dimension == most.dimension
                if same and least.value > most.value:
                    yield _finding(
                        target, f"{target} sets a least value above the greatest.", text, "Swap or mend them."
                    )


def _own(block: RequirementBlock, language: str) -> Iterator[Finding]:
    held = measured(block.bound, block.unit, language)
    if held is None:
        return
    value, dimension = held
    same = [one for one in bounds(blank_placeholders(block.text), language) if one.dimension == dimension]
    if same and dimension and not any(_equal(one.value, value) for one in same):
        yield _finding(
            block.id,
            f"The sentence of {block.id} and its bound of {block.bound} {block.unit} differ.",
            block.text,
            "Give both the same value.",
        )


def _between(limits: list[_Limit]) -> Iterator[Finding]:
    for one, other in combinations(limits, 2):
        if one.target == other.target or not _same_quantity(one.bound, other.bound) or not one.about:
            continue
        alike = len(one.about & other.about) / len(one.about | other.about)
        if alike >= _ALIKE and not _compatible(one.bound, other.bound):
            yield _finding(
                other.target,
                f"{one.target} and {other.target} bound the same thing differently.",
                one.text,
                "Keep one bound, or say what tells the two apart.",
                alike == 1,
            )


def _criteria(draft: Draft, story: StoryBlock, limits: list[_Limit]) -> Iterator[Finding]:
    of_story = {
        block.id
        for block in draft.blocks()
        if isinstance(block, RequirementBlock) and story.id in block.story_ids
    }
    mine = [limit for limit in limits if limit.target in of_story and limit.bound.unit_known]
    for criterion in story.criteria if mine else ():
        for step in criterion.then:
            subject = f"{' '.join(criterion.when)} {story.want}" if _PRONOUN.match(step.strip()) else ""
            for limit in _limits(story.id, step, draft.language):
                about = limit.about | concepts(subject, draft.language)
                for required in mine:
                    if not _same_quantity(required.bound, limit.bound) or _compatible(
                        required.bound, limit.bound
                    ):
                        continue
                    if about & required.about:
                        yield _finding(
                            story.id,
                            f"A criterion of {story.id} and {required.target} bound the same thing differently.",
                            f"{step} / {required.text}",
                            f"Give the criterion the bound of {required.target}.",
                            2 * len(about & required.about) >= len(required.about)
                            and not _stricter(limit.bound, required.bound),
                        )


def _same_quantity(one: Bound, other: Bound) -> bool:
    return bool(one.dimension) and one.dimension == other.dimension


def _compatible(one: Bound, other: Bound) -> bool:
    """Whether both can be meant: the same value, or a least below a greatest."""
    if {one.sense, other.sense} == {"most", "least"}:
        least, most = (one, other) if one.sense == "least" else (other, one)
        return least.value <= most.value
    return _equal(one.value, other.value)


def _stricter(one: Bound, other: Bound) -> bool:
    """Whether whatever keeps the first bound keeps the second, too."""
    if one.sense == other.sense == "most":
        return one.value <= other.value
    return one.sense == other.sense == "least" and one.value >= other.value


def _equal(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-6 * max(1.0, abs(one))


def _finding(target: str, message: str, evidence: str, fix: str, blocks: bool = True) -> Finding:
    severity = Severity.block if blocks else Severity.advise
    return Finding(
        grader=_NAME, severity=severity, target=target, message=message, evidence=evidence, fix=fix
    )


def _good(draft: Draft) -> Draft:
    return with_block(draft, "NFR-1", text="The kept timetable shall open within two seconds.")


def _bad(draft: Draft) -> Draft:
    return with_block(draft, "NFR-1", text="The kept timetable shall open within 2 minutes.")


GRADER = Grader(_NAME, 2, Severity.block, conflicting_bounds, _good, _bad)
