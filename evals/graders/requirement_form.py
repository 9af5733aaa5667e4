"""A requirement is a shall-sentence; a non-functional one has a bound with a unit, or an open question about it."""

import re
from collections.abc import Iterator

from assistant.domain.draft import Draft, QuestionBlock, RequirementBlock
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.language.bounds import bounds, measured
from evals.reading.prose import blank_placeholders
from evals.sample import with_block
from evals.view import EvidenceView

_NAME = "requirement_form"
_SHALL = {"en": r"\bshall\b", "de": r"\b(?:muss|müssen|soll|sollen)\b"}


def requirement_form(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on a requirement without `shall` (English, German) and on an NFR with neither bound and unit nor question.

    Advise where the sentence doesn't state its bound, or states it without a unit.
    """
    questions = " ".join(block.text for block in draft.blocks() if isinstance(block, QuestionBlock))
    requirements = [block for block in draft.blocks() if isinstance(block, RequirementBlock)]
    return [finding for block in requirements for finding in _requirement(block, draft.language, questions)]


def _requirement(block: RequirementBlock, language: str, questions: str) -> Iterator[Finding]:
    shall = _SHALL.get(language)
    if not block.text.strip():
        yield _finding(block.id, f"{block.id} says nothing.", "Write it or take it out.")
    elif shall and not re.search(shall, block.text, re.IGNORECASE):
        yield _finding(block.id, f"{block.id} doesn't say what shall be.", "Write 'The system shall …'.")
    asked = re.search(rf"(?<![\w-]){re.escape(block.id)}(?!\d)", questions) is not None
    if block.id.startswith("NFR") and not (block.bound.strip() and block.unit.strip()) and not asked:
        yield _finding(
            block.id,
            f"{block.id} has no bound with a unit.",
            f"Give both, or ask in an open question that names {block.id}.",
        )
    if block.bound.strip() and block.bound.strip() not in block.text:
        yield _finding(
            block.id, f"The sentence of {block.id} doesn't state its bound.", "Say it there.", False
        )
    elif _bare(block, language):
        message = f"The sentence of {block.id} says {block.bound}, but not of what."
        yield _finding(block.id, message, f"Write '{block.bound} {block.unit}'.", False)


def _bare(block: RequirementBlock, language: str) -> bool:
    """Whether the sentence holds the number of the bound, but nowhere its unit by any of its names."""
    held, plain = measured(block.bound, block.unit, language), measured(block.bound, "", language)
    if held is None or plain is None or block.unit.casefold() in block.text.casefold().split():
        return False
    found = bounds(blank_placeholders(block.text), language)
    if any(one.dimension == held[1] for one in found):
        return False
    # Other scripts have names of units that aren't known here.
    return any(one.value == plain[0] and not one.unit_known and one.dimension.isascii() for one in found)


def _finding(target: str, message: str, fix: str, blocks: bool = True) -> Finding:
    severity = Severity.block if blocks else Severity.advise
    return Finding(grader=_NAME, severity=severity, target=target, message=message, fix=fix)


def _good(draft: Draft) -> Draft:
    asked = with_block(draft, "OQ-1", text="How fast must a kept timetable open (NFR-1)?")
    return with_block(asked, "NFR-1", text="The kept timetable shall open at once.", bound="", unit="")


def _bad(draft: Draft) -> Draft:
    return with_block(draft, "NFR-1", text="The kept timetable shall open at once.", bound="", unit="")


GRADER = Grader(_NAME, 0, Severity.block, requirement_form, _good, _bad)
