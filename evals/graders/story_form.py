"""A story says who wants what for which reason, each part there and in its form."""

import re
from collections.abc import Iterator

from assistant.domain.draft import Draft, StoryBlock
from assistant.domain.finding import Finding, Severity
from assistant.domain.text import stem
from evals.grader import Grader
from evals.language.roles import is_thing
from evals.reading.concepts import concepts
from evals.reading.prose import stories
from evals.sample import with_block
from evals.view import EvidenceView

_NAME = "story_form"
_VAGUE_ROLE = re.compile(
    r"(?:an? |the )?(?:end[- ]?)?(?:user|customer|person|someone|nutzer)s?", re.IGNORECASE
)
_NO_GAIN = """do done get able finally easily way thing whenever wish possible become happen come start begin stay remain true work help"""
_IDLE = frozenset(stem(word) for word in _NO_GAIN.split())
"""What a benefit may say besides the wish and still be the wish."""
_TO_DO = re.compile(r"(?:not )?to [^\W\d_{·][\w'’-]*", re.IGNORECASE)
_FRAME = (
    ("role", re.compile(r"\s*as an?\b", re.IGNORECASE), "'As a'"),
    ("want", re.compile(r"\s*I want\b|.*\bso that\b.*", re.IGNORECASE | re.DOTALL), "'I want' or 'so that'"),
    (
        "benefit",
        re.compile(r"\s*so(?: that)?\b|.*\bso that\b.*\bso that\b", re.IGNORECASE | re.DOTALL),
        "'so that'",
    ),
)


def story_form(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on an empty part, on a frame word typed twice, and on a wish that isn't `to` and a verb (English drafts).

    Advise where the role is only `user` although another story knows a better one, where it is a thing, and where the benefit
    says nothing but the wish.
    """
    known = [story.role for story in stories(draft) if not _VAGUE_ROLE.fullmatch(story.role.strip())]
    return [finding for story in stories(draft) for finding in _story(story, draft.language, known)]


def _story(story: StoryBlock, language: str, better: list[str]) -> Iterator[Finding]:
    for name in ("role", "want", "benefit"):
        if not re.search(r"[^\W\d_]", getattr(story, name)):
            yield _finding(story.id, f"The {name} is empty.", "Say it, or drop the story.")
    for name, doubled, words in _FRAME:
        if doubled.match(getattr(story, name)):
            yield _finding(
                story.id, f"The {name} repeats {words}, which the story's frame says already.", "Take it out."
            )
    if language == "en" and story.want.strip() and not _TO_DO.match(story.want.strip()):
        yield _finding(story.id, "The wish doesn't start with 'to' and a verb.", "Write it as 'to open …'.")
    if better and _VAGUE_ROLE.fullmatch(story.role.strip()):
        yield _finding(
            story.id,
            f"'{story.role}' says little about who wants it.",
            f"Another story knows: {better[0]}.",
            False,
        )
    if is_thing(story.role):
        yield _finding(
            story.id,
            f"'{story.role}' is a thing, and things want nothing.",
            "Name the person who gains from it.",
            False,
        )
    if _repeats(story, language):
        yield _finding(
            story.id,
            f"The benefit of {story.id} is its wish once more: '{story.benefit[:80]}'.",
            "Say what is better afterwards, or mark the benefit as assumed.",
            False,
        )
    if not story.title.strip():
        yield _finding(story.id, "The story has no title.", "Name it.", False)


def _repeats(story: StoryBlock, language: str) -> bool:
    gained, wanted = concepts(story.benefit, language), concepts(story.want, language)
    return bool(gained & wanted) and gained <= wanted | _IDLE


def _finding(target: str, message: str, fix: str, blocks: bool = True) -> Finding:
    severity = Severity.block if blocks else Severity.advise
    return Finding(grader=_NAME, severity=severity, target=target, message=message, fix=fix)


def _good(draft: Draft) -> Draft:
    return with_block(draft, "US-1", want="to co-edit the timetable")


def _bad(draft: Draft) -> Draft:
    return with_block(draft, "US-1", want="the timetable without a network")


GRADER = Grader(_NAME, 0, Severity.block, story_form, _good, _bad)
