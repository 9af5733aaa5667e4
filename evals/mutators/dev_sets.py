"""Dev pack, layer 2: parts that are fine by themselves and wrong together."""

import re
from random import Random

from assistant.domain.draft import (
    Claim,
    ClaimsBlock,
    Draft,
    Priority,
    RequirementBlock,
    Stance,
    StoryBlock,
)
from assistant.domain.fact import Measure
from evals.mutators.parts import (
    after,
    blocks_of,
    free_id,
    kind,
    plus_claim,
    requirements_of,
    stories_of,
    with_block,
)
from evals.mutators.port import Seeded

Story = tuple[int, int, StoryBlock]
Requirement = tuple[int, int, RequirementBlock]
_LIGHT = {
    "export": "save",
    "see": "view",
    "open": "bring up",
    "get": "receive",
    "keep": "retain",
    "find": "locate",
    "be": "get",
    "use": "work with",
}
_OTHER_NAMES = {
    "board": "canvas",
    "boards": "canvases",
    "card": "note",
    "cards": "notes",
    "drawings": "blueprints",
    "file": "dossier",
    "files": "dossiers",
    "import": "intake",
    "lesson": "session",
    "notice": "bulletin",
    "payment": "transaction",
    "plant": "shrub",
    "reader": "terminal",
    "reminder": "nudge",
    "reminders": "nudges",
    "scanner": "detector",
    "search": "lookup",
    "theme": "skin",
    "timetable": "roster",
}


def _stories(draft: Draft) -> list[Story]:
    return stories_of(draft)


def _pairs(draft: Draft) -> list[tuple[Story, Story]]:
    held = stories_of(draft)
    return [(one, other) for one in held for other in held if one[2].id != other[2].id]


def next_story(draft: Draft) -> str:
    """The next free id of a story."""
    return free_id((story.id for _, _, story in stories_of(draft)), "US-")


def _copied(draft: Draft, site: Story, rng: Random) -> Draft:
    story = site[2].model_copy(
        update={"id": next_story(draft), "title": f"{site[2].title} as well", "depends_on": ()}
    )
    return after(draft, site[0], site[1], story)


def _copied_loosely(draft: Draft, site: Story, rng: Random) -> Draft:
    """The same wish in the words of somebody who hadn't read the first."""
    _, _, verb, *rest = ("", *site[2].want.split(" "))
    want = " ".join(("to", _LIGHT.get(verb, f"easily {verb}"), *rest))
    changes = {
        "id": next_story(draft),
        "title": f"Another way: {site[2].title}",
        "want": want,
        "depends_on": (),
    }
    return after(draft, site[0], site[1], site[2].model_copy(update=changes))


def _non_goals(draft: Draft) -> list[tuple[tuple[int, int], Story]]:
    homes = [
        (at, place) for at, place, _ in blocks_of(draft, ClaimsBlock) if draft.sections[at].id == "non_goals"
    ]
    return [(home, story) for home in homes for story in stories_of(draft)]


def _clash(draft: Draft, site: tuple[tuple[int, int], Story], rng: Random) -> Draft:
    wish = site[1][2].want.removeprefix("to ")
    text = rng.choice((f"To {wish}: not part of this.", f"{wish[:1].upper()}{wish[1:]} is left out for now."))
    return plus_claim(
        draft, site[0], Claim(id=free_id(draft.claims, "C"), text=text, stance=Stance.assumption)
    )


def next_requirement(draft: Draft, prefix: str) -> str:
    """The next free id of a requirement. Args: prefix: `FR-` or `NFR-`."""
    return free_id((one.id for _, _, one in requirements_of(draft)), prefix)


def _denied(draft: Draft, site: Requirement, rng: Random) -> Draft:
    text = site[2].text.replace(" shall ", " shall not ", 1)
    changes = {"id": next_requirement(draft, "FR-"), "text": text}
    return after(draft, site[0], site[1], site[2].model_copy(update=changes))


def functional(draft: Draft) -> list[Requirement]:
    """(section, place, requirement) of the functional ones that say shall."""
    return [
        site for site in requirements_of(draft) if " shall " in site[2].text and site[2].id.startswith("FR")
    ]


def _bounded(draft: Draft) -> list[Requirement]:
    return [
        site for site in requirements_of(draft) if site[2].bound.isdigit() and site[2].bound in site[2].text
    ]


def _other_bound(draft: Draft, site: Requirement, rng: Random) -> Draft:
    held = site[2]
    bound = str(int(held.bound) * rng.choice((2, 5, 10)))
    changes = {
        "id": next_requirement(draft, "NFR-"),
        "bound": bound,
        "text": held.text.replace(held.bound, bound, 1),
    }
    return after(draft, site[0], site[1], held.model_copy(update=changes))


def without_requirements(draft: Draft, site: Story, rng: Random) -> Draft:
    """No requirement comes from the story any more; those that came from it alone go with it."""
    sections = []
    for section in draft.sections:
        kept = []
        for block in section.blocks:
            if isinstance(block, RequirementBlock) and site[2].id in block.story_ids:
                rest = tuple(name for name in block.story_ids if name != site[2].id)
                if not rest:
                    continue
                block = block.model_copy(update={"story_ids": rest})
            kept.append(block)
        sections.append(section.model_copy(update={"blocks": tuple(kept)}))
    return draft.model_copy(update={"sections": tuple(sections)})


def _covered(draft: Draft) -> list[Story]:
    """Stories that requirements come from, where others keep the section filled."""
    own = {
        name: {one.id for _, _, one in requirements_of(draft) if name in one.story_ids}
        for _, _, story in stories_of(draft)
        for name in [story.id]
    }
    return [
        site
        for site in stories_of(draft)
        if own[site[2].id] and len(requirements_of(draft)) > len(own[site[2].id])
    ]


def _cycle(draft: Draft, site: tuple[Story, Story], rng: Random) -> Draft:
    one, other = site
    first = with_block(draft, one[0], one[1], depends_on=(other[2].id,))
    return with_block(first, other[0], other[1], depends_on=(one[2].id,))


def _ring(draft: Draft, _: int, rng: Random) -> Draft:
    held = stories_of(draft)
    for number, (at, place, _story) in enumerate(held):
        draft = with_block(draft, at, place, depends_on=(held[(number + 1) % len(held)][2].id,))
    return draft


def _people(draft: Draft, claim_ids: tuple[str, ...]) -> int:
    facts = [
        draft.facts[name]
        for key in claim_ids
        if key in draft.claims
        for name in draft.claims[key].fact_ids
        if name in draft.facts and draft.facts[name].measure is Measure.people
    ]
    return max((int(fact.value) for fact in facts), default=0)


def _unequal(draft: Draft) -> list[tuple[Requirement, Requirement]]:
    """(stronger, weaker): the stronger rests on twice as many people at least."""
    held = [site for site in requirements_of(draft) if not site[2].id.startswith("NFR")]
    return [
        (one, other)
        for one in held
        for other in held
        if (few := _people(draft, other[2].claim_ids)) and _people(draft, one[2].claim_ids) >= 2 * few
    ]


def _priority_turned(draft: Draft, site: tuple[Requirement, Requirement], rng: Random) -> Draft:
    strong, weak = site
    first = with_block(draft, strong[0], strong[1], priority=Priority.could)
    return with_block(first, weak[0], weak[1], priority=Priority.must)


def _must_on_one(draft: Draft, site: Requirement, rng: Random) -> Draft:
    """A must that rests on nothing but one quote."""
    name = next(name for claim in draft.claims.values() for name in claim.quote_ids if name in draft.quotes)
    claim = Claim(
        id=free_id(draft.claims, "C"),
        text=f"One of them puts it so: {{{name}}}",
        stance=Stance.supported,
        quote_ids=(name,),
    )
    at = blocks_of(draft, ClaimsBlock)[0]
    told = plus_claim(draft, (at[0], at[1]), claim)
    return with_block(
        told, site[0], site[1], claim_ids=(claim.id,), story_ids=(), priority=Priority.must, reason=""
    )


def _quoted_requirements(draft: Draft) -> list[Requirement]:
    held = any(name in draft.quotes for claim in draft.claims.values() for name in claim.quote_ids)
    return functional(draft) if held and blocks_of(draft, ClaimsBlock) else []


def _terms(draft: Draft) -> list[tuple[Story, str]]:
    """(story, thing) where the brief or another story calls it the same."""
    held = stories_of(draft)
    said = [set(re.findall(r"\w+", f"{story.title} {story.want}".lower())) for _, _, story in held]
    asked = set(re.findall(r"\w+", draft.brief.lower()))
    return [
        (site, word)
        for place, site in enumerate(held)
        for word in _OTHER_NAMES
        if word in said[place]
        and (word in asked or any(word in words for number, words in enumerate(said) if number != place))
    ]


def _drifted(draft: Draft, site: tuple[Story, str], rng: Random) -> Draft:
    """One story calls by another name what the others keep calling by the first."""
    (section, place, story), word = site
    changes = {
        name: re.sub(rf"\b{word}\b", _OTHER_NAMES[word], getattr(story, name), flags=re.IGNORECASE)
        for name in ("title", "want", "benefit")
    }
    return with_block(draft, section, place, **changes)


def _too_many(draft: Draft, _: int, rng: Random) -> Draft:
    return draft.model_copy(update={"max_items": len(stories_of(draft)) - 1})


SETS: tuple[Seeded, ...] = (
    kind("story copied", 2, "near_duplicate_stories", _stories, _copied, "A story stands there twice under two ids."),
    kind("story said again", 2, "near_duplicate_stories", _stories, _copied_loosely, "The same wish in slightly other words."),
    kind("story among the non-goals", 2, "scope_contradictions", _non_goals, _clash, "What a story asks for is said to be left out."),
    kind("requirement denied", 2, "scope_contradictions conflicting_bounds negative_requirements", functional, _denied, "One requirement asks for what another forbids."),
    kind("two bounds for one thing", 2, "conflicting_bounds", _bounded, _other_bound, "Two requirements give two bounds for the same quality."),
    kind("story without requirement", 2, "orphan_stories", _covered, without_requirements, "No requirement comes from the story."),
    kind("two stories wait for each other", 2, "dependency_cycles", _pairs, _cycle, "Neither can be begun."),
    kind("stories wait in a ring", 2, "dependency_cycles", lambda d: [0] if len(stories_of(d)) > 2 else [], _ring, "None can be begun."),
    kind("priority against the people", 2, "priority_against_evidence", _unequal, _priority_turned, "What few ask for is a must, what many ask for can wait."),
    kind("must on one voice", 2, "priority_against_evidence", _quoted_requirements, _must_on_one, "A must that a single person asked for."),
    kind("another word for the same", 2, "glossary_drift", _terms, _drifted, "One story calls a thing by another name than the rest."),
    kind("more stories than asked for", 0, "schema_sections", lambda d: [0] if len(stories_of(d)) > 1 else [], _too_many, "More items than the person wanted to read."),
)  # fmt: skip
