"""The same falsehood in many wordings: no word of amount, comparison or trend stands without a fact that says so."""

import pytest

from assistant.domain.draft import Draft
from assistant.domain.fact import Fact, FactFilter, Measure
from evals.graders.numbers_bound import numbers_bound
from evals.sample import with_block, with_claim, with_fact
from tests.support.drafts import valid_draft, valid_view

NUMBERS = """A couple of them left. A trio left. Half a dozen left. It fails every second time. XII users left. ½ of them left. Two in five left.
Two out of five left. One customer in ten left. Twenty-three people left. Several hundred left. A hundred left. Ninety per cent left. Five percentage points more.
Double-digit numbers left. A twofold rise. Umpteen wait. Tens of thousands left. Half a score of them left. Three quarters left. Both customers left. ٢٣ left.
二十三人 left. Siebenundneunzig Kunden gehen. Trente-deux clients partent. Treinta y dos clientes se van. Venti clienti vanno. Vinte clientes saem."""
AMOUNTS = """The lion's share is hit. The vast majority is hit. The bulk of users is hit. Hardly anyone is content. Next to nobody is content. Practically everybody is hit.
Not a soul is content. No customer is content. All of them left. Each and every one left. The entire customer base left. Customers unanimously agree. It is a near-universal complaint.
It fails in all cases. It fails in most cases. As a rule it fails. More often than not it fails. It is a widespread problem. It fails regularly. Time and again it fails.
It fails around the clock. Not a day goes by without it. It fails once a day. There is a flood of complaints. A deluge of tickets came in. Users in their droves left. Hordes of people wait.
Customers across the board agree. People complain everywhere. The rest are content. The others left. A sliver of users is content. A sizeable chunk of the accounts left.
A mere fraction is content. On average a customer loses an hour. The typical customer is hit. Quite a few are hit. Far too many are hit. Multiple users left. Die meisten gehen.
La plupart partent. La mayoría se va. Fast alle gehen. Presque tous partent. Casi todos se van. 大多数 left. ほとんど left."""
COMPARISONS = """This is the biggest complaint. It is the top request. It ranks first. It is the number one reason. It is the main reason. No other problem is as common.
It outranks the rest. It outweighs everything else. More people complain than are content. Customers are hit more than anyone. It tops the list. Complaints dwarf the praise."""
TRENDS = """Complaints skyrocketed. This is on the rise. Complaints have ballooned. Complaints went through the roof. Frustration is mounting. The problem is gaining momentum.
Demand is picking up. It gets worse by the day. Reports jumped. Reports are up sharply. Reports are at an all-time high. Year on year it is worse. Interest has cooled.
Complaints have vanished. The issue has died down. Complaints tapered off. An ever larger group waits. It happens more than before. As one can see, complaints rise.
Immer mehr gehen. De plus en plus partent. Cada vez más se van. It is worse than last year. They wrote this week. In a single day they wrote."""


def _found(draft: Draft) -> list[str]:
    return [finding.message for finding in numbers_bound(draft, valid_view())]


def _said(text: str, *facts: str) -> Draft:
    return with_claim(valid_draft(), "C1", text=text, fact_ids=facts)


def _sentences(text: str) -> list[str]:
    return [f"{part}." for part in text.replace("\n", " ").rstrip(".").split(". ")]


@pytest.mark.parametrize("text", _sentences(f"{NUMBERS} {AMOUNTS} {COMPARISONS} {TRENDS}"))
def test_a_wording_that_no_fact_licenses_blocks(text: str) -> None:
    assert _found(_said(text))
    assert _found(_said(text.replace(" ", "\u00a0")))
    assert _found(_said(text.replace(" ", " \u200b ", 1)))


@pytest.mark.parametrize(
    "text",
    [
        "A third-party app opens the manifold list.", "One of them prints it.", "The second screen stays empty.", "A two-factor login fails.",
        "They ask to go up to a later lane.", "It asks for a wish of a teacher.", "The words of those who wrote.", "Some of them print it.",
        "It opens on the phone, and the list unfolds.", "It is louder than it is wide.", "Teachers print the timetable.",
    ],
)  # fmt: skip
def test_words_that_size_nothing_are_fine(text: str) -> None:
    assert _found(_said(text, "F1")) == []


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("Three out of four can't open it ({F3}).", ("F3",)),
        ("Seventy-five percent can't open it ({F3}).", ("F3",)),
        ("Most can't open it ({F3}).", ("F3",)),
        ("More people than before can't open it, {F4} and now {F5}.", ("F4", "F5")),
        ("It is on the rise: {F4}, then {F5} people.", ("F4", "F5")),
    ],
)
def test_a_fact_that_says_so_licenses_them(text: str, facts: tuple[str, ...]) -> None:
    assert _found(_said(text, *facts)) == []


def test_an_ambiguous_word_is_licensed_by_the_evidence() -> None:
    text = "The weekly list is empty."
    assert _found(_said(text))
    brief = valid_draft().model_copy(update={"brief": "a weekly timetable without a network"})
    assert _found(with_claim(brief, "C1", text=text, fact_ids=())) == []


def test_a_biggest_needs_a_first_rank_or_two_groups() -> None:
    text = "It is the biggest complaint ({F9})."
    ranked = Fact(id="F9", measure=Measure.rank_by_people, filter=FactFilter(selection="S1"), value=1)
    draft = valid_draft().model_copy(update={"facts": {**valid_draft().facts, "F9": ranked}})
    assert _found(with_claim(draft, "C1", text=text, fact_ids=("F9",))) == []
    assert _found(with_claim(with_fact(draft, "F9", value=2), "C1", text=text, fact_ids=("F9",)))


@pytest.mark.parametrize(
    "text",
    [
        "More than {F1} people wait.", "Nearly {F1} people wait.", "Another {F1} people wait.", "About {F1} people wait.", "{F1}k people wait.",
        "${F1} wait.", "{F1} percent wait.", "{F1} % of people wait.", "{F1} schools wait.", "{F1} crashes a week.", "{F3} of the whole market wait.",
        "{F3} of all customers wait.", "{F3} of accounts wait.", "Of the {F1} people, {F2} wait.", "{F1} people say that it works for them.",
    ],
)  # fmt: skip
def test_a_number_is_shown_as_it_was_counted(text: str) -> None:
    praise = (
        valid_draft()
        .selections["S1"]
        .model_copy(
            update={
                "rule": "of those close to «timetable»: the ones that complain, ask for something or name a failure"
            }
        )
    )
    draft = valid_draft().model_copy(update={"selections": {"S1": praise}})
    facts = tuple(name for name in ("F1", "F2", "F3") if f"{{{name}}}" in text)
    assert _found(with_claim(draft, "C1", text=text, fact_ids=facts))


@pytest.mark.parametrize(
    ("restriction", "told"),
    [
        ({"sources": ("survey",)}, "In “survey”, {F1} people can't open it."),
        ({"segments": {"plan": ("pro",)}}, "{F1} people on the pro plan can't open it."),
        ({"languages": ("de",)}, "In German, {F1} people can't open it."),
        ({"min_rating": 1.0}, "{F1} people who rated it can't open it."),
    ],
)
def test_what_a_number_was_restricted_to_is_told(restriction: dict[str, object], told: str) -> None:
    where = FactFilter.model_validate({"scope": restriction, "selection": "S1"})
    draft = with_fact(valid_draft(), "F1", filter=where)
    assert _found(with_claim(draft, "C1", text=told, fact_ids=("F1",))) == []
    assert _found(with_claim(draft, "C1", text="{F1} people can't open it.", fact_ids=("F1",)))


def test_a_wish_may_not_tell_of_the_world() -> None:
    for want in (
        "to do what half of our users do",
        "to stay, as complaints are rising",
        "to have what droves of users have",
    ):
        assert _found(with_block(valid_draft(), "US-1", want=want))
