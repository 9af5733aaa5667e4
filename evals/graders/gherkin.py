"""Acceptance criteria are Gherkin that the official parser reads back step by step, with a When and a Then."""

import re
from collections.abc import Iterator

from assistant.domain.draft import Criterion, Draft, StoryBlock
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.prose import stories
from evals.sample import with_block
from evals.scenarios import criterion_problem
from evals.view import EvidenceView

_NAME = "gherkin"
_KEYWORD_AGAIN = re.compile(r"\s*(?:given|when|then|and|but)\b", re.IGNORECASE)


def gherkin(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on a story without criteria and on a criterion that doesn't parse to the steps it holds.

    Advise where a story has no failure path, or a step opens with a keyword of its own.
    """
    return [finding for story in stories(draft) for finding in _story(story)]


def _story(story: StoryBlock) -> Iterator[Finding]:
    if not story.criteria:
        yield _finding(
            story.id, f"{story.id} has no acceptance criteria.", "Add a scenario with When and Then."
        )
        return
    for number, criterion in enumerate(story.criteria, start=1):
        if problem := criterion_problem(criterion):
            yield _finding(
                story.id, f"Criterion {number}, '{criterion.title[:60]}': {problem}", "Rewrite its steps."
            )
        for step in (*criterion.given, *criterion.when, *criterion.then):
            if _KEYWORD_AGAIN.match(step):
                yield _finding(
                    story.id, f"The step '{step[:60]}' repeats its keyword.", "Leave the keyword out.", False
                )
    if not any(criterion.path == "failure" for criterion in story.criteria):
        yield _finding(
            story.id, f"{story.id} has no failure path.", "Say what happens when it can't be done.", False
        )


def _finding(target: str, message: str, fix: str, blocks: bool = True) -> Finding:
    severity = Severity.block if blocks else Severity.advise
    return Finding(grader=_NAME, severity=severity, target=target, message=message, fix=fix)


def _criterion(then: str) -> Criterion:
    return Criterion(
        title="kept", given=("it was opened",), when=("it is opened again",), then=(then,), path="failure"
    )


def _good(draft: Draft) -> Draft:
    return with_block(
        draft, "US-1", criteria=(_criterion("it says: the timetable is old # and by how much"),)
    )


def _bad(draft: Draft) -> Draft:
    return with_block(draft, "US-1", criteria=(_criterion("it is shown\n  Given nothing else"),))


GRADER = Grader(_NAME, 0, Severity.block, gherkin, _good, _bad)
