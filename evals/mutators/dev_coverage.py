"""Dev pack, layer 2: what was asked or proven and is left out, and what nobody asked for."""

from collections import Counter
from random import Random

from assistant.domain.draft import ClaimsBlock, Draft, QuotesBlock, Stance, StoryBlock
from evals.mutators.dev_sets import (
    Requirement,
    Story,
    functional,
    next_requirement,
    next_story,
    without_requirements,
)
from evals.mutators.parts import after, blocks_of, kind, stories_of, with_block, with_blocks
from evals.mutators.port import Seeded

_BRIEFED = (
    "It must also work on tablets for the night shift.",
    "The auditors need a signed log of every change.",
    "Guests without an account have to be able to comment.",
    "Everything must be readable by screen readers.",
)
_INVENTED = (
    "The system shall offer a loyalty programme with badges.",
    "The system shall translate every comment into Welsh.",
    "The system shall play a sound when a colleague comes online.",
    "The system shall let administrators choose a seasonal colour theme.",
)
_WANTED = (
    ("Celebrate with confetti", "to celebrate a finished week with confetti", "I enjoy my Friday"),
    ("Share to a social network", "to post my progress to a social network", "I impress my followers"),
    ("Pick a mascot", "to pick a mascot for the team", "I feel at home"),
)


def _forgotten(draft: Draft, _: int, rng: Random) -> Draft:
    """The brief asked for more than the draft says anything about."""
    return draft.model_copy(update={"brief": f"{draft.brief.rstrip('. ')}. {rng.choice(_BRIEFED)}"})


def _speaking(draft: Draft) -> list[int]:
    speaks = any(claim.stance is Stance.supported for claim in draft.claims.values())
    return [0] if speaks and draft.brief.strip() and stories_of(draft) else []


def _invented(draft: Draft, site: Requirement, rng: Random) -> Draft:
    changes = {
        "id": next_requirement(draft, "FR-"),
        "text": rng.choice(_INVENTED),
        "bound": "",
        "unit": "",
        "reason": "",
    }
    return after(draft, site[0], site[1], site[2].model_copy(update=changes))


def _invented_story(draft: Draft, site: Story, rng: Random) -> Draft:
    title, want, benefit = rng.choice(_WANTED)
    changes = {
        "id": next_story(draft),
        "title": title,
        "want": want,
        "benefit": benefit,
        "assumptions": (),
        "depends_on": (),
    }
    return after(draft, site[0], site[1], site[2].model_copy(update=changes))


def _leading(draft: Draft) -> list[Story]:
    held = stories_of(draft)
    return held[:1] if len(held) > 1 else []


def _top_dropped(draft: Draft, site: Story, rng: Random) -> Draft:
    """The most wanted story is left out; what its claims say stays behind unused."""
    told = without_requirements(draft, site, rng)
    blocks = list(told.sections[site[0]].blocks)
    place = next(p for p, block in enumerate(blocks) if getattr(block, "id", "") == site[2].id)
    kept = [
        block.model_copy(update={"depends_on": tuple(n for n in block.depends_on if n != site[2].id)})
        if isinstance(block, StoryBlock)
        else block
        for block in (*blocks[:place], *blocks[place + 1 :])
    ]
    return with_blocks(told, site[0], kept)


def _once_shown(draft: Draft) -> list[tuple[int, int, str]]:
    """(section, place, claim): supported claims that one block alone shows, among others."""
    shown = Counter(name for block in draft.blocks() for name in getattr(block, "claim_ids", ()))
    return [
        (at, place, name)
        for at, place, block in blocks_of(draft, ClaimsBlock)
        for name in block.claim_ids
        if len(block.claim_ids) > 1
        and shown[name] == 1
        and name in draft.claims
        and draft.claims[name].stance is Stance.supported
    ]


def _unused(draft: Draft, site: tuple[int, int, str], rng: Random) -> Draft:
    block = draft.sections[site[0]].blocks[site[1]]
    kept = tuple(name for name in getattr(block, "claim_ids", ()) if name != site[2])
    return with_block(draft, site[0], site[1], claim_ids=kept)


def _listed(draft: Draft) -> list[tuple[int, int, str]]:
    cited = {name for claim in draft.claims.values() for name in (*claim.quote_ids, *claim.counter_quote_ids)}
    return [
        (at, place, name)
        for at, place, block in blocks_of(draft, QuotesBlock)
        for name in block.quote_ids
        if name in cited and len(block.quote_ids) > 1
    ]


def _unlisted(draft: Draft, site: tuple[int, int, str], rng: Random) -> Draft:
    block = draft.sections[site[0]].blocks[site[1]]
    kept = tuple(name for name in getattr(block, "quote_ids", ()) if name != site[2])
    return with_block(draft, site[0], site[1], quote_ids=kept)


COVERAGE: tuple[Seeded, ...] = (
    kind("sentence of the brief forgotten", 2, "brief_coverage", _speaking, _forgotten, "The brief asked for it; the draft is silent."),
    kind("requirement invented", 2, "brief_coverage", functional, _invented, "A requirement that neither the brief nor anybody asked for, with another one's proof."),
    kind("story invented", 2, "brief_coverage", stories_of, _invented_story, "A wish that nobody has, with another one's proof."),
    kind("first story dropped", 2, "coverage claims_used orphans", _leading, _top_dropped, "What most people asked for is left out."),
    kind("claim left unused", 2, "claims_used", _once_shown, _unused, "A proven claim that no part of the draft shows."),
    kind("quote not in the appendix", 2, "claims_used", _listed, _unlisted, "A cited quote that the evidence section doesn't show."),
)  # fmt: skip
