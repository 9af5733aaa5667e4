"""The answer to a turn of a chat as a message: words with their citations, a question with numbered options, a change to look at."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.facade.answer import Address, Answer, annotations_of, answer_of, footnotes
from api.shown import shown_draft, shown_turn
from assistant.chat.notes import filled
from assistant.domain.draft import PLACEHOLDER
from assistant.domain.escaping import markdown_words as escape
from assistant.domain.events import LoggedEvent
from assistant.domain.thread import Turn
from assistant.errors import NotFound
from assistant.workbench import Workbench

_CHOOSE = "Reply with a number, “skip”, or “just draft”."
_LONGEST_SHOWN = 600


def spoken(bench: Workbench, thread_id: str, turn: str, address: Address) -> Answer:
    """The message that answers a turn. Raises: NotFound: the thread or what was written in it is gone."""
    turns = bench.catalog.said.turns(bench.workspace, thread_id)
    held = next((one for one in turns if one.answers == turn), None)
    if held is None:
        raise NotFound("The answer is gone.", hint="Ask again.")
    answer = shown_turn(bench.settings, held)
    events = [
        one
        for one in bench.catalog.said.events(bench.workspace, thread_id, 0)
        if one.data.get("turn") == turn
    ]
    written = _last(events, "draft.completed")
    if written:
        return _document(bench, answer, written, address)
    if answer.question is not None:
        return _plain(thread_id, _question(answer))
    if (offer := _last(events, "turn.proposal")) and answer.proposal:
        return _plain(thread_id, [escape(answer.text), *_changes(offer)])
    return _sentences(thread_id, answer, address)


def _last(events: Sequence[LoggedEvent], kind: str) -> Mapping[str, Any]:
    return next((one.data for one in reversed(events) if one.type == kind), {})


def _document(bench: Workbench, answer: Turn, written: Mapping[str, Any], address: Address) -> Answer:
    name, version = str(written["draft_id"]), int(written["version"])
    draft = bench.catalog.drafts.get(bench.workspace, name, version)
    if draft is None:
        raise NotFound(f"The draft {name[:60]} is gone.", hint="Ask for it again.")
    told = answer_of(shown_draft(bench.settings, draft), address)
    note = escape(answer.text)
    shift = len(note) + 2 if note else 0
    citations = [one["url_citation"] for one in told.annotations]
    moved = tuple(
        {
            "type": "url_citation",
            "url_citation": one
            | {"start_index": one["start_index"] + shift, "end_index": one["end_index"] + shift},
        }
        for one in citations
    )
    blocks = (note, *told.blocks) if note else told.blocks
    return Answer(
        blocks, moved, told.draft_id, told.version, told.verdict, told.url, thread_id=answer.thread_id
    )


def _question(answer: Turn) -> list[str]:
    assert answer.question is not None
    lines = []
    for number, one in enumerate(answer.question.options, start=1):
        reason = f" — {escape(filled(answer.body, one.reason))}" if one.reason else ""
        lines.append(f"{number}. {escape(filled(answer.body, one.text))}{reason}")
    return [escape(filled(answer.body, answer.question.text)), "\n".join(lines), _CHOOSE]


def _changes(offer: Mapping[str, Any]) -> list[str]:
    blocks = []
    for change in offer["diff"]["changes"]:
        lines = [f"**{escape(change['target'])}** ({change['type']})"]
        for sign, text in (("−", change["before"]), ("+", change["after"])):
            if text:
                short = " ".join(text.split())
                cut = short if len(short) <= _LONGEST_SHOWN else f"{short[:_LONGEST_SHOWN]} …"
                lines.append(f"- {sign} {escape(cut)}")
        blocks.append("\n".join(lines))
    return blocks


def _sentences(thread_id: str, answer: Turn, address: Address) -> Answer:
    body = answer.body
    blocks = [escape(answer.text)] if answer.text else []
    cited: dict[str, None] = {}
    for name in body.claim_ids:
        claim = body.claims[name]
        shown = [one for one in PLACEHOLDER.findall(claim.text) if one in body.quotes]
        quotes = dict.fromkeys((*shown, *claim.quote_ids, *claim.counter_quote_ids))
        marks = "".join(f"[^{one}]" for one in quotes if one in body.quotes)
        cited |= quotes
        blocks.append(escape(filled(body, claim.text)) + marks)
    annotations: list[dict[str, Any]] = []
    position = 0
    for block in blocks:
        annotations += annotations_of(body.quotes, block, position, address)
        position += len(block) + 2
    blocks += footnotes(body.quotes, list(cited), address)
    return Answer(tuple(blocks), tuple(annotations), "", 0, "", "", thread_id=thread_id)


def _plain(thread_id: str, blocks: Sequence[str]) -> Answer:
    return Answer(tuple(blocks), (), "", 0, "", "", thread_id=thread_id)
