"""Evidence of a ticket is compared with what comes in: quotes of what it implements, of its comment, and of the question."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from assistant.domain.record import Record
from assistant.domain.ticket import Link, Relation
from assistant.domain.triage import Alike
from assistant.triage.behind import behind_tickets
from assistant.triage.duplicates import alike
from assistant.triage.reading import quote_of
from assistant.workbench import Workbench
from tests.support.naughty import draft_holding
from tests.support.search_corpus import a_bench, a_record

SAID = "The gondola tariff is charged for every toddler."
ASKED = ("Gondola tariff for every toddler", "Toddler charged the gondola tariff.")
AT = datetime(2026, 3, 1, tzinfo=UTC)


def a_ticket(key: str, text: str) -> Record:
    title = text.partition(".")[0]
    return a_record(
        f"{title}\n\n{text}", key, source="tracker:acme", external_id=key, title=title, said_at=AT
    )


TICKETS = [
    a_ticket("1", "Family prices. Children below four years travel free of cost."),
    a_ticket("2", "Invoices in Danish. The template has no Danish words."),
    a_ticket("3", "Map at night. Driving at night the map is too bright."),
]
REVIEW = a_record(SAID, "r1", source="reviews", author="Ada")


@pytest.fixture
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    with a_bench(tmp_path_factory.mktemp("behind"), [*TICKETS, REVIEW]) as opened:
        yield opened


def scores(bench: Workbench, title: str, body: str, evidence: tuple[str, ...] = ()) -> dict[str, float]:
    found: list[Alike] = alike(bench, title, body, 5, evidence=evidence)
    return {one.ticket: one.score for one in found}


def implement(bench: Workbench, ticket: str) -> None:
    """Link the ticket to a story whose claim quotes the review."""
    quote = quote_of(REVIEW, 0, len(SAID))
    draft = draft_holding(["a"]).model_copy(
        update={"workspace": "default", "id": "dra_1", "quotes": {"Q1": quote}}
    )
    bench.catalog.drafts.save(draft)
    bench.catalog.links.put(
        "default", Link(draft_id="dra_1", item="US-1", connection="acme", ticket=ticket, at=AT)
    )


def test_a_quote_behind_what_a_ticket_implements_brings_it_nearer(bench: Workbench) -> None:
    before = scores(bench, *ASKED)
    implement(bench, "1")
    after = scores(bench, *ASKED)
    assert after["1"] > before["1"] + 0.2
    assert max(after, key=after.__getitem__) == "1"
    assert {key: after[key] for key in "23"} == {key: before[key] for key in "23"}


def test_so_does_a_quote_of_its_comment(bench: Workbench) -> None:
    before = scores(bench, *ASKED)
    comment = f"**Evidence from customer feedback**\n\n2 people\n\n> {SAID[:-1]}\\.\n> \u2014 reviews\n\n*quotes verified 1/1*"
    link = Link(connection="acme", ticket="1", relation=Relation.evidence, comment=comment, at=AT)
    bench.catalog.links.put("default", link)
    assert list(behind_tickets(bench).said.values()) == [[SAID]]
    after = scores(bench, *ASKED)
    assert after["1"] > before["1"] + 0.2
    assert max(after, key=after.__getitem__) == "1"


def test_what_stands_behind_the_question_counts_given_or_linked(bench: Workbench) -> None:
    wanted = ("Night rides", "We need this.")
    said = ("Driving at night the map is too bright.",)
    plain, given = scores(bench, *wanted), scores(bench, *wanted, evidence=said)
    assert given["3"] > plain["3"] + 0.05
    assert all(given[key] >= plain[key] for key in plain)
    own = TICKETS[0]
    before = alike(bench, "Night rides", "We need this.", 5, without=own.id)
    link = Link(connection="acme", ticket="1", relation=Relation.evidence, comment=f"> {said[0]}", at=AT)
    bench.catalog.links.put("default", link)
    after = alike(bench, "Night rides", "We need this.", 5, without=own.id)
    assert {one.ticket: one.score for one in after}["3"] > {one.ticket: one.score for one in before}["3"]


def test_a_quote_of_a_record_that_was_erased_is_compared_no_more(bench: Workbench) -> None:
    before = scores(bench, *ASKED)
    implement(bench, "1")
    assert scores(bench, *ASKED) != before
    bench.catalog.pages.erase("default", [REVIEW.id])
    assert scores(bench, *ASKED)["1"] == pytest.approx(before["1"], abs=0.02)
