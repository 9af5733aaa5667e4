"""A story holds one want that fits into a few criteria, and a requirement says `shall` once."""

from collections.abc import Iterator

from assistant.domain.draft import Draft, RequirementBlock, StoryBlock
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.language.wording import shalls, wants
from evals.reading.prose import stories
from evals.sample import with_block
from evals.view import EvidenceView

_NAME = "wish_atomic"
_MOST_CRITERIA = 7


def wish_atomic(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Advise on a wish of two wants, on a requirement with two `shall`, and on a story of more than 7 criteria; say how to split."""
    requirements = [block for block in draft.blocks() if isinstance(block, RequirementBlock)]
    return [
        *(finding for story in stories(draft) for finding in _story(story, draft.language)),
        *(finding for block in requirements for finding in _requirement(block)),
    ]


def _story(story: StoryBlock, language: str) -> Iterator[Finding]:
    if split := wants(story.want, language):
        parts = "; ".join(split.parts)
        yield _finding(
            story.id, f"{story.id} asks for {len(split.parts)} things.", story.want, f"Split it: {parts}."
        )
    if len(story.criteria) > _MOST_CRITERIA:
        half = story.criteria[len(story.criteria) // 2].title
        yield _finding(
            story.id,
            f"{story.id} has {len(story.criteria)} criteria, more than a story of a few days has.",
            "",
            f"Split it, for example before '{half[:60]}'.",
        )


def _requirement(block: RequirementBlock) -> Iterator[Finding]:
    if split := shalls(block.text):
        yield _finding(
            block.id, f"{block.id} says 'shall' twice.", block.text, f"Split it: {' / '.join(split.parts)}"
        )


def _finding(target: str, message: str, evidence: str, fix: str) -> Finding:
    return Finding(
        grader=_NAME, severity=Severity.advise, target=target, message=message, evidence=evidence, fix=fix
    )


def _good(draft: Draft) -> Draft:
    return with_block(draft, "US-1", want="to have a search and replace in black and white")


def _bad(draft: Draft) -> Draft:
    return with_block(draft, "US-1", want="to open the timetable and to print it")


GRADER = Grader(_NAME, 0, Severity.advise, wish_atomic, _good, _bad)
