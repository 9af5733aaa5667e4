"""Chats in the catalog: one turn at a time, a log that nobody adds to once the turn is over, and nothing of what was erased."""

from datetime import UTC, datetime
from typing import Any

import pytest

from assistant.domain.draft import Claim, Stance
from assistant.domain.erased_words import ErasedWords
from assistant.domain.events import ThreadEvent
from assistant.domain.evidence import Quote
from assistant.domain.spent import Spent
from assistant.domain.thread import Body, Intent, Reference, Thread, Turn, TurnState, turn_id
from assistant.errors import Cancelled, Conflict, NotFound
from assistant.stores.erasure_port import Doomed
from assistant.stores.port import Catalog
from tests.contract.stores.test_erasing import receipt
from tests.support.store_samples import WORKSPACE

AT = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
THREAD = Thread(id="thr_1", workspace=WORKSPACE, title="Exports", created_at=AT)
SAID = "The quarterly export of our lighthouse ledger drops every third column again"


def asked(seq: int = 1, text: str = "write a PRD") -> Turn:
    return Turn(
        id=turn_id("thr_1", seq), thread_id="thr_1", seq=seq, by="person", at=AT, text=text,
        about=Reference(draft_id="dra_1", selected="some words"),
    )  # fmt: skip


def answer(to: Turn, text: str = "Here it is.") -> Turn:
    quote = Quote(record_id="rec_1", revision="r", start=0, end=len(SAID), text=SAID)
    claim = Claim(id="C1", text="{Q1}", stance=Stance.supported, quote_ids=("Q1",))
    return Turn(
        id=turn_id("thr_1", to.seq + 1), thread_id="thr_1", seq=to.seq + 1, by="voxspec", at=AT, text=text,
        state=TurnState.done, answers=to.id,
        body=Body(claim_ids=("C1",), claims={"C1": claim}, quotes={"Q1": quote}),
    )  # fmt: skip


def event(seq: int, turn: Turn, **data: Any) -> ThreadEvent:
    return ThreadEvent(seq=seq, type="turn.text.delta", data={"turn": turn.id, **data})


def over(turn: Turn, state: TurnState = TurnState.done) -> Turn:
    return turn.model_copy(update={"state": state, "intent": Intent.draft})


def begun(catalog: Catalog) -> Turn:
    catalog.threads.put(THREAD)
    turn = asked()
    catalog.said.add(WORKSPACE, turn)
    return turn


def test_threads_come_back_newest_first_and_page_by_page(catalog: Catalog) -> None:
    assert catalog.threads.get(WORKSPACE, "thr_1") is None
    others = [THREAD.model_copy(update={"id": f"thr_{number}"}) for number in (1, 2, 3)]
    for one in others:
        catalog.threads.put(one)
    renamed = THREAD.model_copy(update={"title": "Ausfälle 💥 エクスポート", "draft_id": "dra_9"})
    catalog.threads.put(renamed)
    assert catalog.threads.get(WORKSPACE, "thr_1") == renamed
    assert [one.id for one in catalog.threads.newest(WORKSPACE, None, 2)] == ["thr_3", "thr_2"]
    assert catalog.threads.newest(WORKSPACE, "thr_2", 5) == [renamed]
    assert catalog.threads.newest(WORKSPACE, "thr_9", 5) == []
    assert catalog.threads.newest("another", None, 5) == []
    assert catalog.threads.get("another", "thr_1") is None


def test_a_thread_answers_one_turn_at_a_time(catalog: Catalog) -> None:
    with pytest.raises(NotFound):
        catalog.said.add(WORKSPACE, asked())
    turn = begun(catalog)
    assert catalog.said.open_turns(WORKSPACE) == 1
    with pytest.raises(Conflict, match="still answering"):
        catalog.said.add(WORKSPACE, asked(2))
    assert catalog.said.end(WORKSPACE, over(turn), {"seconds": 1}, answer(turn), None)
    assert catalog.said.open_turns(WORKSPACE) == 0
    with pytest.raises(Conflict, match="in between"):
        catalog.said.add(WORKSPACE, asked(2))
    catalog.said.add(WORKSPACE, asked(3))
    assert catalog.said.turns(WORKSPACE, "thr_1") == [over(turn), answer(turn), asked(3)]
    assert catalog.said.turns("another", "thr_1") == []


def test_events_are_stored_once_and_in_order(catalog: Catalog) -> None:
    turn = begun(catalog)
    catalog.said.append_events(WORKSPACE, "thr_1", [event(1, turn, text="a"), event(2, turn, text="b")])
    catalog.said.append_events(WORKSPACE, "thr_1", [event(2, turn, text="again"), event(3, turn, text="c\0")])
    catalog.said.append_events(WORKSPACE, "thr_1", [])
    assert [one.data["text"] for one in catalog.said.events(WORKSPACE, "thr_1", 0)] == ["a", "b", "c\0"]
    assert [one.seq for one in catalog.said.events(WORKSPACE, "thr_1", 2)] == [3]
    assert catalog.said.events("another", "thr_1", 0) == []


def test_nobody_adds_to_a_turn_that_is_over_and_only_one_ends_it(catalog: Catalog) -> None:
    turn = begun(catalog)
    catalog.said.append_events(WORKSPACE, "thr_1", [event(1, turn, text="a")])
    stopped = over(turn, TurnState.cancelled)
    thread = THREAD.model_copy(update={"draft_id": "dra_1"})
    assert catalog.said.end(WORKSPACE, stopped, {"code": "cancelled"}, None, thread)
    assert not catalog.said.end(WORKSPACE, over(turn), {}, answer(turn), None)
    with pytest.raises(Cancelled):
        catalog.said.append_events(WORKSPACE, "thr_1", [event(3, turn, text="late")])
    *_, last = catalog.said.events(WORKSPACE, "thr_1", 0)
    assert last == ThreadEvent(seq=2, type="turn.failed", data={"turn": turn.id, "code": "cancelled"})
    assert catalog.said.turns(WORKSPACE, "thr_1") == [stopped]
    assert catalog.threads.get(WORKSPACE, "thr_1") == thread


def test_an_erasure_empties_answers_and_keeps_the_numbers_of_events(catalog: Catalog) -> None:
    turn = begun(catalog)
    cut = [event(1, turn, text=SAID[:30]), event(2, turn, text=SAID[30:])]
    catalog.said.append_events(WORKSPACE, "thr_1", cut)
    catalog.said.end(WORKSPACE, over(turn), {}, answer(turn, f"They say: {SAID}"), None)
    mine = asked(3, f"why does it say “{SAID}”?")
    catalog.said.add(WORKSPACE, mine)
    catalog.said.end(WORKSPACE, over(mine), {}, None, THREAD.model_copy(update={"title": SAID}))
    words = ErasedWords([SAID], (), ())
    counts = catalog.eraser.remove(WORKSPACE, Doomed(("rec_1",)), words, "", receipt())
    assert counts["turns"] == 3
    held = catalog.said.turns(WORKSPACE, "thr_1")
    assert held[1].text == ""
    assert held[1].body == Body()
    assert "lighthouse" not in held[2].text
    assert held[2].text.startswith("why does it say")
    log = catalog.said.events(WORKSPACE, "thr_1", 0)
    assert [one.seq for one in log] == [1, 2, 3, 4]
    assert "lighthouse" not in str(log)
    kept = catalog.threads.get(WORKSPACE, "thr_1")
    assert kept is not None
    assert "lighthouse" not in kept.title


def test_what_models_cost_adds_up_by_day(catalog: Catalog) -> None:
    assert catalog.spending.of(WORKSPACE, "2026-02-03") == Spent()
    catalog.spending.add(WORKSPACE, "2026-02-03", Spent(100, 0.25))
    catalog.spending.add(WORKSPACE, "2026-02-03", Spent(20, 0.5))
    catalog.spending.add(WORKSPACE, "2026-02-04", Spent(7))
    assert catalog.spending.of(WORKSPACE, "2026-02-03") == Spent(120, 0.75)
    assert catalog.spending.of("another", "2026-02-03") == Spent()
