"""An outcome is something that a person can see happen, and that could fail to happen."""

from collections.abc import Iterator

from assistant.domain.draft import Criterion, Draft, StoryBlock
from assistant.domain.finding import Finding, Severity
from evals.bounds import bounds
from evals.concepts import concepts
from evals.grader import Grader
from evals.match import fold
from evals.prose import blank_placeholders, stories
from evals.sample import with_block
from evals.view import EvidenceView
from evals.wording import HOLLOW, VAGUE

_NAME = "measurable_then"
_EMPTY = frozenset(
    [
        "work",
        "function",
        "behav",
        "run",
        "respond",
        "handl",
        "go",
        "expect",
        "intend",
        "result",
        "success",
        "everyth",
        "process",
        "action",
        "page",
        "thing",
        "way",
        "it",
    ]
)


def measurable_then(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Advise on an outcome that nobody can see (`it works as expected`), that only repeats the action, and on a failure that ends as the success does."""
    return [finding for story in stories(draft) for finding in _story(story, draft.language)]


def _story(story: StoryBlock, language: str) -> Iterator[Finding]:
    happy = {_end(criterion) for criterion in story.criteria if criterion.path == "happy"}
    for criterion in story.criteria:
        action = concepts(" ".join(criterion.when), language)
        for step in criterion.then:
            if _hollow(step, language):
                message = f"Nobody can tell whether this happened: '{step[:80]}'."
                yield _finding(story.id, message, step, "Say what is seen, where, and within what bound.")
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
    if HOLLOW.fullmatch(plain):
        return True
    return VAGUE.search(plain) is not None and concepts(VAGUE.sub(" ", plain), language) <= _EMPTY


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
