"""Priorities go with the evidence: no must on a single voice, no won't on what most people need."""

from collections.abc import Iterator

from assistant.domain.draft import Draft, Priority, RequirementBlock
from assistant.domain.fact import Measure
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.reading.prose import natural, placeholders
from evals.sample import with_block
from evals.view import EvidenceView

_NAME = "priority_against_evidence"
_COUNTS = (Measure.people, Measure.records)
_FEW = 3
"""From so many people on, a need that is left out deserves a word."""


def priority_against_evidence(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Advise on a must of one person, of fewer people than one that is no must, or of less than a third of the need's; on a must bound of
    what is itself no must; and on a won't of the most people.

    People are those that the requirement's claims quote or count. The choice stays a person's.
    """
    held = [block for block in draft.blocks() if isinstance(block, RequirementBlock)]
    counted = [(block, _people(draft, block)) for block in held]
    found = [finding for block, people in counted for finding in _block(block, people, counted) if people]
    return [*found, *_of_few(draft, counted), *_bounds(held)]


def _of_few(draft: Draft, counted: list[tuple[RequirementBlock, int]]) -> Iterator[Finding]:
    """A must that fewer than a third of those with the need speak of."""
    shown = [
        name for key in sorted(draft.claims, key=natural) for name in placeholders(draft.claims[key].text)
    ]
    needy = (
        int(fact.value)
        for name in shown
        if (fact := draft.facts.get(name))
        and fact.measure is Measure.people
        and fact.filter.selection
        and not isinstance(fact.value, str)
    )
    most = next(needy, 0)  # What a document tells first is the need that it is about.
    for block, people in counted:
        if block.priority is Priority.must and not block.bound_proposed and 1 < people < most / 3:
            message = f"{block.id} is a must of {people} people, of {most} with the need."
            yield _finding(block.id, message, "Rank it lower, or say why.")


def _bounds(held: list[RequirementBlock]) -> Iterator[Finding]:
    for block in held:
        of_story = [
            one
            for one in held
            if not one.bound and one.story_ids and set(one.story_ids) & set(block.story_ids)
        ]
        if (
            block.bound
            and block.priority is Priority.must
            and of_story
            and all(one.priority is not Priority.must for one in of_story)
        ):
            message = f"{block.id} is a must, and {of_story[0].id}, whose bound it is, a {of_story[0].priority.value}."
            yield _finding(block.id, message, f"Rank both alike, or say why {block.id} comes first.")


def _block(
    block: RequirementBlock, people: int, counted: list[tuple[RequirementBlock, int]]
) -> Iterator[Finding]:
    lower = [(other, n) for other, n in counted if other.priority is not Priority.must]
    if block.priority is Priority.must:
        if people == 1:
            yield _finding(
                block.id, f"{block.id} is a must, and one person asks for it.", "Rank it lower, or say why."
            )
        for other, others in lower:
            if others > people:
                message = f"{block.id} is a must of {people} people, {other.id} a {other.priority.value} of {others}."
                yield _finding(block.id, message, f"Swap them, or say why {block.id} comes first.")
    numbers = {n for _, n in counted}
    if block.priority is Priority.wont and people >= _FEW and people == max(numbers) > min(numbers):
        message = f"{block.id} is a won't, and most people need it: {people}."
        yield _finding(block.id, message, "Rank it higher, or say why.")


def _people(draft: Draft, block: RequirementBlock) -> int:
    claims = [draft.claims[name] for name in block.claim_ids if name in draft.claims]
    quoted = {
        draft.quotes[name].person or draft.quotes[name].record_id
        for claim in claims
        for name in claim.quote_ids
        if name in draft.quotes
    }
    named = {name for claim in claims for name in claim.fact_ids} | set(placeholders(block.reason))
    facts = [draft.facts[name] for name in named if name in draft.facts]
    counts = [
        int(fact.value) for fact in facts if fact.measure in _COUNTS and not isinstance(fact.value, str)
    ]
    return max(len(quoted), *counts, 0)


def _finding(target: str, message: str, fix: str) -> Finding:
    return Finding(grader=_NAME, severity=Severity.advise, target=target, message=message, fix=fix)


def _good(draft: Draft) -> Draft:
    return with_block(draft, "FR-1", priority=Priority.could)


def _bad(draft: Draft) -> Draft:
    alone = draft.claims["C2"].model_copy(update={"fact_ids": (), "quote_ids": ("Q2",), "id": "C2"})
    held = draft.model_copy(update={"claims": {**draft.claims, "C2": alone}})
    return with_block(held, "FR-1", claim_ids=("C2",), reason="")


GRADER = Grader(_NAME, 2, Severity.advise, priority_against_evidence, _good, _bad)
