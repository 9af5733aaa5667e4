"""Seeded faults of structure, second pack: hollow sections, ids gone astray, empty criteria, requirements without backbone."""

import re
from collections.abc import Iterable, Sequence

from assistant.domain.draft import (
    Criterion,
    Draft,
    RequirementBlock,
    StoryBlock,
    TextBlock,
)
from evals.mutators.port import Seeded
from evals.mutators.second_tools import (
    in_block,
    in_claim,
    in_story,
    lowered,
    saying,
    seeded,
    with_section,
)  # fmt: skip

_NEEDED = frozenset({"problem", "basis", "summary", "stories", "requirements", "evidence"})


def _hollow(draft: Draft) -> Sequence[Draft]:
    fillers = ("As discussed.", "See the wiki page.", "Nothing to add here for now.")
    return [
        with_section(draft, row, blocks=(TextBlock(text=filler),))
        for row, section in enumerate(draft.sections)
        if section.id in _NEEDED and section.blocks
        for filler in fillers
    ]


def _not_filled(_: Draft, claim: object) -> Iterable[str]:
    text: str = getattr(claim, "text", "")
    for hole in re.findall(r"\{[FQ]\d+\}", text):
        name = hole.strip("{}")
        for shape in (f"{{ {name} }}", f"[{name}]", f"<{name}>", f"{{{name.lower()}}}", f"${name}"):
            yield text.replace(hole, shape, 1)


def _with_criterion(story: StoryBlock, at: int, **changes: tuple[str, ...]) -> tuple[Criterion, ...]:
    changed = story.criteria[at].model_copy(update=changes)
    return (*story.criteria[:at], changed, *story.criteria[at + 1 :])


def _then_says_nothing(story: StoryBlock) -> Iterable[object]:
    for at in range(len(story.criteria)):
        for words in (
            "it does what it is supposed to do",
            "the outcome is the expected one",
            "all is well",
            "things go the way they should",
            "the story is fulfilled",
        ):
            yield _with_criterion(story, at, then=(words,))


def _turned_round(story: StoryBlock) -> Iterable[object]:
    for at, one in enumerate(story.criteria):
        yield _with_criterion(story, at, when=one.then, then=one.when)


def _told_elsewhere(story: StoryBlock) -> Iterable[object]:
    for at in range(len(story.criteria)):
        for words in (
            "see the scenario above",
            "ditto",
            "the same as before",
            "as agreed with the team",
            "cf. the mock-up",
        ):
            yield _with_criterion(story, at, then=(words,))


def _keyword_inside(story: StoryBlock) -> Iterable[object]:
    for at, one in enumerate(story.criteria):
        yield _with_criterion(story, at, given=(f"{one.given[0]}\nWhen {one.when[0]}\nThen {one.then[0]}",))
        yield _with_criterion(story, at, then=(f"Given that I wait, {one.then[0]}",))


def _failure_in_name(story: StoryBlock) -> Iterable[object]:
    happy = [one for one in story.criteria if one.path == "happy"]
    if happy and len(happy) < len(story.criteria):
        yield tuple(
            one
            if one.path == "happy"
            else happy[0].model_copy(update={"path": "failure", "title": one.title})
            for one in story.criteria
        )


def _softened(block: RequirementBlock) -> Iterable[object]:
    for words in ("is going to", "is meant to", "would ideally", "might want to", "can hopefully"):
        yield block.text.replace(" shall ", f" {words} ", 1)


def _dropped_unit(block: RequirementBlock) -> Iterable[object]:
    if block.bound and block.unit:
        yield block.text.replace(f"{block.bound} {block.unit}", block.bound)


def _not_not(block: RequirementBlock) -> Iterable[object]:
    for words in (
        "shall under no circumstances fail to",
        "shall not omit to",
        "shall never do anything other than",
    ):
        yield block.text.replace(" shall ", f" {words} ", 1)


def _escape(block: RequirementBlock) -> Iterable[object]:
    for words in (
        ", as far as time allows.",
        ", budget permitting.",
        " to the extent this is feasible.",
        ", or something along those lines.",
        ", barring the odd exception.",
        ", wherever it makes sense.",
    ):
        yield block.text.rstrip(".") + words


def _to_nowhere(block: RequirementBlock) -> Iterable[object]:
    for words in (
        ", as laid out in section 9.4.",
        " (cf. Appendix C).",
        ", under the conditions of table 12.",
        ", in line with US-88.",
        ", as shown in the figure overleaf.",
        ", per the attached sheet.",
    ):
        yield block.text.rstrip(".") + words


def _joined_wish(story: StoryBlock) -> Iterable[object]:
    for words in (
        ", along with a summary by mail each Monday",
        " while also getting rid of the old menu",
        " plus to invite colleagues from there",
        " – oh, and to undo it, too",
        "; likewise to print the lot",
    ):
        yield story.want + words


def _bare_want(story: StoryBlock) -> Iterable[object]:
    wish = lowered(story.want).removeprefix("to ")
    return (f"I can {wish}", f"I am able to {wish}", f"it becomes possible to {wish}")


PACK: tuple[Seeded, ...] = (
    seeded("section-filled-with-nothing", 0, "schema_sections placeholders", _hollow, "A section that must be there holds a filler."),
    seeded("gap-left-to-fill-in", 0, "placeholders", saying("(insert figure here)", "It is said by ??? of them.", "More on this: t.b.c.", "Source: <name of the customer>.", "XX % of them wait.", "Zahl folgt noch."), "A gap that someone meant to fill stands in the text."),
    seeded("placeholder-not-filled", 0, "placeholders ids_resolve quote_verbatim numbers_bound", in_claim(_not_filled), "A placeholder is written so that nothing fills it."),
    seeded("role-is-a-machine", 0, "story_form", in_story("role", lambda _: ("database", "REST endpoint", "nightly job", "back end", "cron daemon")), "The story is told by a machine."),
    seeded("benefit-repeats-the-wish", 0, "story_form", in_story("benefit", _bare_want), "The benefit is the wish once more."),
    seeded("second-wish-tacked-on", 0, "wish_atomic", in_story("want", _joined_wish), "A second wish hides in the first."),
    seeded("then-is-a-tautology", 0, "measurable_then gherkin vague_words", in_story("criteria", _then_says_nothing), "The outcome is met by anything."),
    seeded("action-and-outcome-change-places", 0, "gherkin measurable_then", in_story("criteria", _turned_round), "What happens is given as what is done, and the other way round."),
    seeded("outcome-is-told-elsewhere", 0, "measurable_then dangling_references placeholders gherkin", in_story("criteria", _told_elsewhere), "The outcome points at something that isn't there."),
    seeded("whole-scenario-in-one-step", 0, "gherkin", in_story("criteria", _keyword_inside), "Keywords stand within a step."),
    seeded("failure-path-in-name-only", 0, "gherkin story_form", in_story("criteria", _failure_in_name), "What is called the failure path is the happy one again."),
    seeded("shall-turned-soft", 0, "requirement_form", in_block(RequirementBlock, "text", _softened), "A requirement no longer binds."),
    seeded("unit-left-out-of-the-sentence", 0, "requirement_form conflicting_bounds numbers_bound", in_block(RequirementBlock, "text", _dropped_unit), "The bound stands there without its unit."),
    seeded("negation-twice-over", 0, "negative_requirements", in_block(RequirementBlock, "text", _not_not), "Two negations make it unclear what is asked."),
    seeded("way-out-in-an-idiom", 0, "escape_clauses", in_block(RequirementBlock, "text", _escape), "A turn of phrase makes the requirement optional."),
    seeded("pointer-to-what-is-not-there", 0, "dangling_references ids_resolve", in_block(RequirementBlock, "text", _to_nowhere), "It refers to a section, table or story that doesn't exist."),
)  # fmt: skip
"""Structure: what a form can check."""
