"""Stories can be built in some order: none waits for itself through others, and none for what won't be built."""

from collections.abc import Iterator

from assistant.domain.draft import Draft, Priority, RequirementBlock, StoryBlock
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.reading.prose import stories
from evals.sample import with_block
from evals.view import EvidenceView

_NAME = "dependency_cycles"


def dependency_cycles(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on stories that wait for each other in a circle, and on one that waits for a story of which nothing will be built.

    A story won't be built where all requirements that come from it are ranked `won't`.
    """
    held = {story.id: story for story in stories(draft)}
    return [*_circles(held), *_hopeless(draft, held)]


def _circles(held: dict[str, StoryBlock]) -> Iterator[Finding]:
    """One finding for each circle of two or more, at its first story in reading order."""
    told: set[frozenset[str]] = set()
    for start in held:
        circle = _way_back(held, start)
        if circle and frozenset(circle) not in told:
            told.add(frozenset(circle))
            yield _finding(
                start,
                f"{start} waits for itself: {' → '.join((*circle, start))}.",
                f"Take {circle[1]} out of what {start} depends on.",
            )


def _way_back(held: dict[str, StoryBlock], start: str) -> list[str]:
    """A shortest way from a story back to itself, through others."""
    ways = [[start]]
    seen = {start}
    while ways:
        way = ways.pop(0)
        for name in held[way[-1]].depends_on:
            if name == start and len(way) > 1:
                return way
            if name in held and name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []


def _hopeless(draft: Draft, held: dict[str, StoryBlock]) -> Iterator[Finding]:
    priorities: dict[str, set[Priority]] = {}
    for block in draft.blocks():
        if isinstance(block, RequirementBlock):
            for name in block.story_ids:
                priorities.setdefault(name, set()).add(block.priority)
    dropped = {name for name, ranks in priorities.items() if ranks == {Priority.wont}}
    for story in held.values():
        for name in story.depends_on:
            if name in dropped and story.id not in dropped:
                yield _finding(
                    story.id,
                    f"{story.id} depends on {name}, which is ranked won't.",
                    f"Rank {name} higher, or take it out of what {story.id} depends on.",
                )


def _finding(target: str, message: str, fix: str) -> Finding:
    return Finding(grader=_NAME, severity=Severity.block, target=target, message=message, fix=fix)


def _good(draft: Draft) -> Draft:
    return with_block(with_block(draft, "US-2", depends_on=()), "US-1", depends_on=("US-2",))


def _bad(draft: Draft) -> Draft:
    return with_block(draft, "US-1", depends_on=("US-2",))


GRADER = Grader(_NAME, 2, Severity.block, dependency_cycles, _good, _bad)
