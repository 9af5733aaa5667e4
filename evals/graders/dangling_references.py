"""Each wish and requirement can be read alone: it points at nothing that stands elsewhere."""

from collections.abc import Iterator

from assistant.domain.draft import Draft, RequirementBlock
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.prose import stories
from evals.sample import with_block
from evals.view import EvidenceView
from evals.wording import DANGLING_START, POINTING

_NAME = "dangling_references"


def dangling_references(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Advise on a requirement that starts with `it` or `this`, and on `the above`, `as mentioned`, `the latter` anywhere."""
    texts = [(story.id, part) for story in stories(draft) for part in (story.want, story.benefit)]
    requirements = [(block.id, block.text) for block in draft.blocks() if isinstance(block, RequirementBlock)]
    found = [finding for target, text in (*texts, *requirements) for finding in _text(target, text)]
    for target, text in requirements:
        if start := DANGLING_START.match(text.strip()):
            found.append(_finding(target, start.group(), text))
    return found


def _text(target: str, text: str) -> Iterator[Finding]:
    if pointing := POINTING.search(text):
        yield _finding(target, pointing.group(), text)


def _finding(target: str, words: str, text: str) -> Finding:
    return Finding(
        grader=_NAME,
        severity=Severity.advise,
        target=target,
        message=f"{target} says '{words}': read alone, it doesn't say what that is.",
        evidence=text,
        fix="Name the thing.",
    )


def _good(draft: Draft) -> Draft:
    return with_block(draft, "FR-1", text="This timetable shall stay on the phone above all else.")


def _bad(draft: Draft) -> Draft:
    return with_block(draft, "FR-1", text="It shall keep the timetable that was mentioned above.")


GRADER = Grader(_NAME, 0, Severity.advise, dangling_references, _good, _bad)
