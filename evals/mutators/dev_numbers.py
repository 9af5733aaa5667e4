"""Dev pack, layer 1: numbers, amounts, trends and comparisons that the writer typed, or bound to something else."""

import re
from collections.abc import Callable
from random import Random

from assistant.domain.draft import Draft, MetricBlock, Stance
from assistant.domain.fact import Fact, Measure
from evals.mutators.parts import (
    Slot,
    behind,
    block_slots,
    blocks_of,
    claim_slots,
    kind,
    put,
    requirements_of,
    stories_of,
    with_block,
    with_claim,
    world_slots,
)
from evals.mutators.port import Seeded

Held = tuple[str, str]
"""(claim, fact)."""
_PEOPLE = re.compile(r"\{(F\d+)\} people\b")
_COUNTED = {Measure.people, Measure.records, Measure.accounts}
_MOST = (
    "Most people",
    "Nearly everyone",
    "The majority of users",
    "Almost all teams",
    "Many people",
    "Hardly anyone",
)
_WORDS = (
    "Dozens of people say so.",
    "About a third of them left.",
    "That is twenty-three cases.",
    "Hundreds are waiting for it.",
    "One in four asks for it.",
    "Half of them have given up.",
)
_TRENDS = (
    "Complaints about it are rising.",
    "It gets worse every month.",
    "It has been growing for weeks.",
    "More and more people write about it.",
    "The number of reports has fallen since.",
    "Reports have doubled.",
)
_AHEAD = (
    "It is the top problem of all.",
    "It is named more often than anything else.",
    "It is the most frequent request.",
    "No other problem is as common.",
    "It outranks every other need.",
)
_DIGITS = (
    "About 1,200 users are affected.",
    "It costs 45 minutes a day.",
    "That is 73 % of them.",
    "We lose 12 accounts a month over it.",
    "It has happened 3 times this week.",
)


def _unranked(draft: Draft) -> list[Slot]:
    """Nothing, where the draft has a first rank that may license it."""
    first = any(f.measure is Measure.rank_by_people and f.value == 1 for f in draft.facts.values())
    return [] if first else world_slots(draft)


def _add(sentences: tuple[str, ...]) -> Callable[[Draft, Slot, Random], Draft]:
    return lambda draft, slot, rng: put(draft, slot, behind(slot.text, rng.choice(sentences)))


def _held(draft: Draft, test: Callable[[Fact], bool]) -> list[Held]:
    """(claim, fact) where a shown sentence has the fact's placeholder."""
    return [
        (slot.claim, name)
        for slot in claim_slots(draft, Stance.supported, Stance.contradicted)
        for name in draft.claims[slot.claim].fact_ids
        if f"{{{name}}}" in slot.text and name in draft.facts and test(draft.facts[name])
    ]


def _unbound(draft: Draft, site: Held, rng: Random) -> Draft:
    claim, fact = draft.claims[site[0]], draft.facts[site[1]]
    return with_claim(draft, claim.id, text=claim.text.replace(f"{{{fact.id}}}", fact.display, 1))


def _unbound_wrong(draft: Draft, site: Held, rng: Random) -> Draft:
    claim, fact = draft.claims[site[0]], draft.facts[site[1]]
    typed = f"{int(fact.value) * 2 + rng.randint(1, 9)}"
    return with_claim(draft, claim.id, text=claim.text.replace(f"{{{fact.id}}}", typed, 1))


def _pairs(draft: Draft, alike: Callable[[Fact, Fact], bool]) -> list[tuple[Held, str]]:
    """((claim, fact), other fact) that a writer may mix up."""
    return [
        (site, name)
        for site in _held(draft, lambda fact: fact.measure in _COUNTED)
        for name, other in draft.facts.items()
        if name != site[1]
        and other.value != draft.facts[site[1]].value
        and alike(draft.facts[site[1]], other)
    ]


def _other_unit(draft: Draft) -> list[tuple[Held, str]]:
    return _pairs(draft, lambda one, other: other.measure in _COUNTED and one.measure is not other.measure)


def _other_group(draft: Draft) -> list[tuple[Held, str]]:
    def alike(one: Fact, other: Fact) -> bool:
        return one.measure is other.measure and one.filter.selection != other.filter.selection

    return [(site, name) for site, name in _pairs(draft, alike) if not _two_sides(draft, site, name)]


def _two_sides(draft: Draft, site: Held, name: str) -> bool:
    """`{F1} people against {F2} people` says the same with its sides exchanged: that is no defect."""
    numbers = rf"\{{(?:{site[1]}|{name})\}}"
    return re.search(rf"{numbers} \w+ against {numbers}", draft.claims[site[0]].text) is not None


def _other_time(draft: Draft) -> list[tuple[Held, str]]:
    def alike(one: Fact, other: Fact) -> bool:
        same = one.measure is other.measure and one.filter.selection == other.filter.selection
        return same and one.filter.scope != other.filter.scope

    return _pairs(draft, alike)


def _bound_to(draft: Draft, site: tuple[Held, str], rng: Random) -> Draft:
    (name, fact), other = site
    claim = draft.claims[name]
    text = (
        claim.text.replace(f"{{{fact}}}", "{\0}")
        .replace(f"{{{other}}}", f"{{{fact}}}")
        .replace("{\0}", f"{{{other}}}")
    )
    return with_claim(draft, name, text=text, fact_ids=tuple(dict.fromkeys((*claim.fact_ids, other))))


def _told(pattern: re.Pattern[str]) -> Callable[[Draft], list[Slot]]:
    return lambda draft: [slot for slot in claim_slots(draft, Stance.supported) if pattern.search(slot.text)]


def _noun(draft: Draft, slot: Slot, rng: Random) -> Draft:
    noun = rng.choice(("companies", "teams", "paying customers", "admins", "million people", "% of people"))
    return put(draft, slot, _PEOPLE.sub(rf"{{\1}} {noun}", slot.text, count=1))


def _hedged(draft: Draft, slot: Slot, rng: Random) -> Draft:
    hedge = rng.choice(("more than", "over", "nearly", "almost", "just under", "another"))
    return put(draft, slot, _PEOPLE.sub(rf"{hedge} {{\1}} people", slot.text, count=1))


def _typed_time(draft: Draft, slot: Slot, rng: Random) -> Draft:
    when = rng.choice(("this week alone", "in a single day", "in the last two weeks", "since Monday"))
    return put(draft, slot, _PEOPLE.sub(rf"{{\1}} people {when}", slot.text, count=1))


def _most(draft: Draft, slot: Slot, rng: Random) -> Draft:
    return put(
        draft,
        slot,
        behind(
            slot.text, f"{rng.choice(_MOST)} {rng.choice(('need this', 'say the same', 'are affected'))}."
        ),
    )


def _all_customers(draft: Draft, slot: Slot, rng: Random) -> Draft:
    wider = rng.choice(("of all customers", "of the whole market", "of all users"))
    return put(draft, slot, re.sub(r"\bof everyone(?: who wrote)?\b", wider, slot.text, count=1))


def _in_title(draft: Draft, _: int, rng: Random) -> Draft:
    return draft.model_copy(
        update={
            "title": rng.choice(
                (
                    f"What {rng.randint(51, 99)} % of users want",
                    f"{draft.title}: {rng.randint(2, 9)} reasons",
                    f"Why most people ask for {draft.brief or 'it'}",
                )
            )
        }
    )


def _in_step(draft: Draft, site: tuple[int, int, int], rng: Random) -> Draft:
    block = draft.sections[site[0]].blocks[site[1]]
    criteria = list(getattr(block, "criteria", ()))
    then = (*criteria[site[2]].then, f"it takes less than {rng.randint(2, 90)} seconds")
    criteria[site[2]] = criteria[site[2]].model_copy(update={"then": then, "note": ""})
    return with_block(draft, site[0], site[1], criteria=tuple(criteria))


def _steps(draft: Draft) -> list[tuple[int, int, int]]:
    return [
        (at, place, number) for at, place, story in stories_of(draft) for number in range(len(story.criteria))
    ]


def _bounded(draft: Draft) -> list[tuple[int, int]]:
    return [(at, place) for at, place, one in requirements_of(draft) if one.bound_proposed and one.bound]


def _metrics(draft: Draft) -> list[tuple[int, int, MetricBlock]]:
    return blocks_of(draft, MetricBlock)


def _reasons(draft: Draft) -> list[Slot]:
    return block_slots(draft, {"requirement"}, "reason")


NUMBERS: tuple[Seeded, ...] = (
    kind("number typed", 1, "numbers_bound", lambda d: _held(d, lambda f: any(map(str.isdigit, f.display))), _unbound, "The right number, typed: nobody can count it again."),
    kind("number typed wrong", 1, "numbers_bound", lambda d: _held(d, lambda f: f.measure in _COUNTED), _unbound_wrong, "Another number in place of the counted one."),
    kind("number invented", 1, "numbers_bound", world_slots, _add(_DIGITS), "A number that nobody counted."),
    kind("number word", 1, "numbers_bound", world_slots, _add(_WORDS), "A number in words that nobody counted."),
    kind("most", 1, "numbers_bound", world_slots, _most, "'Most people' without a share."),
    kind("trend", 1, "numbers_bound", world_slots, _add(_TRENDS), "'Rising' without two counts."),
    kind("comparison", 1, "numbers_bound", _unranked, _add(_AHEAD), "'The top problem' without a rank."),
    kind("number of another unit", 1, "numbers_bound", _other_unit, _bound_to, "The number of accounts stands where people are told of."),
    kind("number of another group", 1, "numbers_bound", _other_group, _bound_to, "The number of another need stands in the sentence."),
    kind("number of another time", 1, "numbers_bound", _other_time, _bound_to, "The numbers of before and after are exchanged."),
    kind("noun beside a number", 1, "numbers_bound", _told(_PEOPLE), _noun, "People are sold as companies."),
    kind("hedge before a number", 1, "numbers_bound", _told(_PEOPLE), _hedged, "'More than' before an exact count."),
    kind("time beside a number", 1, "numbers_bound", _told(_PEOPLE), _typed_time, "A count of months is sold as one of this week."),
    kind("whole widened in words", 1, "numbers_bound", _told(re.compile(r"\bof everyone\b")), _all_customers, "A share of those who wrote is sold as one of all customers."),
    kind("number in the title", 1, "numbers_bound", lambda d: [0], _in_title, "The title states what nobody counted."),
    kind("number in a step", 1, "numbers_bound", _steps, _in_step, "A bound in a criterion that nobody marked as a proposal."),
    kind("bound as if it were known", 1, "numbers_bound", _bounded, lambda d, s, _: with_block(d, s[0], s[1], bound_proposed=False), "A proposed bound is sold as a fact."),
    kind("baseline typed", 1, "numbers_bound", _metrics, lambda d, s, rng: with_block(d, s[0], s[1], baseline=f"{rng.randint(2, 97)}"), "A baseline that nobody measured."),
    kind("reason with a number", 1, "numbers_bound", _reasons, lambda d, s, rng: put(d, s, f"{rng.randint(20, 400)} people"), "A priority rests on a number that nobody counted."),
    kind("reason with a word", 1, "numbers_bound", _reasons, lambda d, s, rng: put(d, s, rng.choice(("most people ask for it", "a growing problem", "the most common complaint"))), "A priority rests on 'most people'."),
)  # fmt: skip
