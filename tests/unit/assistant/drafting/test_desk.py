"""Quotes, claims and counts get ids; every quantity that prose takes from a customer is an exact slice of the raw text."""

from pathlib import Path

import pytest

from assistant.domain.clean import clean
from assistant.domain.draft import PLACEHOLDER, Stance
from assistant.domain.evidence import Scope
from assistant.domain.fact import FactFilter, Measure
from assistant.domain.quantities import stated_quantities
from assistant.drafting.desk import Desk, listed
from tests.support.desks import a_desk, sentences_of
from tests.support.search_corpus import a_record

ODD_TEXTS = [
    "The export fails with 4,000 cards.",
    "First line.\r\nWe lost 3 hours and 3 cards.\r\n",
    "Tom &amp; Ann lost 12&nbsp;cards in 2 weeks.",
    "We have 1\u200b2 boards and 7 teams.",
    "It took \u202e9 days\u202c, twice.",
    "Jedes Mal 3 Stunden für 400 Karten verloren.",
    "毎日3回、2時間かかります。",
    "🏊\u200d♀️ 5 of 5 stars for 1 thing, most of the time.",
    "Cafe\u0301 menu: 20 % of 8 items vanish every week.",
    "10 boards, 10 boards, then 10 more.",
    "&lt;b&gt;2&lt;/b&gt; of &quot;10&quot; fail.",
]


def _desk(folder: Path, *texts: str) -> Desk:
    return a_desk(folder, [a_record(text, key=f"k{place}") for place, text in enumerate(texts)])


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return _desk(tmp_path_factory.mktemp("odd"), *ODD_TEXTS)


def test_a_quote_is_the_raw_text_at_its_offsets_whatever_it_holds(odd: Desk) -> None:
    sentences = sentences_of(odd)
    assert len(sentences) >= len(ODD_TEXTS)
    for sentence in sentences:
        quote = odd.quotes[odd.quote(sentence)]
        assert odd.reader.record(sentence.row).raw[quote.start : quote.end] == quote.text


def test_quantities_in_cited_words_become_exact_slices_of_the_quote(odd: Desk) -> None:
    cited = 0
    for sentence in sentences_of(odd):
        text, quote_id = odd.cite(sentence, 0, len(sentence.text))
        assert stated_quantities(PLACEHOLDER.sub(" ", text)) == [], text
        raw = odd.quotes[quote_id].text
        for name in PLACEHOLDER.findall(text):
            fact = odd.book.facts[name]
            holder, start, end = fact.param.split(":")
            assert (fact.measure, holder) == (Measure.stated, quote_id)
            assert raw[int(start) : int(end)] == fact.value
            cited += 1
    assert cited >= 20


def test_no_quantity_gets_lost_whatever_stands_around_it(odd: Desk) -> None:
    for sentence in sentences_of(odd):
        text, _ = odd.cite(sentence, 0, len(sentence.text))
        filled = PLACEHOLDER.sub(lambda match: str(odd.book.facts[match[1]].value), text)
        assert clean(filled).text == sentence.text


def test_a_stated_number_ends_with_its_last_character(odd: Desk) -> None:
    for sentence in sentences_of(odd):
        odd.cite(sentence, 0, len(sentence.text))
    values = [str(fact.value) for fact in odd.book.facts.values()]
    assert values == [value.strip() for value in values]


def test_filled_in_the_cited_words_read_as_they_were_said(tmp_path: Path) -> None:
    desk = _desk(tmp_path, "We lost 3 hours, then 3 cards of 1,200 cards, twice.")
    (sentence,) = sentences_of(desk)
    text, _ = desk.cite(sentence, 0, len(sentence.text))
    filled = PLACEHOLDER.sub(lambda match: str(desk.book.facts[match[1]].value), text)
    assert filled == sentence.text
    places = [int(fact.param.split(":")[1]) for fact in desk.book.facts.values()]
    assert places == sorted(set(places))


def test_a_cited_part_takes_the_right_one_of_equal_numbers(tmp_path: Path) -> None:
    desk = _desk(tmp_path, "On Monday 10 boards broke, on Friday 10 users left.")
    (sentence,) = sentences_of(desk)
    start = sentence.text.index("Friday")
    text, quote_id = desk.cite(sentence, start, len(sentence.text))
    (name,) = PLACEHOLDER.findall(text)
    at = int(desk.book.facts[name].param.split(":")[1])
    assert at == desk.quotes[quote_id].text.rindex("10")
    assert text.startswith(f"Friday {{{name}}}")


def test_words_without_quantities_are_cited_as_they_are(tmp_path: Path) -> None:
    desk = _desk(tmp_path, "Please let me open the timetable.")
    (sentence,) = sentences_of(desk)
    assert desk.cite(sentence, 7, 13) == ("let me", "Q1")
    assert desk.book.facts == {}


def test_the_same_span_has_the_same_quote_and_another_span_another(tmp_path: Path) -> None:
    desk = _desk(tmp_path, "It is slow. It is late.", "It is slow. It is late.")
    ids = [desk.quote(sentence) for sentence in sentences_of(desk)]
    assert len(set(ids)) == 4
    assert [desk.quote(sentence) for sentence in sentences_of(desk)] == ids
    assert list(desk.quotes) == ids


def test_a_claim_rests_on_what_stands_in_its_text_and_what_is_given(tmp_path: Path) -> None:
    desk = _desk(tmp_path, "It is slow. It is late. It is dear.")
    one, two, three = (desk.quote(sentence) for sentence in sentences_of(desk))
    count = desk.many(None)
    name = desk.claim(f"{count} say {{{two}}} and {count}.", quotes=[one, one], counter=[three])
    claim = desk.claims[name]
    assert claim.stance is Stance.supported
    assert claim.quote_ids == (one, two)
    assert claim.counter_quote_ids == (three,)
    assert claim.fact_ids == tuple(dict.fromkeys(PLACEHOLDER.findall(count)))
    assumed = desk.claims[desk.assume("Nobody said so.")]
    assert assumed.stance is Stance.assumption
    assert list(desk.claims) == [name, assumed.id]


@pytest.fixture
def people(tmp_path: Path) -> Desk:
    return a_desk(
        tmp_path,
        [
            a_record("It is slow.", author="ann", account="north"),
            a_record("It is late.", author="ann", account="north"),
            a_record("It is dear.", author="ben", account="south"),
            a_record("It is odd.", author="cleo"),
        ],
    )


def test_how_many_comes_with_the_noun_that_fits_the_number(people: Desk) -> None:
    book = people.book
    rows = {row: people.reader.record(row).person for row in range(4)}
    alone = book.select(book.rows(None, book.scope)[:1], "one")
    assert people.many(None).endswith(" people")
    assert people.many(alone).endswith(" person")
    assert book.number(people.many(None).split()[0]) == len(set(rows.values()))
    assert people.many(book.nobody()).endswith(" people")
    people.counts = Measure.records
    assert people.many(None).endswith(" reports")
    assert people.many(alone).endswith(" report")
    assert (people.how_many(None), people.how_many(alone)) == (4, 1)


def test_counting_ahead_makes_no_fact(people: Desk) -> None:
    assert people.how_many(None) == 3
    assert people.verb(None, "says", "say") == "say"
    assert (
        people.verb(people.book.select(people.book.rows(None, Scope())[:1], "one"), "says", "say") == "says"
    )
    assert people.book.facts == {}


def test_accounts_are_named_only_where_there_are_several(people: Desk) -> None:
    assert people.book.number(people.accounts(None).split()[1]) == 2
    assert people.accounts(None, Scope(accounts=("north",))) == ""
    assert people.accounts(people.book.nobody()) == ""


def test_a_share_is_of_what_the_draft_counts(people: Desk) -> None:
    part = FactFilter(scope=Scope(accounts=("north",)))
    assert people.book.number(people.share(part, FactFilter())) == pytest.approx(1 / 3)
    people.counts = Measure.records
    assert people.book.number(people.share(part, FactFilter())) == pytest.approx(2 / 4)


@pytest.mark.parametrize(
    ("items", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_items_are_listed_as_in_a_sentence(items: list[str], said: str) -> None:
    assert listed(items) == said
    assert listed(items, "or") == said.replace(" and ", " or ")
