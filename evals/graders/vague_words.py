"""Requirements use words that can be measured. People hardly agree on vague ones (κ 0.05–0.11): it is advice only."""

from collections.abc import Iterator

from assistant.domain.draft import Draft, RequirementBlock
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.language.bounds import bounds
from evals.language.wording import FELT, VAGUE
from evals.reading.prose import blank_placeholders, stories
from evals.sample import with_block
from evals.view import EvidenceView

_NAME = "vague_words"


def vague_words(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Advise, once for each requirement or story, on a word such as `fast` or `user-friendly` where no number in the sentence says how.

    A number says how fast or how much; it doesn't say how easy or how nice.
    """
    texts = [(block.id, block.text) for block in draft.blocks() if isinstance(block, RequirementBlock)]
    texts += [(story.id, step) for story in stories(draft) for one in story.criteria for step in one.then]
    told: set[str] = set()
    return [finding for target, text in texts for finding in _text(target, text, draft.language, told)]


def _text(target: str, text: str, language: str, told: set[str]) -> Iterator[Finding]:
    plain = blank_placeholders(text)
    vague = FELT.search(plain) if bounds(plain, language) else VAGUE.search(plain)
    if vague and target not in told:
        told.add(target)
        yield Finding(
            grader=_NAME,
            severity=Severity.advise,
            target=target,
            message=f"'{vague.group()}' means something else to everybody.",
            evidence=text,
            fix="Give a number with a unit, or an example that a test can check.",
        )


def _good(draft: Draft) -> Draft:
    return with_block(draft, "NFR-1", text="The kept timetable shall open fast, within 2 s.")


def _bad(draft: Draft) -> Draft:
    return with_block(draft, "FR-1", text="The system shall keep the last timetable in a user-friendly way.")


GRADER = Grader(_NAME, 0, Severity.advise, vague_words, _good, _bad)
