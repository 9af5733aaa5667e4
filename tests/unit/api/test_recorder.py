"""The event log of a draft: numbered, joined, and continued after a crash."""

import uuid
from collections.abc import Callable, Iterator

import pytest

from api.recorder import Recorder
from assistant.domain.events import DraftEvent
from assistant.stores.catalog import open_catalog
from assistant.stores.port import DraftStore


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DraftStore]:
    catalog = open_catalog(tmp_path_factory.mktemp("home") / "catalog.sqlite3")
    yield catalog.drafts
    catalog.close()


class Log:
    """A log of its own in the shared catalog."""

    def __init__(self, store: DraftStore) -> None:
        self._store = store
        self._id = f"job_{uuid.uuid4().hex}"

    def recorder(
        self, clock: Callable[[], float] | None = None, rung: list[str] | None = None
    ) -> Recorder[DraftEvent]:
        heard = rung if rung is not None else []
        return Recorder(
            self._store, "acme", self._id, event=DraftEvent, ring=heard.append, clock=clock or Clock()
        )

    def events(self) -> list[DraftEvent]:
        return self._store.events("acme", self._id, 0)

    def put(self, events: list[DraftEvent]) -> None:
        self._store.append_events("acme", self._id, events)


@pytest.fixture
def log(store: DraftStore) -> Log:
    return Log(store)


def _write(recorder: Recorder[DraftEvent], *, stop_in: str = "") -> None:
    recorder.emit("draft.created", {"run": "job_1"})
    for step in ("survey", "write"):
        recorder.emit("step.started", {"step": step})
        recorder.emit("draft.text.delta", {"section": step, "text": f"text of {step}"})
        if step == stop_in:
            recorder.flush()
            return
        recorder.emit("step.completed", {"step": step})
    recorder.emit("draft.check.completed", {"verdict": "ready"})
    recorder.emit("draft.completed", {"draft_id": "dra_1"})


def test_events_are_numbered_from_one_without_gaps(log: Log) -> None:
    rung: list[str] = []
    _write(log.recorder(rung=rung))
    events = log.events()
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert events[-1].type == "draft.completed"
    assert len(set(rung)) == 1


def test_the_first_text_after_an_event_waits_for_nothing_and_what_follows_at_once_is_one_event(
    log: Log,
) -> None:
    clock = Clock()
    recorder = log.recorder(clock)
    recorder.emit("step.started", {"step": "write"})
    for word in ("Export", " is", " slow"):
        recorder.emit("draft.text.delta", {"section": "problem", "text": word})
        clock.now += 0.01
    assert [event.data.get("text") for event in log.events()] == [None, "Export"]
    recorder.emit("draft.text.delta", {"section": "goals", "text": "Faster"})
    recorder.emit("step.completed", {"step": "write"})
    assert [event.data.get("text") for event in log.events()] == [None, "Export", " is slow", "Faster", None]


def test_text_after_a_pause_waits_for_nothing_and_the_next_at_most_a_frame(log: Log) -> None:
    clock = Clock()
    recorder = log.recorder(clock)
    for pause, word in ((0.0, "a"), (0.01, "b"), (0.05, "c"), (0.05, "d")):
        clock.now += pause
        recorder.emit("draft.text.delta", {"section": "problem", "text": word})
    assert [event.data["text"] for event in log.events()] == ["a", "bc", "d"]


def test_where_appends_take_long_most_of_the_time_is_left_for_the_work(log: Log) -> None:
    clock = Clock()

    def ticking() -> float:
        # A tenth of a second passes between any two looks: an append takes one, a word the other.
        clock.now += 0.1
        return clock.now

    recorder = log.recorder(ticking)
    for _ in range(100):
        recorder.emit("draft.text.delta", {"section": "problem", "text": "a"})
    assert 5 <= len(log.events()) <= 12


def test_after_a_crash_the_cut_step_starts_again_and_nothing_is_doubled(log: Log) -> None:
    _write(log.recorder(), stop_in="write")
    _write(log.recorder())
    events = log.events()
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert [(event.type, event.data.get("step")) for event in events if event.type.startswith("step")] == [
        ("step.started", "survey"),
        ("step.completed", "survey"),
        ("step.started", "write"),
        ("step.started", "write"),
        ("step.completed", "write"),
    ]
    assert [event.type for event in events].count("draft.created") == 1
    assert [event.type for event in events].count("draft.completed") == 1


@pytest.mark.parametrize("kept", range(10))
def test_a_log_cut_anywhere_ends_whole(store: DraftStore, kept: int) -> None:
    full, log = Log(store), Log(store)
    _write(full.recorder())
    whole = full.events()
    log.put(whole[:kept])
    _write(log.recorder())
    cut = log.events()
    assert [event.seq for event in cut] == list(range(1, len(cut) + 1))
    assert cut[:kept] == whole[:kept]
    assert cut[-1].type == "draft.completed"
    for unique in ("draft.created", "step.completed", "draft.check.completed", "draft.completed"):
        assert [e.data for e in cut if e.type == unique] == [e.data for e in whole if e.type == unique]


def test_a_finished_log_takes_no_more(log: Log) -> None:
    _write(log.recorder())
    whole = log.events()
    _write(log.recorder())
    assert log.events() == whole


def test_an_unknown_type_is_a_mistake_of_ours(log: Log) -> None:
    with pytest.raises(ValueError, match="unknown event type"):
        log.recorder().emit("draft.exploded", {})


def test_the_more_write_at_once_the_longer_pieces_wait_for_each_other(store: DraftStore) -> None:
    def appends_in_a_second(others: int) -> int:
        crowd = [Log(store).recorder() for _ in range(others)]
        for one in crowd:
            one.emit("draft.text.delta", {"section": "problem", "text": "a"})
        clock, rung, log = Clock(), [], Log(store)
        recorder = log.recorder(clock, rung)
        for piece in range(50):
            clock.now = piece * 0.02
            recorder.emit("draft.text.delta", {"section": "problem", "text": f"{piece} "})
        recorder.emit("draft.completed", {"draft_id": "dra_1"})
        told = "".join(str(event.data.get("text", "")) for event in log.events())
        assert told == "".join(f"{piece} " for piece in range(50))
        for one in crowd:
            one.emit("draft.failed", {"code": "model-unavailable", "message": "Gone."})
        return len(rung)

    assert appends_in_a_second(0) > 15
    assert appends_in_a_second(60) < 6
