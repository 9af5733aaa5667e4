"""A functional requirement says who does it."""

from collections.abc import Iterator

from assistant.domain.draft import Draft, RequirementBlock
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.language.wording import PASSIVE
from evals.sample import with_block
from evals.view import EvidenceView

_NAME = "passive_requirements"


def passive_requirements(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Advise on a functional requirement in the passive that names nobody who acts. English only; qualities (`NFR-…`) are left alone."""
    if draft.language != "en":
        return []
    requirements = [block for block in draft.blocks() if isinstance(block, RequirementBlock)]
    return [finding for block in requirements for finding in _requirement(block)]


def _requirement(block: RequirementBlock) -> Iterator[Finding]:
    passive = PASSIVE.search(block.text)
    if passive and not block.id.startswith("NFR"):
        yield Finding(
            grader=_NAME,
            severity=Severity.advise,
            target=block.id,
            message=f"{block.id} doesn't say who or what does it.",
            evidence=block.text,
            fix="Name who acts: 'The system shall …'.",
        )


def _good(draft: Draft) -> Draft:
    return with_block(draft, "FR-1", text="The last timetable shall be kept by the phone.")


def _bad(draft: Draft) -> Draft:
    return with_block(draft, "FR-1", text="The last timetable shall be kept on the phone.")


GRADER = Grader(_NAME, 0, Severity.advise, passive_requirements, _good, _bad)
