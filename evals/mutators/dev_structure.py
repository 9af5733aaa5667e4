"""Dev pack, layer 0: what is left out, left over, or put together wrongly."""

from random import Random

from assistant.domain.draft import (
    Block,
    ClaimsBlock,
    Draft,
    RequirementBlock,
    Section,
    Stance,
    StoryBlock,
    TextBlock,
)
from evals.mutators.parts import (
    Slot,
    all_slots,
    behind,
    block_slots,
    blocks_of,
    claim_slots,
    kind,
    put,
    requirements_of,
    sections_with,
    stories_of,
    used_facts,
    with_block,
    with_blocks,
    with_claim,
    with_section,
)
from evals.mutators.port import Seeded

_NEEDED = (
    *("problem", "who", "goals", "stories", "requirements", "risks"),
    *("basis", "summary", "themes", "ask", "evidence"),
)
_LEFT = ("TBD", "TODO: ask sales", "[insert reason here]", "to be determined", "XXX")
_FILLER = (
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit.",
    "(add description)",
    "<placeholder>",
    "???",
    "____",
)
_BRACES = ("See {{product_name}}.", "See {link}.", "See ${section}.")
_EMPTY = ("N/A", "—", "n/a", "None.", "...")
_SENTENCES = {"text", "risk", "question"}


def _needed(draft: Draft) -> list[int]:
    """Sections that a draft with something to say must have."""
    speaks = any(claim.stance in (Stance.supported, Stance.contradicted) for claim in draft.claims.values())
    enough = draft.provenance.parameters.get("enough_evidence") is not False
    return sections_with(draft, _NEEDED) if speaks and enough else []


def _twice(draft: Draft, at: int, rng: Random) -> Draft:
    held = draft.sections[at]
    again = Section(id=held.id, title=held.title, blocks=(TextBlock(text="As above."),))
    return with_section(draft, at, held, again)


def _later(blocks: list[tuple[int, int, StoryBlock]] | list[tuple[int, int, RequirementBlock]]) -> list[tuple[int, int, str]]:  # fmt: skip
    """Each but the first, with the id of the one before it."""
    return [(at, place, blocks[number][2].id) for number, (at, place, _) in enumerate(blocks[1:])]


def _odd_id(draft: Draft, at: tuple[int, int, Block], rng: Random) -> Draft:
    number = rng.randint(1, 9)
    odd = (f"US{number}.1", f"Story {number}", f"US-{number}a", f"us-{number}", "US-")
    return with_block(draft, at[0], at[1], id=rng.choice(odd))


def _proofs(draft: Draft) -> list[tuple[str, str]]:
    """(claim, fact) where the claim's text shows the fact's placeholder."""
    return [
        (slot.claim, name)
        for slot in claim_slots(draft, Stance.supported)
        for name in draft.claims[slot.claim].fact_ids
        if f"{{{name}}}" in slot.text
    ]


def _unlisted(draft: Draft, site: tuple[str, str], rng: Random) -> Draft:
    held = draft.claims[site[0]].fact_ids
    return with_claim(draft, site[0], fact_ids=tuple(name for name in held if name != site[1]))


def _unknown_fact(draft: Draft, site: tuple[str, str], rng: Random) -> Draft:
    claim = draft.claims[site[0]]
    text = claim.text.replace(f"{{{site[1]}}}", "{F998}", 1)
    return with_claim(draft, claim.id, text=text, fact_ids=(*claim.fact_ids, "F998"))


def _short(draft: Draft, slot: Slot, rng: Random) -> Draft:
    half = slot.text[: len(slot.text) // 2].rsplit(" ", 1)[0]
    return put(draft, slot, f"{half.rstrip(',;: ')} …")


STRUCTURE: tuple[Seeded, ...] = (
    kind("section emptied", 0, "schema_sections", _needed, lambda d, at, _: with_blocks(d, at, ()),
         "A section that the kind asks for stands there with nothing in it."),
    kind("section dropped", 0, "schema_sections", _needed, lambda d, at, _: with_section(d, at),
         "A section that the kind asks for is gone."),
    kind("section says nothing", 0, "schema_sections placeholders", _needed,
         lambda d, at, rng: with_blocks(d, at, (TextBlock(text=rng.choice(_EMPTY)),)),
         "A section is filled with 'N/A' or a dash."),
    kind("section twice", 0, "schema_sections", _needed, _twice, "A section stands there twice."),
    kind("section title lost", 0, "schema_sections", lambda d: [at for at, s in enumerate(d.sections) if s.title],
         lambda d, at, _: with_section(d, at, d.sections[at].model_copy(update={"title": " "})),
         "A section has no title."),
    kind("left over", 0, "placeholders", lambda d: block_slots(d, {"story", "risk", "requirement"}, "benefit", "mitigation", "reason"),
         lambda d, slot, rng: put(d, slot, rng.choice(_LEFT)), "'TBD' where a reason should stand."),
    kind("filler text", 0, "placeholders", lambda d: block_slots(d, _SENTENCES, "text"),
         lambda d, slot, rng: put(d, slot, behind(slot.text, rng.choice(_FILLER))), "Lorem ipsum, or a bracket to fill in."),
    kind("template braces", 0, "placeholders", lambda d: block_slots(d, _SENTENCES, "text"),
         lambda d, slot, rng: put(d, slot, behind(slot.text, rng.choice(_BRACES))), "A template's variable that nobody filled."),
    kind("sentence broken off", 0, "placeholders", lambda d: block_slots(d, {"risk", "requirement", "question"}, "text"),
         _short, "A sentence ends in the middle."),
    kind("story id twice", 0, "schema_sections", lambda d: _later(stories_of(d)),
         lambda d, site, _: with_block(d, site[0], site[1], id=site[2]), "Two stories have one id."),
    kind("requirement id twice", 0, "schema_sections", lambda d: _later(requirements_of(d)),
         lambda d, site, _: with_block(d, site[0], site[1], id=site[2]), "Two requirements have one id."),
    kind("story id malformed", 0, "schema_sections", stories_of, _odd_id, "A story's id isn't one."),
    kind("claim id dangling", 0, "ids_resolve", lambda d: blocks_of(d, ClaimsBlock),
         lambda d, site, _: with_block(d, site[0], site[1], claim_ids=(*site[2].claim_ids, "C998")), "A block shows a claim that doesn't exist."),
    kind("story rests on no such claim", 0, "ids_resolve", stories_of,
         lambda d, site, _: with_block(d, site[0], site[1], claim_ids=("C998",)), "A story rests on a claim that doesn't exist."),
    kind("quote id dangling", 0, "ids_resolve", lambda d: claim_slots(d, Stance.supported),
         lambda d, slot, _: with_claim(d, slot.claim, quote_ids=(*d.claims[slot.claim].quote_ids, "Q998")), "A claim cites a quote that doesn't exist."),
    kind("fact id dangling", 0, "ids_resolve", _proofs, _unknown_fact, "A sentence shows a number that doesn't exist."),
    kind("fact not listed", 0, "ids_resolve", _proofs, _unlisted, "A sentence shows a number that its claim doesn't list."),
    kind("requirement of no such story", 0, "ids_resolve", requirements_of,
         lambda d, site, _: with_block(d, site[0], site[1], story_ids=("US-998",)), "A requirement comes from a story that doesn't exist."),
    kind("dependency dangling", 0, "ids_resolve", stories_of,
         lambda d, site, _: with_block(d, site[0], site[1], depends_on=("US-998",)), "A story depends on one that doesn't exist."),
    kind("story depends on itself", 0, "ids_resolve", stories_of,
         lambda d, site, _: with_block(d, site[0], site[1], depends_on=(site[2].id,)), "A story waits for itself."),
    kind("selection lost", 0, "ids_resolve numbers_recomputed",
         lambda d: used_facts(d, lambda f: f.filter.selection is not None),
         lambda d, site, _: d.model_copy(update={"selections": {k: s for k, s in d.selections.items() if k != site[1].filter.selection}}),
         "A number counts over a group that isn't kept, so nobody can count again."),
    kind("braces around nothing", 0, "placeholders ids_resolve", all_slots,
         lambda d, slot, _: put(d, slot, f"{slot.text} {{}}"), "Braces with nothing in them."),
)  # fmt: skip
