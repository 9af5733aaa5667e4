"""The answering of a turn as a job: what chat decided is carried out here, through the gate, and told as events.

The handler runs again from its start after a crash. Everything that it decides depends on the stored thread and records alone, so
the events that are stored already come again and are skipped (`api.recorder`), and finished model calls come from the call store.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from api.bus import Ring
from api.changes import offer_of, take, told_offer, words_of
from api.grounding import grounded
from api.hooks.telling import tell_draft
from api.pool import Benches
from api.recorder import Recorder
from api.runs import told_of
from api.turnstile import Turnstile
from api.writing import written_or_saved
from assistant.chat.notes import filled
from assistant.chat.outcomes import Ask, Propose, Restore, Say, Take, Write
from assistant.chat.passages import told_shorter
from assistant.chat.turn import decide
from assistant.domain.draft import Draft
from assistant.domain.draft_diff import Cause
from assistant.domain.events import ThreadEvent
from assistant.domain.personal.views import masked_mapping
from assistant.domain.thread import Body, Reference, Thread, Turn, TurnState, turn_id
from assistant.drafting.formats.describe import describe
from assistant.errors import Cancelled, Conflict, NotFound, StoreError, UsageError, VoxspecError
from assistant.jobs.port import Handler, Progress
from assistant.llm.budget import metered
from assistant.llm.prices import cost_of, prices_of
from assistant.workbench import Workbench
from evals.editing.amend import Stale, undo
from evals.editing.rehearse import rehearse
from evals.gate import usage

KIND = "turn"
_BY = "chat"
UNPROVEN = (
    "What there was to say can't be proven, so it isn't said. Ask in other words, or narrow what counts."
)


def turn_handler(benches: Benches, ring: Ring, turnstile: Turnstile) -> Handler:
    """What answers a turn. Its payload holds the ids of the thread and the turn."""
    return partial(_run_turn, benches, ring, turnstile)


def _run_turn(
    benches: Benches,
    ring: Ring,
    turnstile: Turnstile,
    workspace: str,
    payload: Mapping[str, Any],
    progress: Progress,
) -> Mapping[str, Any]:
    with benches.use(workspace) as bench:
        thread = bench.catalog.threads.get(workspace, payload["thread"])
        turns = bench.catalog.said.turns(workspace, payload["thread"])
        turn = next((one for one in turns if one.id == payload["turn"]), None)
        if thread is None or turn is None:
            raise NotFound("The thread of this turn is gone.", hint="Start another one.")
        if turn.state is not TurnState.open:
            return {"thread": thread.id, "turn": turn.id}
        running = _Running(bench, thread, turns[: turn.seq - 1], turn, ring, turnstile, progress)
        try:
            running.answer()
        except Cancelled as problem:
            running.fail(problem, TurnState.cancelled)
            raise
        except VoxspecError as problem:
            # A store that is away for a moment is tried again, by the job.
            if type(problem) is not StoreError:
                running.fail(problem, TurnState.failed)
            raise
        except Exception as problem:  # a bug ends its job, not its turn: an open one would keep its readers waiting; raised on, the job logs it
            running.fail(_unforeseen(problem), TurnState.failed)
            raise
        return {"thread": thread.id, "turn": turn.id}


class _Running:
    """One turn while it is answered."""

    def __init__(
        self,
        bench: Workbench,
        thread: Thread,
        turns: list[Turn],
        turn: Turn,
        ring: Callable[[str], None],
        turnstile: Turnstile,
        progress: Progress,
    ) -> None:
        self.bench = bench
        self.thread = thread
        self.turns = turns
        self.turn = turn
        self.ring = ring
        self.turnstile = turnstile
        self.progress = progress
        self.by = turn.name or _BY
        self.steps = 0
        self.log = Recorder(
            bench.catalog.said, bench.workspace, thread.id, event=ThreadEvent, ring=ring, turn=turn.id
        )

    def tell(self, event_type: str, data: Mapping[str, Any]) -> None:
        """Log an event; this is also where a stopped turn stops. Raises: Cancelled."""
        self.steps += event_type == "step.completed"
        self.progress(self.steps, None, str(data.get("step", "answering"))[:200])
        shown = data if self.bench.settings.show_personal_data else masked_mapping(data)
        self.log.emit(event_type, shown)

    def answer(self) -> None:
        """Decide, carry out, keep the outcome."""
        self.tell("turn.started", {"text": self.turn.text, "by": self.turn.by})
        with metered(self.bench.settings) as meter:
            decided = decide(self.bench, self.thread, self.turns, self.turn)
            self.turn = self.turn.model_copy(update={"intent": decided.intent})
            match decided.outcome:
                case Say() as said:
                    answer, thread = self._say(said)
                case Ask() as ask:
                    answer, thread = self._ask(ask)
                case Write() as order:
                    answer, thread = self._write(order)
                case Propose() as proposed:
                    answer, thread = self._propose(proposed)
                case Take() as wanted:
                    answer, thread = self._take(wanted)
                case Restore() as restore:
                    answer, thread = self._restore(restore)
        took = {
            "calls": meter.calls,
            "tokens_in": meter.tokens_in,
            "tokens_out": meter.tokens_out,
            "cost": self._cost(meter.tokens_in, meter.tokens_out) if meter.calls else 0.0,
        }
        self._end(answer.model_copy(update={"usage": took}), thread, took)

    def fail(self, problem: VoxspecError, state: TurnState) -> None:
        """Keep that the turn failed or was stopped; where it is over already, that stays."""
        told = told_of(problem)
        over = self.turn.model_copy(update={"state": state, "error": told})
        if self.bench.catalog.said.end(self.bench.workspace, over, told, None, None):
            self.ring(self.thread.id)

    def _end(self, answer: Turn, thread: Thread, took: Mapping[str, Any]) -> None:
        self.log.flush()
        over = self.turn.model_copy(update={"state": TurnState.done})
        last = {
            "intent": str(self.turn.intent),
            "answer": answer.id,
            "draft_id": answer.about.draft_id,
            "version": answer.about.version,
            "usage": took,
            "cost": took["cost"],
            "seconds": round((datetime.now(UTC) - self.turn.at).total_seconds(), 3),
        }
        if not self.bench.catalog.said.end(self.bench.workspace, over, last, answer, thread):
            raise Cancelled("The turn was stopped.", hint="Send another one.")
        self.ring(self.thread.id)

    def _say(self, said: Say) -> tuple[Turn, Thread]:
        body = grounded(self.bench, said.body)
        if said.body.claim_ids and not body.claim_ids:
            said = replace(said, note=UNPROVEN)
        self._tell_words(said.note, body)
        thread = self._with(scope=said.scope) if said.scope is not None else self.thread
        return self._answer(said.note, body=body, about=said.about), thread

    def _ask(self, ask: Ask) -> tuple[Turn, Thread]:
        question = ask.question
        options = [
            {
                "id": one.id,
                "text": filled(ask.body, one.text),
                "reason": filled(ask.body, one.reason),
                "recommended": one.recommended,
            }
            for one in question.options
        ]
        told = {"id": question.id, "topic": question.topic, "text": filled(ask.body, question.text)}
        also = {"facts": _facts(ask.body), "always": ["skip", "just_draft"]}
        self.tell("turn.question", {**told, "options": options, **also})
        answer = self._answer(question.text, body=ask.body)
        return answer.model_copy(update={"question": question, "order": ask.order}), self.thread

    def _write(self, order: Write) -> tuple[Turn, Thread]:
        if order.note:
            self.tell("turn.text.delta", {"text": order.note})
        held: dict[str, Any] = {}
        self.tell("draft.created", {"kind": order.request.kind, "brief": order.request.brief})

        def emit(event_type: str, data: Mapping[str, Any]) -> None:
            if event_type == "draft.completed":
                held.update(data)
            elif event_type not in {"draft.created", "draft.failed"}:
                self.tell(event_type, data)

        with self.turnstile.place(self.progress) as place:
            told = place.following(emit)
            draft = written_or_saved(self.bench, order.request, order.parent_version, told)
        self._tell_draft(draft, held)
        thread = self._with(draft_id=draft.id, **({"scope": order.scope} if order.scope else {}))
        note = order.note
        if order.is_shorter:
            before = self.bench.catalog.drafts.get(self.bench.workspace, draft.id, order.parent_version)
            note = told_shorter(before or draft, draft)
            self.tell("turn.text.delta", {"text": note})
        return self._answer(note, about=Reference(draft_id=draft.id, version=draft.version)), thread

    def _tell_draft(self, draft: Draft, held: Mapping[str, Any]) -> None:
        verdict = draft.report.verdict.value if draft.report else ""
        told = {"draft_id": draft.id, "version": draft.version, "verdict": verdict, "usage": usage(draft)}
        self.tell("draft.completed", {**held, **told})
        tell_draft(self.bench, draft)

    def _propose(self, proposed: Propose) -> tuple[Turn, Thread]:
        found = rehearse(self.bench, proposed.draft_id, proposed.version, proposed.edits, by=self.by)
        note = words_of(proposed, found)
        if found.problem is not None:
            return self._say(Say(note))
        offer = offer_of(proposed, found)
        # Masked already where it is shown: what would take a masked wording is the wish for it.
        self.log.emit("turn.proposal", {**told_offer(self.bench.settings, offer, found), "text": note})
        about = Reference(draft_id=proposed.draft_id, version=proposed.version)
        return self._answer(note, about=about).model_copy(update={"proposal": offer}), self.thread

    def _take(self, wanted: Take) -> tuple[Turn, Thread]:
        try:
            draft, is_new = take(self.bench, wanted, by=self.by, since=self.turn.at)
        except (UsageError, Conflict) as problem:
            return self._say(Say(f"{problem.message} {problem.hint or ''}".strip()))
        if not is_new:
            return self._say(Say("The draft says so already."))
        note = f"Done: version {draft.version}. Say “undo” to take it back."
        return self._changed(draft, note), self.thread

    def _changed(self, draft: Draft, note: str) -> Turn:
        self.tell("turn.text.delta", {"text": note})
        self._tell_draft(draft, {})
        return self._answer(note, about=Reference(draft_id=draft.id, version=draft.version))

    def _restore(self, restore: Restore) -> tuple[Turn, Thread]:
        newest = self._undone_before(restore)
        if newest is None:
            try:
                outcome = undo(self.bench, restore.draft_id, version=restore.version, by=self.by)
            except Conflict as problem:
                return self._say(Say(problem.message))
            if isinstance(outcome, Stale):
                return self._say(
                    Say("Somebody else changed the draft meanwhile. Look at it, and say it again.")
                )
            newest = outcome.draft
        note = "The last change is taken back; it stands as a new version."
        return self._changed(newest, note), self._with(scope=newest.scope)

    def _undone_before(self, restore: Restore) -> Draft | None:
        """The version that this turn made before its process was killed."""
        history = self.bench.catalog.history
        made = [
            note.version
            for note in history.notes(self.bench.workspace, restore.draft_id)
            if (note.version, note.cause, note.by) == (restore.version + 1, Cause.undo, self.by)
        ]
        return (
            self.bench.catalog.drafts.get(self.bench.workspace, restore.draft_id, made[0]) if made else None
        )

    def _tell_words(self, note: str, body: Body) -> None:
        if note:
            self.tell("turn.text.delta", {"text": note})
        for name, quote in body.quotes.items():
            span = {"record_id": quote.record_id, "start": quote.start, "end": quote.end}
            self.tell("turn.citation.added", {"quote": name, **span, "text": quote.text})
        for name in body.claim_ids:
            claim = body.claims[name]
            own = Body(facts={key: body.facts[key] for key in claim.fact_ids}, selections=body.selections)
            proof = {"quotes": claim.quote_ids, "against": claim.counter_quote_ids, "facts": _facts(own)}
            told = {"claim": name, "text": filled(body, claim.text), "stance": claim.stance.value}
            self.tell("turn.text.delta", {**told, **proof})

    def _answer(self, text: str, *, body: Body | None = None, about: Reference | None = None) -> Turn:
        place = self.turn.seq + 1
        return Turn(
            id=turn_id(self.thread.id, place),
            thread_id=self.thread.id,
            seq=place,
            by="voxspec",
            at=datetime.now(UTC),
            text=text,
            intent=self.turn.intent,
            state=TurnState.done,
            answers=self.turn.id,
            body=body or Body(),
            about=about or Reference(),
        )

    def _with(self, **changes: Any) -> Thread:
        return self.thread.model_copy(update=changes)

    def _cost(self, tokens_in: int, tokens_out: int) -> float | None:
        settings = self.bench.settings
        return cost_of(prices_of(settings), settings.model, tokens_in, tokens_out)


def _facts(body: Body) -> list[dict[str, str]]:
    return [
        {
            "id": fact.id,
            "value": fact.display,
            "unit": fact.unit,
            "query": describe(fact, body.selections),
        }
        for fact in body.facts.values()
    ]


def _unforeseen(problem: Exception) -> VoxspecError:
    return VoxspecError(
        f"The answer stopped on an unexpected error ({type(problem).__name__}).",
        hint="Ask again. The server's log says where it happened.",
    )
