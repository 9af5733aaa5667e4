"""Seeded faults of number, second pack: amounts in idioms and words, facts bent, units and dates exchanged."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from assistant.domain.draft import Claim, Draft
from assistant.domain.fact import Fact, Measure
from evals.mutators.port import Seeded
from evals.mutators.second_tools import (
    counted,
    in_claim,
    in_fact,
    proven,
    saying,
    seeded,
    with_claim,
)  # fmt: skip

_BELOW_TWENTY = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_COUNTS = (Measure.people, Measure.accounts, Measure.records)
_SHARES = (Measure.share_of_people, Measure.share_of_records)
_UNITS = {
    "people": ("accounts", "companies", "households", "teams"),
    "accounts": ("people", "users", "countries"),
}


def _in_words(number: int) -> str:
    if number < 20:
        return _BELOW_TWENTY[number]
    if number < 100:
        return _TENS[number // 10 - 2] + (f"-{_BELOW_TWENTY[number % 10]}" if number % 10 else "")
    return f"{_in_words(number // 100)} hundred" if number < 1000 else "a few thousand"


def _counts(draft: Draft, claim: Claim) -> list[tuple[str, int]]:
    return [(hole, int(fact.value)) for hole, fact in counted(draft, claim.text, *_COUNTS)]


def _rounded(draft: Draft, claim: Claim) -> Iterable[str]:
    for hole, number in _counts(draft, claim):
        up = (number // 10 + 1) * 10
        for words in (f"nearly {_in_words(up)}", f"close to {up}", f"{up}-odd", f"getting on for {up}"):
            yield claim.text.replace(hole, words, 1)


def _as_fraction(draft: Draft, claim: Claim) -> Iterable[str]:
    parts = {
        "a tenth": 0.1,
        "a third": 1 / 3,
        "two thirds": 2 / 3,
        "every other one": 0.5,
        "nine in ten": 0.9,
    }
    for hole, fact in counted(draft, claim.text, *_SHARES):
        for words, share in parts.items():
            if abs(share - float(fact.value)) > 0.1:
                yield claim.text.replace(hole, words, 1)


def _other_unit(_: Draft, claim: Claim) -> Iterable[str]:
    for match in re.finditer(r"(\{F\d+\}) (people|accounts)\b", claim.text):
        for unit in _UNITS[match[2]]:
            yield claim.text[: match.start(2)] + unit + claim.text[match.end(2) :]


def _of_another_need(draft: Draft) -> Sequence[Draft]:
    ways: list[Draft] = []
    for claim in proven(draft):
        for hole, fact in counted(draft, claim.text, *_COUNTS):
            for other in draft.facts.values():
                if (
                    other.measure is fact.measure
                    and other.filter != fact.filter
                    and other.value != fact.value
                ):
                    facts = tuple(other.id if name == fact.id else name for name in claim.fact_ids)
                    changes: dict[str, Any] = {
                        "text": claim.text.replace(hole, f"{{{other.id}}}"),
                        "fact_ids": facts,
                    }
                    ways.append(with_claim(draft, claim.id, **changes))
    return ways


def _added_up(draft: Draft) -> Sequence[Draft]:
    whole = [int(fact.value) for fact in draft.facts.values() if fact.measure is Measure.people]
    return [
        with_claim(draft, claim.id, text=f"{claim.text} {words}")
        for claim in proven(draft)
        for one, two in pairwise(whole)
        for words in (
            f"Taken together that is {_in_words(one + two)} people.",
            f"All in all, {one + two} of them.",
        )
        if one and two
    ]


def _counted_twice(fact: Fact) -> Iterable[dict[str, Any]]:
    if fact.measure is Measure.people and int(fact.value) > 0:
        yield {"value": int(fact.value) * 2}
        yield {"value": int(fact.value) + 1}


def _other_day(fact: Fact) -> Iterable[dict[str, Any]]:
    if fact.measure in (Measure.first_date, Measure.last_date) and isinstance(fact.value, str) and fact.value:
        day = date.fromisoformat(fact.value)
        yield {"value": (day - timedelta(days=30)).isoformat()}
        yield {"value": day.replace(year=day.year - 1, day=min(day.day, 28)).isoformat()}
        if day.day <= 12 and day.day != day.month:
            yield {"value": day.replace(month=day.day, day=day.month).isoformat()}


PACK: tuple[Seeded, ...] = (
    seeded("majority-in-an-idiom", 1, "numbers_bound", saying("The lion's share of those who write is hit by it.", "By and large it is the whole customer base.", "The bulk of the teams has given up on it.", "More often than not it goes wrong."), "A majority without a count."),
    seeded("one-in-so-many", 1, "numbers_bound", saying("Roughly one in three runs into it.", "Every fifth person who opens the app meets it.", "It hits two out of any five of them.", "Nine times out of ten it fails."), "A share in words without a fact."),
    seeded("how-often-in-an-idiom", 1, "numbers_bound", saying("Hardly a week goes by without a new report of it.", "It happens day in, day out.", "Time and again they say so.", "Once in a blue moon it works."), "How often, without a count."),
    seeded("everyone-in-an-idiom", 1, "numbers_bound", saying("Customers across the board say the same.", "To a man they are fed up.", "You won't find a soul who likes it.", "There is not a team that was spared."), "Everyone or no one, without a count."),
    seeded("dozens-and-upwards", 1, "numbers_bound", saying("Upwards of four dozen teams are affected.", "North of a hundred workspaces have seen it.", "It has struck a couple of times in each account.", "A handful of them have left, scores more will."), "A loose amount without a fact."),
    seeded("rank-in-words", 1, "numbers_bound", saying("It is second to none among the complaints.", "No other topic comes up as often.", "It has climbed into the top three.", "It is the runner-up of all wishes."), "A rank without a fact."),
    seeded("trend-in-a-picture", 1, "numbers_bound", saying("The reports are snowballing.", "Complaints have doubled since the spring.", "It gets worse by the week.", "The curve points one way only: up.", "Things have calmed down of late."), "A trend without two counts."),
    seeded("amounts-in-german", 1, "numbers_bound", saying("Gut die Hälfte der Kundschaft klagt darüber.", "Jeder Dritte ist davon betroffen.", "Ein paar Dutzend Teams warten darauf.", "Das Gros der Meldungen stammt aus dem Frühjahr."), "An amount in German without a fact."),
    seeded("amounts-in-french", 1, "numbers_bound", saying("Un client sur trois s'en plaint.", "La plupart des équipes sont touchées.", "Une bonne douzaine de comptes attend.", "Les plaintes ont doublé depuis mars."), "An amount in French without a fact."),
    seeded("digits-of-another-script", 1, "numbers_bound hidden_characters look_alike_letters", saying("That is ４７ people in all.", "It takes them ٢٥ minutes.", "They tried it ⑦ times.", "Now MCMXC cards are lost."), "A number in digits that aren't ASCII."),
    seeded("count-rounded-up", 1, "numbers_bound", in_claim(_rounded), "A count was rounded up and written out."),
    seeded("share-as-a-wrong-fraction", 1, "numbers_bound", in_claim(_as_fraction), "A share became a fraction that isn't it."),
    seeded("counted-thing-exchanged", 1, "numbers_bound numbers_recomputed claims_supported", in_claim(_other_unit), "The number is right, what it counts is not."),
    seeded("number-of-another-need", 1, "claims_supported numbers_bound numbers_recomputed", _of_another_need, "The number is true of another need."),
    seeded("overlapping-people-added-up", 1, "numbers_bound", _added_up, "People of two needs are added although some are in both."),
    seeded("people-counted-twice", 1, "numbers_recomputed", in_fact(_counted_twice), "A fact counts people more than once."),
    seeded("first-day-moved", 1, "numbers_recomputed", in_fact(_other_day), "A date isn't the one that the records have."),
)  # fmt: skip
"""Evidence, first half: numbers."""
