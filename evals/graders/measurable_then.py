"""An outcome is something that a person can see happen, and that could fail to happen."""

import re
from collections.abc import Iterator

from assistant.domain.draft import Criterion, Draft, StoryBlock
from assistant.domain.finding import Finding, Severity
from assistant.domain.text import stem
from evals.grader import Grader
from evals.language.bounds import bounds
from evals.language.match import fold
from evals.language.references import without_references
from evals.language.wording import HOLLOW, VAGUE
from evals.reading.concepts import concepts
from evals.reading.prose import blank_placeholders, stories
from evals.sample import with_block
from evals.view import EvidenceView

_NAME = "measurable_then"
_SAYS_NOTHING = """work function behave run respond handle go expect intend result success everything process action page thing way it outcome happen apply same see look
effect case end what"""
_EMPTY = frozenset(stem(word) for word in _SAYS_NOTHING.split())
_EITHER = re.compile(
    r"(?<!whether )\b(?:\w+ ){1,6}or (?:it |they |that |this |I )?(?:(?:is|are|am|was|does|do|has|have|will|can)(?: not|n['’]t)|not)\W*\Z",
    re.IGNORECASE,
)
"""`It is shown or it isn't`."""


def measurable_then(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Advise on an outcome that nobody can see (`it works as expected`), that can't fail, that only repeats the action or stands elsewhere
    (`see above`), and on a failure that ends as the success does.
    """
    return [finding for story in stories(draft) for finding in _story(story, draft.language)]


def _story(story: StoryBlock, language: str) -> Iterator[Finding]:
    happy = {_end(criterion) for criterion in story.criteria if criterion.path == "happy"}
    for criterion in story.criteria:
        action = concepts(" ".join(criterion.when), language)
        for step in criterion.then:
            if _hollow(step, language):
                message = f"Nobody can tell whether this happened: '{step[:80]}'."
                yield _finding(story.id, message, step, "Say what is seen, where, and within what bound.")
            elif _elsewhere(step, language):
                message = f"What should happen stands elsewhere: '{step[:80]}'."
                yield _finding(story.id, message, step, "Write it here.")
        own = concepts(" ".join(criterion.then), language)
        if own and own <= action and not bounds(blank_placeholders(" ".join(criterion.then)), language):
            yield _finding(
                story.id,
                f"The outcome of '{criterion.title[:60]}' only repeats its action.",
                " / ".join(criterion.then),
                "Say what is different afterwards.",
            )
        if criterion.path == "failure" and _end(criterion) in happy:
            yield _finding(
                story.id,
                f"The failure '{criterion.title[:60]}' ends as the success does.",
                " / ".join(criterion.then),
                "Say what is seen when it can't be done.",
            )


def _hollow(step: str, language: str) -> bool:
    plain = blank_placeholders(step).strip()
    if HOLLOW.fullmatch(plain) or (_EITHER.search(plain) and "whether" not in plain.casefold().split()):
        return True
    return VAGUE.search(plain) is not None and concepts(VAGUE.sub(" ", plain), language) <= _EMPTY


def _elsewhere(step: str, language: str) -> bool:
    own = without_references(step)
    return own != step and concepts(own, language) <= _EMPTY


def _end(criterion: Criterion) -> tuple[str, ...]:
    return tuple(fold(step) for step in criterion.then)


def _finding(target: str, message: str, evidence: str, fix: str) -> Finding:
    return Finding(
        grader=_NAME, severity=Severity.advise, target=target, message=message, evidence=evidence, fix=fix
    )


def _with_then(draft: Draft, then: str) -> Draft:
    first, failure = next(story for story in stories(draft) if story.id == "US-1").criteria
    return with_block(draft, "US-1", criteria=(first.model_copy(update={"then": (then,)}), failure))


def _good(draft: Draft) -> Draft:
    return _with_then(draft, "it is open on the first page within a second")


def _bad(draft: Draft) -> Draft:
    return _with_then(draft, "the system behaves properly")


GRADER = Grader(_NAME, 0, Severity.advise, measurable_then, _good, _bad)
