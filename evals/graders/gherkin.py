"""Acceptance criteria are Gherkin that reads back step by step: context, then an action, then an outcome that can fail."""

from collections.abc import Iterator

from assistant.domain.draft import Criterion, Draft, StoryBlock
from assistant.domain.finding import Finding, Severity
from assistant.domain.text import words
from evals.grader import Grader
from evals.language.steps import (
    Part,
    acts,
    bare,
    does_something,
    is_outcome,
    is_state,
    keyword_inside,
    other_keyword,
    own_keyword,
    same_step,
    says_nothing,
    two_actions,
    undergoes,
)
from evals.reading.prose import blank_placeholders, stories
from evals.reading.scenarios import criterion_problem
from evals.sample import with_block
from evals.view import EvidenceView

_NAME = "gherkin"


def gherkin(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on a story without criteria, on a criterion that doesn't parse to the steps it holds, and on one whose steps
    stand in the wrong place: a context or an outcome that acts, an action that is none, an outcome that any product meets.

    Advise where a story has no failure path, a step opens with its own keyword or holds two steps.
    """
    return [finding for story in stories(draft) for finding in _story(story)]


def _story(story: StoryBlock) -> Iterator[Finding]:
    if not story.criteria:
        yield _finding(
            story.id, f"{story.id} has no acceptance criteria.", "Add a scenario with When and Then."
        )
        return
    yield from _repeated(story)
    for number, criterion in enumerate(story.criteria, start=1):
        name = f"Criterion {number}, '{criterion.title[:60]}'"
        if problem := criterion_problem(criterion):
            yield _finding(story.id, f"{name}: {problem}", "Rewrite its steps.")
        parts: tuple[tuple[Part, tuple[str, ...]], ...] = (
            ("given", criterion.given),
            ("when", criterion.when),
            ("then", criterion.then),
        )
        for part, steps in parts:
            for step in steps:
                yield from _keywords(story, name, part, step)
        yield from _order(story, name, criterion)
    if not any(criterion.path == "failure" for criterion in story.criteria):
        yield _finding(
            story.id, f"{story.id} has no failure path.", "Say what happens when it can't be done.", False
        )


def _repeated(story: StoryBlock) -> Iterator[Finding]:
    """A scenario that asks what an earlier one asked: the same action with the same outcomes, under whatever title."""
    seen: dict[tuple[object, ...], int] = {}
    for number, criterion in enumerate(story.criteria, start=1):
        asked = (
            frozenset(" ".join(words(step)) for step in criterion.when),
            frozenset(" ".join(words(step)) for step in criterion.then),
        )
        first = seen.setdefault(asked, number)
        if first != number and story.criteria[first - 1].path != criterion.path:
            yield _finding(
                story.id,
                f"Criterion {number} expects of a failure what {first} expects of success.",
                "Say what happens when it can't be done.",
            )
        elif first != number and same_steps(story.criteria[first - 1], criterion):
            yield _finding(story.id, f"Criterion {number} repeats criterion {first}.", "Keep one.")


def same_steps(one: Criterion, other: Criterion) -> bool:
    """Whether two scenarios begin from the same."""
    return {tuple(words(step)) for step in one.given} == {tuple(words(step)) for step in other.given}


def _keywords(story: StoryBlock, name: str, part: Part, step: str) -> Iterator[Finding]:
    if other := other_keyword(step, part):
        yield _finding(
            story.id,
            f"{name}: the {part.title()} '{step[:60]}' begins with '{other}'.",
            f"Move it to the {other.title()} steps.",
        )
    elif own_keyword(step, part):
        yield _finding(
            story.id, f"The step '{step[:60]}' repeats its keyword.", "Leave the keyword out.", False
        )
    elif inside := keyword_inside(step):
        yield _finding(
            story.id, f"{name}: the step '{step[:60]}' holds a '{inside}'.", "Make two steps of it.", False
        )


def _no_action(when: list[str], role: str) -> bool:
    """Whether all Whens are outcomes or states, or go on with an outcome: `I am told`, `I get only what I chose`."""
    told = [is_outcome(step, role) or is_state(step, role) for step in when]
    return all(said or (any(told) and undergoes(step, role)) for step, said in zip(when, told, strict=True))


def _order(story: StoryBlock, name: str, criterion: Criterion) -> Iterator[Finding]:
    given = [bare(step, "given") for step in criterion.given]
    when = [bare(step, "when") for step in criterion.when]
    then = [bare(blank_placeholders(step), "then") for step in criterion.then]
    for step in given:
        if acts(step, story.role, pointing=True):
            yield _finding(
                story.id, f"{name}: the Given '{step[:60]}' acts.", "Say how things are, or make it a When."
            )
    if _no_action(when, story.role):
        yield _finding(
            story.id,
            f"{name}: the When '{when[0][:60]}' is no action.",
            "Say what somebody does, or what happens.",
        )
    for step in when:
        if any(same_step(step, other) for other in given):
            yield _finding(
                story.id, f"{name}: the When '{step[:60]}' repeats a Given.", "Say what somebody does."
            )
        if two_actions(step, story.role):
            yield _finding(
                story.id,
                f"{name}: the When '{step[:60]}' does two things.",
                "Give each a step of its own.",
                False,
            )
    for step in then:
        if acts(step, story.role) or does_something(step, story.role):
            yield _finding(
                story.id,
                f"{name}: the Then '{step[:60]}' is an action.",
                "Say what can be seen afterwards.",
            )
        elif any(same_step(step, other) for other in (*given, *when)):
            yield _finding(
                story.id,
                f"{name}: the Then '{step[:60]}' repeats a step before it.",
                "Say what can be seen afterwards.",
            )
    if all(says_nothing(step) for step in then):
        yield _finding(
            story.id,
            f"{name}: any product meets the Then '{then[0][:60]}'.",
            "Say what can be seen, and how it could fail.",
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
