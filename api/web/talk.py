"""A chat as pages show it: who said what, with the proof of each answer, the open question, and the turn that is being answered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.shown import shown_turn
from assistant.chat.notes import filled
from assistant.domain.events import LoggedEvent
from assistant.domain.thread import Thread, Turn, TurnState
from assistant.workbench import Workbench

QuoteLink = Callable[[str, int, int, str], str]
"""Record, start, end, revision → address of the passage."""
_CHOSEN = {
    "skip": "Skip this question",
    "just_draft": "Just draft it",
    "apply": "Apply the change",
    "discard": "Leave it as it is",
}


@dataclass(frozen=True)
class Sentence:
    """A sentence of an answer."""

    text: str
    stance: str
    cites: Sequence[tuple[str, str]]
    """Quote's words, address of its passage."""


@dataclass(frozen=True)
class Choice:
    """An option of a question."""

    id: str
    text: str
    reason: str
    recommended: bool


@dataclass(frozen=True)
class Line:
    """One message."""

    by: str
    text: str
    sentences: Sequence[Sentence] = ()
    choices: Sequence[Choice] = ()
    """Of the question that waits for an answer."""
    draft: tuple[str, int] | None = None
    offer: Sequence[dict[str, Any]] | None = None
    """Of the proposal that waits for a yes or no: what would change, as `draft_diff.Change`; None: there is none."""
    problem: str = ""


@dataclass(frozen=True)
class Talk:
    """A chat."""

    id: str
    title: str
    lines: Sequence[Line]
    open: str
    """Id of the turn that is being answered; empty: none is."""
    since: int
    """Number of the last event before that turn: a reader who follows from here sees its whole answer."""
    draft_id: str | None
    spent: str


def talk_of(bench: Workbench, thread: Thread, turns: Sequence[Turn], link: QuoteLink) -> Talk:
    """A chat for its page. Args: turns: as stored, without masks."""
    shown = [shown_turn(bench.settings, one) for one in turns]
    waiting = next((one for one in shown if one.state is TurnState.open), None)
    lines: list[Line] = []
    is_offered = bool(shown and shown[-1].proposal)
    events = bench.catalog.said.events(bench.workspace, thread.id, 0) if waiting or is_offered else []
    for place, one in enumerate(shown):
        is_last = place == len(shown) - 1
        lines.append(_person(one, shown[:place]) if one.by == "person" else _answer(one, link, is_last))
    if is_offered:
        lines[-1] = replace(lines[-1], offer=_changes(events, shown[-1]), draft=None)
    since = 0
    if waiting is not None:
        own = [one.seq for one in events if one.data.get("turn") == waiting.id]
        since = own[0] - 1 if own else (events[-1].seq if events else 0)
    return Talk(
        thread.id,
        thread.title,
        lines,
        waiting.id if waiting else "",
        since,
        thread.draft_id,
        _spent(shown),
    )


def _person(turn: Turn, before: Sequence[Turn]) -> Line:
    text = turn.text
    if turn.choice and not text:
        asked = next((one for one in reversed(before) if one.question is not None), None)
        options = asked.question.options if asked and asked.question else ()
        named = next((filled(asked.body, one.text) for one in options if asked and one.id == turn.choice), "")
        text = named or _CHOSEN.get(turn.choice, turn.choice)
    if turn.about.selected:
        text = f"{text}\n“{turn.about.selected}”"
    told = turn.error or {}
    problem = " ".join(str(told.get(name, "")) for name in ("message", "hint")).strip()
    return Line("person", text, problem=problem)


def _answer(turn: Turn, link: QuoteLink, is_last: bool) -> Line:
    body = turn.body
    sentences = []
    for name in body.claim_ids:
        claim = body.claims[name]
        held = [body.quotes[one] for one in claim.quote_ids if one in body.quotes]
        cites = [(q.text, link(q.record_id, q.start, q.end, q.revision)) for q in held]
        sentences.append(Sentence(filled(body, claim.text), claim.stance.value, cites))
    options = turn.question.options if turn.question is not None and is_last else ()
    choices = [
        Choice(one.id, filled(body, one.text), filled(body, one.reason), one.recommended) for one in options
    ]
    about = turn.about
    draft = (about.draft_id, about.version) if about.draft_id and about.version else None
    return Line("voxspec", filled(body, turn.text), sentences, choices, draft)


def _changes(events: Sequence[LoggedEvent], answer: Turn) -> list[dict[str, Any]]:
    """What a proposal would change, as its event told it."""
    told = (one.data for one in events if one.type == "turn.proposal")
    own = next((data for data in told if data.get("turn") == answer.answers), {})
    changes: list[dict[str, Any]] = own.get("diff", {}).get("changes", [])
    return changes


def _spent(turns: Sequence[Turn]) -> str:
    """What the language model took so far: calls, tokens, and money where the price is known."""
    held = [one.usage for one in turns if one.usage]
    calls = sum(int(one.get("calls") or 0) for one in held)
    if not calls:
        return ""
    tokens = sum(int(one.get("tokens_in") or 0) + int(one.get("tokens_out") or 0) for one in held)
    costs = [one.get("cost") for one in held]
    money = "" if any(one is None for one in costs) else f", ${sum(float(one or 0) for one in costs):.4f}"
    return f"{calls:,} model call{'' if calls == 1 else 's'}, {tokens:,} tokens{money}"
