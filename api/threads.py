"""Turns and their jobs: a turn is answered by the job of its id, wherever and however often that is started."""

from datetime import UTC, datetime
from http import HTTPStatus

from api.deps import Service
from api.errors import HttpProblem
from api.recorder import TURN_OVER
from api.runs import told
from api.sse import Feed, Heard
from api.turns import KIND
from assistant.domain.events import LoggedEvent
from assistant.domain.job import JobState
from assistant.domain.thread import Reference, Thread, Turn, TurnState, turn_id
from assistant.jobs.ledger import job_id
from assistant.llm.budget import demand_budget
from assistant.workbench import Workbench

_PATIENCE_S = 5.0
_TITLE = 80
_TURNS_BUSY_S = 5
_OVER = {JobState.failed, JobState.cancelled, JobState.done}


def say(
    service: Service,
    bench: Workbench,
    thread: Thread,
    text: str,
    *,
    choice: str = "",
    name: str = "",
    corpus: str = "",
    about: Reference | None = None,
) -> Turn:
    """Keep what a person says, and have it answered.

    Raises: Conflict: another turn of the thread is being answered; BudgetExceeded; HttpProblem (429).
    """
    if bench.settings.model != "extractive":
        demand_budget(bench.settings, bench.catalog.spending)
    place = len(revived(service, bench, thread)) + 1
    if bench.catalog.said.open_turns(bench.workspace) >= service.settings.max_turns:
        raise HttpProblem(
            HTTPStatus.TOO_MANY_REQUESTS,
            "too-many-turns",
            f"{service.settings.max_turns} turns of this workspace are being answered, which is the most at once.",
            "Send it again in a moment.",
            {"Retry-After": str(_TURNS_BUSY_S)},
        )
    about = about or Reference()
    # What is decided must not change when the turn is answered again after a crash, over a version that it made itself.
    seen = about.version or _newest(bench, thread.draft_id)
    turn = Turn(
        id=turn_id(thread.id, place),
        thread_id=thread.id,
        seq=place,
        by="person",
        at=datetime.now(UTC),
        name=name,
        text=text,
        about=about.model_copy(update={"draft_id": thread.draft_id, "version": seen}),
        choice=choice,
        corpus=corpus,
    )
    bench.catalog.said.add(bench.workspace, turn)
    if not thread.title and text.strip():
        bench.catalog.threads.put(thread.model_copy(update={"title": _titled(text)}))
    submit_turn(service, bench.workspace, turn)
    return turn


def submit_turn(service: Service, workspace: str, turn: Turn) -> None:
    """Have a turn answered. Twice is once."""
    payload = {"thread": turn.thread_id, "turn": turn.id}
    service.jobs.submit(workspace, KIND, payload, key=turn.id)


def revived(service: Service, bench: Workbench, thread: Thread) -> list[Turn]:
    """The turns of a thread, none of which waits for a job that will not come.

    A process that dies between keeping a turn and submitting its job leaves one without a job, and a job that was given up leaves one
    open: the first is submitted now, the second is told to have failed.
    """
    turns = bench.catalog.said.turns(bench.workspace, thread.id)
    waiting = next((one for one in turns if one.state is TurnState.open), None)
    if waiting is None:
        return turns
    job = service.jobs.get(bench.workspace, _job_of(bench.workspace, waiting))
    if job is None:
        submit_turn(service, bench.workspace, waiting)
        return turns
    if job.state not in _OVER:
        return turns
    error = job.error or told("cancelled", "The answer was stopped.", "Ask again.")
    state = TurnState.failed if job.state is JobState.failed else TurnState.cancelled
    _end(service, bench, waiting, state, error)
    return bench.catalog.said.turns(bench.workspace, thread.id)


def cancel_turn(service: Service, bench: Workbench, turn: Turn) -> Turn:
    """Stop a turn: from now on nobody adds to it. Returns: the turn as it is now."""
    if turn.state is TurnState.open:
        _end(
            service,
            bench,
            turn,
            TurnState.cancelled,
            told("cancelled", "You stopped the answer.", "Ask again."),
        )
        service.jobs.cancel(bench.workspace, _job_of(bench.workspace, turn))
    turns = bench.catalog.said.turns(bench.workspace, turn.thread_id)
    return next(one for one in turns if one.id == turn.id)


def follow_thread(service: Service, workspace: str, thread_id: str, turn: str) -> Feed:
    """The log of a thread. Args: turn: ends with this turn's last event; empty: it goes on for ever."""

    def read(after: int) -> Heard:
        with service.benches.use(workspace) as bench:
            return Heard(bench.catalog.said.events(workspace, thread_id, after))

    def ends(event: LoggedEvent) -> bool:
        return bool(turn) and event.type in TURN_OVER and event.data.get("turn") == turn

    return Feed(thread_id, read, ends, _PATIENCE_S)


def has_turn_over(bench: Workbench, thread_id: str, turn: str, after: int) -> bool:
    """Whether the reader has that turn's last event."""
    events = bench.catalog.said.events(bench.workspace, thread_id, 0)
    last = next((one for one in events if one.type in TURN_OVER and one.data.get("turn") == turn), None)
    return last is not None and last.seq <= after


def _end(service: Service, bench: Workbench, turn: Turn, state: TurnState, error: dict[str, object]) -> None:
    over = turn.model_copy(update={"state": state, "error": error})
    if bench.catalog.said.end(bench.workspace, over, error, None, None):
        service.bus.ring(turn.thread_id)


def _job_of(workspace: str, turn: Turn) -> str:
    return job_id(workspace, KIND, turn.id)


def _newest(bench: Workbench, draft_id: str | None) -> int | None:
    draft = bench.catalog.drafts.get(bench.workspace, draft_id) if draft_id else None
    return draft.version if draft else None


def _titled(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _TITLE else f"{line[:_TITLE].rstrip()} …"
