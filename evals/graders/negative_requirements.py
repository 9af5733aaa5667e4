"""A requirement says what shall happen: what shall not happen can't be tested to the end."""

import re
from collections.abc import Iterator

from assistant.domain.draft import Draft, RequirementBlock
from assistant.domain.finding import Finding, Severity
from evals.bounds import bounds
from evals.concepts import negated
from evals.grader import Grader
from evals.prose import blank_placeholders
from evals.sample import with_block
from evals.view import EvidenceView

_NAME = "negative_requirements"
_INSTEAD = re.compile(r"\b(?:but|instead|unless|until|without|sondern|außer|bis)\b", re.IGNORECASE)


def negative_requirements(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Advise on a requirement whose only verb is denied. One that says what happens instead, or bounds it, is left alone."""
    return [
        finding
        for block in draft.blocks()
        if isinstance(block, RequirementBlock)
        for finding in _requirement(block, draft.language)
    ]


def _requirement(block: RequirementBlock, language: str) -> Iterator[Finding]:
    plain = blank_placeholders(block.text)
    if negated(plain) and not _INSTEAD.search(plain) and not bounds(plain, language):
        yield Finding(
            grader=_NAME,
            severity=Severity.advise,
            target=block.id,
            message=f"{block.id} says what shall not happen, and no test can show that it never does.",
            evidence=block.text,
            fix="Say what shall happen instead, for example 'If …, the system shall …'.",
        )


def _good(draft: Draft) -> Draft:
    return with_block(draft, "FR-1", text="The system shall not drop the timetable but keep it on the phone.")


def _bad(draft: Draft) -> Draft:
    return with_block(draft, "FR-1", text="The system shall not lose the timetable.")


GRADER = Grader(_NAME, 0, Severity.advise, negative_requirements, _good, _bad)
