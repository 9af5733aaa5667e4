"""Seeded faults of the set as a whole, second pack: what no single sentence shows."""

import re
from collections.abc import Iterable, Sequence
from itertools import permutations

from assistant.domain.draft import (
    ClaimsBlock,
    Draft,
    Priority,
    RequirementBlock,
    Stance,
    StoryBlock,
    TableBlock,
    TextBlock,
)  # fmt: skip
from evals.mutators.port import Seeded
from evals.mutators.second_tools import (
    after,
    found,
    in_block,
    in_story,
    lowered,
    seeded,
    with_block,
    with_section,
)  # fmt: skip

_OTHER_WORDS = {
    "board": "canvas", "card": "ticket", "reader": "terminal", "timetable": "roster", "reminder": "nudge", "schedule": "programme",
    "sensor": "probe", "parcel": "package", "depot": "warehouse", "note": "memo", "payment": "transaction", "message": "notification",
    "customer": "client", "mark": "grade", "lesson": "class", "scanner": "camera", "export": "download", "temperature": "heat level",
    "address": "location", "appointment": "booking", "result": "outcome",
}  # fmt: skip
_UNASKED = (
    "The system shall offer a chat bot that greets each new user by name.", "The system shall mirror all entries to a public blockchain.",
    "The system shall come with a smartwatch edition.", "The system shall show advertisements of partners in the sidebar.",
)  # fmt: skip


def _story_retold(draft: Draft) -> Sequence[Draft]:
    def retold(story: StoryBlock, want: str) -> StoryBlock:
        title = f"Have a way {lowered(want)}"
        return story.model_copy(update={"id": "US-41", "title": title, "want": want, "depends_on": ()})

    return [
        after(draft, spot, retold(story, f"{start} {lowered(story.want).removeprefix('to ')}"))
        for spot, story in found(draft, StoryBlock)
        for start in ("to have a chance to", "to be in a position to", "that I may finally")
    ]


def _requirement_retold(draft: Draft) -> Sequence[Draft]:
    return [
        after(
            draft,
            spot,
            block.model_copy(
                update={"id": "FR-61", "text": start + block.text.replace("The system shall", "it shall", 1)}
            ),
        )
        for spot, block in found(draft, RequirementBlock)
        for start in ("When all is set up, ", "On each of the platforms ", "From the first day on, ")
    ]


def _wanted_and_left_out(draft: Draft) -> Sequence[Draft]:
    ways: list[Draft] = []
    for _, story in found(draft, StoryBlock):
        for row, section in enumerate(draft.sections):
            if section.id not in ("non_goals", "assumptions", "questions"):
                continue
            wish = lowered(story.want).removeprefix("to ")
            for words in (
                f"We won't touch this round: {wish}.",
                f"For another day: the chance to {wish}.",
                f"To {wish} stays out of the picture for now.",
                f"Nobody should count on being able to {wish} with this release.",
            ):
                blocks = (*section.blocks, TextBlock(text=words))
                ways.append(with_section(draft, row, blocks=blocks))
    return ways


def _second_bound(draft: Draft) -> Sequence[Draft]:
    made: list[Draft] = []
    for spot, block in found(draft, RequirementBlock):
        if block.bound and block.unit and block.bound in block.text:
            for bound, unit in (("7", "min"), ("90", "ms"), ("half a", "hour")):
                text = block.text.replace(f"{block.bound} {block.unit}", f"{bound} {unit}")
                if text != block.text:
                    more = block.model_copy(
                        update={"id": "NFR-51", "text": text, "bound": bound, "unit": unit}
                    )
                    made.append(after(draft, spot, more))
    return made


def _everything_first(block: RequirementBlock) -> Iterable[object]:
    return (Priority.must,) if block.priority in (Priority.could, Priority.should, Priority.wont) else ()


def _from_nowhere(draft: Draft) -> Sequence[Draft]:
    return [
        after(draft, spot, RequirementBlock(id="FR-71", text=text, priority=Priority.should))
        for spot, _ in found(draft, RequirementBlock)
        for text in _UNASKED
    ]


def _resting_on_a_guess(draft: Draft) -> Sequence[Draft]:
    guesses = [claim.id for claim in draft.claims.values() if claim.stance is Stance.assumption]
    return [
        with_block(draft, spot, claim_ids=names)
        for spot, story in found(draft, StoryBlock)
        for names in ((), *((guess,) for guess in guesses))
        if names != story.claim_ids
    ]


def _waiting_for_itself(draft: Draft) -> Sequence[Draft]:
    held = found(draft, StoryBlock)
    loops = [with_block(draft, spot, depends_on=(story.id,)) for spot, story in held]
    return loops + [
        with_block(with_block(draft, one[0], depends_on=(two[1].id,)), two[0], depends_on=(one[1].id,))
        for one, two in permutations(held, 2)
    ]


def _another_name(story: StoryBlock) -> Iterable[object]:
    for word, other in _OTHER_WORDS.items():
        yield re.sub(rf"\b{word}(?=s?\b)", other, story.want)


def _shown_nowhere(draft: Draft) -> Sequence[Draft]:
    ways: list[Draft] = []
    for spot, block in found(draft, ClaimsBlock):
        for name in block.claim_ids:
            if len(block.claim_ids) > 1 and name in draft.claims and draft.claims[name].quote_ids:
                left = tuple(one for one in block.claim_ids if one != name)
                ways.append(with_block(draft, spot, claim_ids=left))
    return ways


def _brief_goes_on(draft: Draft) -> Sequence[Draft]:
    wishes = (
        "It must also run on a television.", "No colours other than grey, please.",
        "Whatever happens, keep the fax interface.", "Und bitte nichts davon in der Cloud speichern.",
    )  # fmt: skip
    return [
        draft.model_copy(update={"brief": f"{draft.brief.rstrip('.')}. {wish}"})
        for wish in wishes
        if draft.brief
    ]


def _theme_left_out(draft: Draft) -> Sequence[Draft]:
    def cut(spot: tuple[int, int], table: TableBlock) -> Draft:
        less = with_block(draft, spot, rows=table.rows[1:])
        kept = tuple(section for section in less.sections if section.id != "theme-1")
        return less.model_copy(update={"sections": kept})

    return [
        cut(spot, table)
        for spot, table in found(draft, TableBlock)
        if len(table.rows) > 1 and any(section.id == "theme-1" for section in draft.sections)
    ]


PACK: tuple[Seeded, ...] = (
    seeded("story-told-again-in-other-words", 2, "near_duplicate_stories", _story_retold, "Two stories want the same."),
    seeded("requirement-told-again", 2, "near_duplicate_requirements", _requirement_retold, "Two requirements ask for the same."),
    seeded("wanted-here-left-out-there", 2, "scope_contradictions", _wanted_and_left_out, "What a story wants is ruled out elsewhere."),
    seeded("second-bound-in-another-unit", 2, "conflicting_bounds near_duplicate_requirements", _second_bound, "Two bounds for one thing."),
    seeded("priority-inflated", 2, "priority_against_evidence", in_block(RequirementBlock, "priority", _everything_first), "Fewer ask for it, yet it is a must."),
    seeded("requirement-nobody-asked-for", 2, "orphan_stories brief_coverage", _from_nowhere, "A requirement that rests on nothing."),
    seeded("story-resting-on-a-guess", 2, "orphan_stories", _resting_on_a_guess, "A story rests on an assumption or on nothing."),
    seeded("stories-that-wait-for-each-other", 2, "dependency_cycles", _waiting_for_itself, "No story can be first."),
    seeded("thing-under-another-name", 2, "glossary_drift", in_story("want", _another_name), "One thing has two names."),
    seeded("claim-shown-nowhere", 2, "claims_used", _shown_nowhere, "A claim with evidence is dropped in silence."),
    seeded("wish-of-the-brief-forgotten", 2, "brief_coverage", _brief_goes_on, "A sentence of the brief is taken up nowhere."),
    seeded("largest-theme-left-out", 2, "theme_coverage claims_used", _theme_left_out, "The theme of most people is missing."),
)  # fmt: skip
"""The set as a whole."""
