"""A wish says what is wanted and nothing besides: no remarks in brackets, no second sentence."""

from collections.abc import Iterator

from assistant.domain.draft import Draft, RequirementBlock
from assistant.domain.finding import Edit, Finding, Severity
from evals.grader import Grader
from evals.language.wording import without_note
from evals.reading.prose import stories
from evals.sample import with_block
from evals.view import EvidenceView

_NAME = "wish_minimal"
_MOST_WORDS = 35


def wish_minimal(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Advise on remarks in brackets, on text behind the end of a wish, benefit or requirement, and on more than 35 words."""
    texts = [
        (story.id, name, getattr(story, name))
        for story in stories(draft)
        for name in ("role", "want", "benefit")
    ]
    texts += [
        (block.id, "text", block.text) for block in draft.blocks() if isinstance(block, RequirementBlock)
    ]
    return [finding for target, name, text in texts for finding in _text(target, name, text)]


def _text(target: str, name: str, text: str) -> Iterator[Finding]:
    kept = without_note(text)
    if kept and kept.rstrip(".") != text.strip().rstrip("."):
        yield _finding(
            target,
            f"The {'sentence' if name == 'text' else name} of {target} holds a remark.",
            text,
            f"Write '{kept}', and keep the remark elsewhere.",
            Edit(field=name, before=text, after=kept),
        )
    elif (count := len(text.split())) > _MOST_WORDS:
        yield _finding(
            target, f"{target} needs {count} words for one thing.", text, "Say the one thing that matters."
        )


def _finding(target: str, message: str, evidence: str, fix: str, edit: Edit | None = None) -> Finding:
    severity = Severity.advise
    return Finding(
        grader=_NAME, severity=severity, target=target, message=message, evidence=evidence, fix=fix, edit=edit
    )


def _good(draft: Draft) -> Draft:
    return with_block(draft, "US-1", want="to open the timetable as a portable document (PDF)")


def _bad(draft: Draft) -> Draft:
    return with_block(draft, "US-1", want="to open the timetable (see the notes of the last meeting)")


GRADER = Grader(_NAME, 0, Severity.advise, wish_minimal, _good, _bad)
