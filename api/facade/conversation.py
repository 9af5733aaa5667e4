"""A conversation of a chat client as a thread of ours.

Clients send the whole history with every request. What the person said so far names the thread; what a client says that we said is
never read: our own answers are in the thread. A history that we have no thread of is said again, turn by turn.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from api.deps import Service
from api.facade.wire import refused
from api.threads import revived, say
from assistant.domain.access import Principal
from assistant.domain.base import digest
from assistant.domain.thread import LONGEST_TEXT, Thread, Turn, TurnState
from assistant.workbench import Workbench

_MOST_TEXTS = 200
_MOST_REPLAYED = 20
_MOST_TIMES = 50


def advance(service: Service, workspace: str, who: Principal, texts: Sequence[str]) -> tuple[Turn, bool]:
    """The next turn that has to be over, begun where it isn't; call again until it is the last.

    Returns: the turn, and whether it is that of the last text.
    Raises: HttpProblem: too much at once; Conflict; BudgetExceeded.
    """
    if len(texts) > _MOST_TEXTS or any(len(text) > LONGEST_TEXT for text in texts):
        raise refused(
            "messages", f"A chat has at most {_MOST_TEXTS} messages of {LONGEST_TEXT:,} characters each."
        )
    with service.benches.use(workspace) as bench:
        corpus = bench.catalog.records.snapshot(workspace)
        thread = _thread_of(bench, who, texts, corpus)
        said = [one for one in revived(service, bench, thread) if one.by == "person"]
        place = len(said)
        if place >= len(texts):
            return said[len(texts) - 1], True
        if said and said[-1].state is TurnState.open:
            return said[-1], False
        if len(texts) - place > _MOST_REPLAYED:
            raise refused(
                "messages", f"More than {_MOST_REPLAYED} messages are new to us. Start another chat."
            )
        name = who.name if who.key_id else ""
        return say(service, bench, thread, texts[place], name=name, corpus=corpus), place + 1 == len(texts)


def _thread_of(bench: Workbench, who: Principal, texts: Sequence[str], corpus: str) -> Thread:
    """The newest thread in which just this was said, more or less far; a new one where there is none."""
    fits: Thread | None = None
    free = ""
    for time in range(_MOST_TIMES):
        ids = [_id(bench, who, time, texts[:size]) for size in range(len(texts), 0, -1)]
        held = [one for name in ids if (one := bench.catalog.threads.get(bench.workspace, name)) is not None]
        if not free and all(one.id != ids[0] for one in held):
            free = ids[0]
        fits = next((one for one in held if _fits(bench, one, texts, corpus)), fits)
        if not held:
            break
    return fits or _begun(bench, free or _id(bench, who, _MOST_TIMES, texts))


def _fits(bench: Workbench, thread: Thread, texts: Sequence[str], corpus: str) -> bool:
    said = [one for one in bench.catalog.said.turns(bench.workspace, thread.id) if one.by == "person"]
    if any(one.text != text for one, text in zip(said, texts, strict=False)):
        return False
    # The same words again are answered again where the records have changed since.
    return (
        len(said) < len(texts)
        or said[len(texts) - 1].state is TurnState.open
        or (said[len(texts) - 1].corpus, said[len(texts) - 1].state) == (corpus, TurnState.done)
    )


def _begun(bench: Workbench, name: str) -> Thread:
    thread = Thread(id=name, workspace=bench.workspace, created_at=datetime.now(UTC))
    if bench.catalog.threads.get(bench.workspace, name) is None:
        bench.catalog.threads.put(thread)
    return thread


def _id(bench: Workbench, who: Principal, time: int, texts: Sequence[str]) -> str:
    return "thr_" + digest("conversation", bench.workspace, who.key_id, time, list(texts), size=8)
