"""How long the parts of a draft may be. Ten times what honest drafts hold; beyond, nobody reads it and something is hidden."""

from collections.abc import Iterator

from assistant.domain.draft import Criterion, Draft, RequirementBlock, StoryBlock
from evals.reading.prose import Place, places

_WORDS = {
    "title": 60,
    "role": 30,
    "want": 60,
    "benefit": 60,
    "criterion": 60,
    "note": 60,
    "lead": 40,
    "cell": 80,
    "name": 40,
    "unit": 12,
    "bound": 12,
    "baseline": 30,
    "target": 40,
    "window": 40,
    "size_hint": 40,
}
_CLAIM, _TEXT = 120, 400
_CHARACTERS_A_WORD = 12
"""Scripts without spaces, and text that leaves them out, are measured by characters."""
_CRITERIA, _STEPS, _STORIES, _REQUIREMENTS = 20, 20, 60, 200


def too_much(draft: Draft) -> Iterator[tuple[str, str]]:
    """(Target, what is too long) for each part beyond its cap."""
    stories = [block for block in draft.blocks() if isinstance(block, StoryBlock)]
    requirements = sum(isinstance(block, RequirementBlock) for block in draft.blocks())
    for what, number, most in (
        ("stories", len(stories), min(_STORIES, draft.max_items)),
        ("requirements", requirements, _REQUIREMENTS),
    ):
        if number > most:
            yield "draft", f"It holds {number} {what}; at most {most} were asked for or make one document."
    for story in stories:
        if len(story.criteria) > _CRITERIA:
            yield (
                story.id,
                f"{story.id} has {len(story.criteria)} criteria; more than {_CRITERIA} are several stories.",
            )
        for criterion in story.criteria:
            if _steps(criterion) > _STEPS:
                yield (
                    story.id,
                    f"'{criterion.title[:40]}' has {_steps(criterion)} steps; {_STEPS} are the most.",
                )
    for place in places(draft):
        if (length := _length(place.text)) > (most := _most(place, draft)):
            yield (
                place.target,
                f"The {place.field} of {place.target} has {length} words; {most} are the most.",
            )


def _steps(criterion: Criterion) -> int:
    return len(criterion.given) + len(criterion.when) + len(criterion.then)


def _most(place: Place, draft: Draft) -> int:
    if place.target in draft.claims or place.field in ("text", "mitigation", "ask", "reason"):
        is_section = any(section.id == place.target for section in draft.sections)
        return _TEXT if is_section else _CLAIM
    return _WORDS.get(place.field, _CLAIM)


def _length(text: str) -> int:
    return max(len(text.split()), len(text) // _CHARACTERS_A_WORD)
