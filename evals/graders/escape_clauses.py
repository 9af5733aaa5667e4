"""What is asked for holds: no clause lets whoever builds it off."""

from collections.abc import Iterator

from assistant.domain.draft import Draft, RequirementBlock
from assistant.domain.finding import Edit, Finding, Severity
from evals.grader import Grader
from evals.language.ways_out import ESCAPES, without_escape
from evals.reading.prose import stories
from evals.sample import with_block
from evals.view import EvidenceView

_NAME = "escape_clauses"


def escape_clauses(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Advise on `if possible`, `as appropriate`, `etc.` and the like in wishes, requirements and outcomes."""
    texts = [(story.id, "want", story.want) for story in stories(draft)]
    texts += [(s.id, "criterion", step) for s in stories(draft) for one in s.criteria for step in one.then]
    texts += [
        (block.id, "text", block.text) for block in draft.blocks() if isinstance(block, RequirementBlock)
    ]
    return [finding for target, name, text in texts for finding in _text(target, name, text)]


def _text(target: str, name: str, text: str) -> Iterator[Finding]:
    if clause := ESCAPES.search(text):
        kept = without_escape(text)
        yield Finding(
            grader=_NAME,
            severity=Severity.advise,
            target=target,
            message=f"'{clause.group().strip(', ')}' lets whoever builds {target} off.",
            evidence=text,
            fix=f"Write '{kept}', or say exactly when.",
            edit=Edit(field=name, before=text, after=kept) if kept else None,
        )


def _good(draft: Draft) -> Draft:
    return with_block(
        draft, "FR-1", text="The system shall keep the last timetable as required by the school."
    )


def _bad(draft: Draft) -> Draft:
    return with_block(
        draft, "FR-1", text="If possible, the system shall keep the last timetable on the phone."
    )


GRADER = Grader(_NAME, 0, Severity.advise, escape_clauses, _good, _bad)
