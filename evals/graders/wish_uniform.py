"""Stories are written alike: roles with or without an article, parts with or without a full stop."""

import re
from collections.abc import Iterator

from assistant.domain.draft import Draft, StoryBlock
from assistant.domain.finding import Edit, Finding, Severity
from evals.grader import Grader
from evals.reading.prose import stories
from evals.sample import with_block
from evals.view import EvidenceView

_NAME = "wish_uniform"
_ARTICLE = re.compile(r"\A(?:an?|the|ein|eine|der|die|das) ", re.IGNORECASE)
_END = re.compile(r"[\s.,;:!]+\Z")


def wish_uniform(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Advise on a role with an article, and on a part that ends in a mark, where most of the stories do without.

    The story's frame sets article and full stop itself: it reads `As a the teacher` and `.., so that` otherwise.
    """
    held = stories(draft)
    plain = [story for story in held if not _ARTICLE.match(story.role) and not _ended(story)]
    return [finding for story in held for finding in _story(story)] if 2 * len(plain) > len(held) else []


def _ended(story: StoryBlock) -> bool:
    return any(_END.search(part) for part in (story.role, story.want, story.benefit))


def _story(story: StoryBlock) -> Iterator[Finding]:
    for name in ("role", "want", "benefit"):
        text = getattr(story, name)
        kept = _END.sub("", _ARTICLE.sub("", text) if name == "role" else text)
        if kept and kept != text:
            yield Finding(
                grader=_NAME,
                severity=Severity.advise,
                target=story.id,
                message=f"The {name} of {story.id} is written otherwise than in most stories.",
                evidence=text,
                fix=f"Write '{kept}'.",
                edit=Edit(field=name, before=text, after=kept),
            )


def _good(draft: Draft) -> Draft:
    return with_block(draft, "US-1", role="teacher of a swimming school")


def _bad(draft: Draft) -> Draft:
    third = next(story for story in stories(draft) if story.id == "US-2").model_copy(update={"id": "US-3"})
    sections = tuple(
        section.model_copy(update={"blocks": (*section.blocks, third)})
        if section.id == "stories"
        else section
        for section in draft.sections
    )
    return with_block(draft.model_copy(update={"sections": sections}), "US-1", role="the teacher")


GRADER = Grader(_NAME, 0, Severity.advise, wish_uniform, _good, _bad)
