"""Dev pack, layer 4: every part is in its form and has its proof, and what it says is still wrong. For a judge."""

from random import Random

from assistant.domain.draft import Claim, Draft, Stance, StoryBlock
from evals.mutators.parts import (
    Change,
    Sites,
    Slot,
    block_slots,
    claim_slots,
    kind,
    put,
    stories_of,
    with_block,
    with_claim,
)
from evals.mutators.port import Seeded

Pair = tuple[tuple[int, int, StoryBlock], tuple[int, int, StoryBlock]]
_SPOKEN = (
    "speak of",
    "have reported this as a problem",
    "have reported trouble with",
    "say that it works for them",
    "What they name is",
)
_STRONGER = {
    "speak of": "have left because of",
    "have reported this as a problem": "have threatened to leave over this",
    "have reported trouble with": "have lost money through",
    "say that it works for them": "say that nothing should be changed",
    "What they name is": "What they blame on carelessness is",
}
_CAUSES = (
    "It is the last redesign that causes it.",
    "The cause is a shortage of staff in support.",
    "It happens because the servers are in another country.",
    "This is what the competitor's users are spared.",
)
_DESIGN = (
    "by pressing a green button in the upper right corner",
    "through a drop-down list in a modal dialog",
    "with a wizard whose pages slide in from the left",
)


def _strong(draft: Draft) -> list[Slot]:
    return [
        slot for slot in claim_slots(draft, Stance.supported) if any(words in slot.text for words in _SPOKEN)
    ]


def _overstated(draft: Draft, slot: Slot, rng: Random) -> Draft:
    words = rng.choice([words for words in _SPOKEN if words in slot.text])
    return put(draft, slot, slot.text.replace(words, _STRONGER[words], 1))


def _quoting(draft: Draft) -> list[tuple[Claim, Claim]]:
    """Two claims with quotes of their own that their sentences don't show."""
    held = [
        claim
        for slot in claim_slots(draft, Stance.supported)
        for claim in [draft.claims[slot.claim]]
        if claim.quote_ids and not any(f"{{{name}}}" in claim.text for name in claim.quote_ids)
    ]
    return [(a, b) for a in held for b in held if not set(a.quote_ids) & set(b.quote_ids)]


def _exchanged(draft: Draft, pair: tuple[Claim, Claim], rng: Random) -> Draft:
    told = with_claim(draft, pair[0].id, quote_ids=pair[1].quote_ids)
    return with_claim(told, pair[1].id, quote_ids=pair[0].quote_ids)


def _pairs(draft: Draft) -> list[Pair]:
    held = stories_of(draft)
    return [(a, b) for place, a in enumerate(held) for b in held[place + 1 :]]


def _swapped(field: str) -> Change[Pair]:
    def change(draft: Draft, pair: Pair, rng: Random) -> Draft:
        one, other = pair
        told = with_block(draft, one[0], one[1], **{field: getattr(other[2], field)})
        return with_block(told, other[0], other[1], **{field: getattr(one[2], field)})

    return change


def _differing(field: str) -> Sites[Pair]:
    return lambda draft: [
        pair for pair in _pairs(draft) if getattr(pair[0][2], field) != getattr(pair[1][2], field)
    ]


def _assumed(draft: Draft) -> list[tuple[int, int, StoryBlock]]:
    return [site for site in stories_of(draft) if site[2].assumptions]


def _caused(draft: Draft, slot: Slot, rng: Random) -> Draft:
    return put(draft, slot, f"{slot.text} {rng.choice(_CAUSES)}")


MEANING: tuple[Seeded, ...] = (
    kind("claim overstated", 4, "judge", _strong, _overstated, "The sentence says more than its quotes do."),
    kind("cause made up", 4, "judge", lambda d: claim_slots(d, Stance.supported), _caused, "A cause that nobody named stands beside the proof."),
    kind("quotes beside the point", 4, "judge", _quoting, _exchanged, "True quotes that speak of something else."),
    kind("criteria of another story", 4, "judge", _differing("criteria"), _swapped("criteria"), "The criteria test another story."),
    kind("reason of another story", 4, "judge", _differing("benefit"), _swapped("benefit"), "The reason doesn't follow from the wish."),
    kind("role of another story", 4, "judge", _differing("role"), _swapped("role"), "Somebody else wants it."),
    kind("story on another's proof", 4, "judge", _differing("claim_ids"), _swapped("claim_ids"), "The story rests on claims about another need."),
    kind("guess sold as heard", 4, "judge", _assumed, lambda d, s, _: with_block(d, s[0], s[1], assumptions=()), "What was assumed is no longer marked as such."),
    kind("wish is a design", 4, "judge", lambda d: block_slots(d, {"story"}, "want"), lambda d, s, rng: put(d, s, f"{s.text} {rng.choice(_DESIGN)}"), "The story prescribes the screen."),
)  # fmt: skip
