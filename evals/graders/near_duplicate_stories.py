"""No two stories ask for the same thing in nearly the same words."""

from itertools import combinations

from assistant.domain.draft import Draft, StoryBlock
from assistant.domain.finding import Finding, Severity
from assistant.domain.text import index_terms
from evals.grader import Grader
from evals.language.match import fold
from evals.reading.concepts import concepts
from evals.reading.prose import stories
from evals.sample import with_block
from evals.view import EvidenceView

_NAME = "near_duplicate_stories"
_SAME = 0.85
_CLOSE = 0.65


def near_duplicate_stories(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Compare wish and benefit of every two stories by the Jaccard index of their concepts: block from 0.85, advise from 0.65.

    Advise only where the roles have no word in common, and where two stories of one role word their wishes alike for different
    benefits.
    """
    words = [(story, _words(story, draft.language)) for story in stories(draft)]
    found = []
    for (first, its), (second, others) in combinations(words, 2):
        alike = len(its & others) / len(its | others) if its | others else 0.0
        same_role = _same_role(first, second, draft.language)
        same_wish = same_role and fold(first.want) == fold(second.want)
        if alike >= _CLOSE or same_wish:
            found.append(
                Finding(
                    grader=_NAME,
                    severity=Severity.block if alike >= _SAME and same_role else Severity.advise,
                    target=second.id,
                    message=f"{second.id} asks for nearly the same as {first.id}.",
                    evidence=f"{alike:.0%} of their words are the same",
                    fix=f"Merge it into {first.id}, or say what is different.",
                )
            )
    return found


def _same_role(one: StoryBlock, other: StoryBlock, language: str) -> bool:
    its, others = (frozenset(index_terms(story.role, language)) for story in (one, other))
    return bool(its & others) or not its or not others


def _words(story: StoryBlock, language: str) -> frozenset[str]:
    return concepts(f"{story.want} {story.benefit}", language)


def _good(draft: Draft) -> Draft:
    return with_block(draft, "US-2", want="to open the timetable of another pool")


def _bad(draft: Draft) -> Draft:
    return with_block(
        draft, "US-2", want="to open timetables without network", benefit="I do not have to print it"
    )


GRADER = Grader(_NAME, 2, Severity.block, near_duplicate_stories, _good, _bad)
