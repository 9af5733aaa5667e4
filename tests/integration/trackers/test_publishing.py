"""A draft becomes tickets once, follows its versions, never over what people wrote, and is taken back where nobody did."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.tickets.evidence_comment import comment_on
from api.tickets.publish import Doing, Plan, Step, plan, publish, undo
from api.trackers.courier import deliver_all
from assistant.domain.draft import Draft
from assistant.domain.ticket import Connection, Ticket, TicketComment, TicketState
from assistant.workbench import Workbench
from evals.release import Refusal
from ingest.options import IngestOptions
from ingest.pipeline import ingest
from tests.support.kanbo_workspace import Kanbo, real_bench
from tests.support.memory_tracker import MemoryTracker

DESK = Connection(name="memory", tracker="memory")


@pytest.fixture
def tracker(kanbo: Kanbo) -> Iterator[MemoryTracker]:
    """An empty tracker, of which the workspace knows nothing."""
    catalog = kanbo.bench.catalog
    catalog.connections.put("default", DESK)
    yield MemoryTracker()
    for link in catalog.links.links("default"):
        catalog.links.remove("default", link)


@pytest.fixture
def prd(kanbo: Kanbo, request: pytest.FixtureRequest) -> Draft:
    """A PRD under an id of the test's own, so that no other test has published it."""
    held = kanbo.draft("prd", "exports of large boards fail")
    mine = held.model_copy(update={"id": f"dra_{abs(hash(request.node.name)):x}"})
    kanbo.bench.catalog.drafts.save(mine)
    return mine


def published(bench: Workbench, draft: Draft, tracker: MemoryTracker) -> Plan:
    done = asyncio.run(publish(bench, draft, "memory", tracker))
    assert isinstance(done, Plan)
    asyncio.run(deliver_all(bench.catalog, "default", "memory", tracker))
    return done


def doings(steps: tuple[Step, ...] | list[Step]) -> list[Doing]:
    return [step.doing for step in steps]


def retitled(draft: Draft, version: int) -> Draft:
    """The next version: its first story wants something else."""
    document = draft.model_dump(mode="json")
    for section in document["sections"]:
        for block in section["blocks"]:
            if block["type"] == "story" and block["id"] == "US-1":
                block["benefit"] = "I no longer do it at night"
    return Draft.model_validate({**document, "version": version, "parent_version": version - 1})


def test_a_plan_shows_everything_and_writes_nothing(kanbo: Kanbo, prd: Draft, tracker: MemoryTracker) -> None:
    before = len(kanbo.bench.catalog.effects.page("default", limit=500))
    planned = asyncio.run(plan(kanbo.bench, prd, "memory", tracker))
    assert [step.item for step in planned.steps] == ["", "US-1", "US-2", "US-3"]
    assert set(doings(planned.steps)) == {Doing.make}
    assert "+**Rests on:**" in planned.steps[1].diff
    assert tracker.tickets == {}
    assert len(kanbo.bench.catalog.effects.page("default", limit=500)) == before


def test_publishing_makes_an_epic_with_its_stories_and_again_makes_nothing(
    kanbo: Kanbo, prd: Draft, tracker: MemoryTracker
) -> None:
    published(kanbo.bench, prd, tracker)
    epic, *stories = tracker.tickets.values()
    assert epic.title == prd.title
    assert [one.parent for one in stories] == [epic.key] * 3
    assert all("```gherkin" in one.body and "> " in one.body for one in stories)
    assert doings(published(kanbo.bench, prd, tracker).steps) == [Doing.leave] * 4
    assert len(tracker.tickets) == 4


def test_a_new_version_changes_what_it_says_and_leaves_what_people_wrote(
    kanbo: Kanbo, prd: Draft, tracker: MemoryTracker
) -> None:
    published(kanbo.bench, prd, tracker)
    story = next(one for one in tracker.tickets.values() if one.title.startswith("Export everything"))
    tracker.edit(story.key, body=f"{story.body}\n\nDesign: see the board")
    kanbo.bench.catalog.drafts.save(newer := retitled(prd, 2))
    steps = published(kanbo.bench, newer, tracker).steps
    changed = next(step for step in steps if step.item == "US-1")
    assert changed.doing is Doing.change
    assert "+" in changed.diff
    body = tracker.tickets[story.key].body
    assert "I no longer do it at night" in body
    assert body.endswith("Design: see the board")
    (link,) = [one for one in kanbo.bench.catalog.links.of_draft("default", prd.id) if one.item == "US-1"]
    assert link.version == 2
    assert "Design" not in link.base
    assert Doing.change not in doings(published(kanbo.bench, newer, tracker).steps)


def test_a_place_that_a_person_changed_too_is_asked_about_and_not_written(
    kanbo: Kanbo, prd: Draft, tracker: MemoryTracker
) -> None:
    published(kanbo.bench, prd, tracker)
    story = next(one for one in tracker.tickets.values() if one.title.startswith("Export everything"))
    by_hand = story.body.replace("so that", "because our boss asked, so that")
    tracker.edit(story.key, body=by_hand)
    kanbo.bench.catalog.drafts.save(newer := retitled(prd, 2))
    for _ in range(2):
        asked = next(step for step in published(kanbo.bench, newer, tracker).steps if step.item == "US-1")
        assert asked.doing is Doing.ask
    assert tracker.tickets[story.key].body == by_hand
    (comment,) = tracker.tickets[story.key].comments
    assert "I no longer do it at night" in comment.text
    assert "because our boss asked" in comment.text


def test_a_ticket_that_is_gone_is_not_made_again(kanbo: Kanbo, prd: Draft, tracker: MemoryTracker) -> None:
    published(kanbo.bench, prd, tracker)
    del tracker.tickets["2"]
    assert doings(published(kanbo.bench, prd, tracker).steps).count(Doing.gone) == 1
    assert len(tracker.tickets) == 3


def test_a_draft_with_a_blocking_finding_is_refused(kanbo: Kanbo, prd: Draft, tracker: MemoryTracker) -> None:
    document = prd.model_dump(mode="json")
    quote = next(iter(document["quotes"].values()))
    quote["text"] = quote["text"].replace("e", "a", 1)
    lying = Draft.model_validate({**document, "version": 2, "parent_version": 1})
    refused = asyncio.run(publish(kanbo.bench, lying, "memory", tracker))
    assert isinstance(refused, Refusal)
    assert refused.standing
    assert tracker.tickets == {}


def test_it_is_taken_back_but_for_what_people_wrote_into(
    kanbo: Kanbo, prd: Draft, tracker: MemoryTracker
) -> None:
    published(kanbo.bench, prd, tracker)
    touched = TicketComment(id="c9", text="We begin on Monday", author="dev")
    tracker.edit("3", comments=(touched,))
    steps = asyncio.run(undo(kanbo.bench, prd.id, "memory", tracker))
    asyncio.run(deliver_all(kanbo.bench.catalog, "default", "memory", tracker))
    states = {key: one.state for key, one in tracker.tickets.items()}
    assert states == {
        "1": TicketState.closed,
        "2": TicketState.closed,
        "3": TicketState.open,
        "4": TicketState.closed,
    }
    assert {step.ticket: step.doing for step in steps}["3"] is Doing.leave


def test_a_comment_says_who_asks_in_verbatim_words_and_only_where_enough_do(kanbo: Kanbo) -> None:
    bench = kanbo.bench
    ticket = Ticket(
        connection="memory", key="77", title="Export fails on big boards", body="It comes out blank."
    )
    effect = comment_on(bench, DESK, ticket)
    assert effect is not None
    assert "people in" in effect.comment
    said = [
        line[2:]
        for line in effect.comment.splitlines()
        if line.startswith("> ") and not line.startswith("> —")
    ]
    raws = [record.raw for record in kanbo.records()]
    assert len(said) >= 3
    assert all(any(words.replace("\\", "") in raw for raw in raws) for words in said)
    many = DESK.model_copy(update={"comment_at": 10_000})
    assert comment_on(bench, many, ticket) is None
    unheard = ticket.model_copy(update={"title": "Quantum teleportation of beavers", "body": ""})
    assert comment_on(bench, DESK, unheard) is None


def test_what_their_accounts_hold_is_summed_each_account_once(tmp_path: Path) -> None:
    rows = ["id,text,author,account,revenue"]
    rows += [
        f'{n},"The export of our board hangs, case {n}.",p{n},a{n % 8},{1000 * (n % 8 + 1)}'
        for n in range(40)
    ]
    rows += [f'{n},"Dark mode is lovely in the evening {n}.",p{n},a{n % 8 + 8},500' for n in range(40, 60)]
    (tmp_path / "feedback.csv").write_text("\n".join(rows), encoding="utf-8")
    bench = real_bench(tmp_path / "home")
    columns = {name: name for name in ("text", "author", "account")} | {"segment.revenue": "revenue"}
    ingest(bench, [tmp_path / "feedback.csv"], IngestOptions(mapping=columns))
    effect = comment_on(bench, DESK, Ticket(connection="memory", key="1", title="Export hangs"))
    assert effect is not None
    assert "40 people in 8 accounts" in effect.comment
    assert "Together they hold 36,000 of 40,000 revenue." in effect.comment
