"""Commands in comments: `/story`, `/prd`, `/evidence`, `/duplicates`. Each is answered once, by a comment of its own.

The ticket's text is what the draft is about, as feedback is: data. Nothing in it is followed.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from api.pool import Benches
from api.runs import KIND, payload_of
from api.tickets.evidence_comment import evidence_of
from api.tickets.inert import inert_words
from api.tickets.texts import WHOLE, texts_of
from assistant.domain.draft import Draft, RequirementBlock, StoryBlock
from assistant.domain.escaping import markdown_words as escape
from assistant.domain.personal.find import masked
from assistant.domain.request import DraftRequest
from assistant.domain.ticket import Action, Connection, Effect, Ticket, TicketComment
from assistant.drafting.formats.tree import plain
from assistant.errors import BudgetExceeded, Cancelled, StoreError, VoxspecError
from assistant.jobs.port import Handler, Jobs, Progress
from assistant.llm.budget import demand_budget
from assistant.workbench import Workbench

_COMMAND = re.compile(r"\A(?:[ \t]*\r?\n)* {0,3}/([a-zA-Z][a-zA-Z_-]{0,30})(?=\s|\Z)")
"""The first word. Behind `>` it is somebody else's, behind a fence or four spaces it is code, and `/etc/hosts` is a path."""
_DRAFTS = {"story": "user_stories", "prd": "prd"}
"""Command → kind of draft."""
_BRIEF_CHARS = 4000
_TITLE_CHARS = 255
_ALIKE_SHOWN = 5
ASKED_IN = "asked_in"
"""In the payload of a draft's job: where its answer is written."""
HELP = (
    "Voxspec takes these as the first word of a comment: `/story` writes a story with acceptance criteria, `/prd` a PRD, "
    "`/evidence` says who asks for this, `/duplicates` lists what is alike."
)
TOO_LITTLE = "There is too little evidence for this: what the feedback says about it doesn't carry {what}."


@dataclass(frozen=True)
class Asked:
    """A comment that may hold a command."""

    connection: Connection
    ticket: Ticket
    comment: TicketComment


def command_of(text: str) -> str:
    """The command that a comment gives; empty where it gives none."""
    found = _COMMAND.match(text)
    return found[1].lower() if found else ""


def may_ask(connection: Connection, comment: TicketComment) -> bool:
    """Whether the connection answers who wrote a comment."""
    known = {one.casefold() for one in connection.asked_by}
    return not known or comment.author.casefold() in known


def answer(bench: Workbench, jobs: Jobs, asked: Asked) -> int:
    """Answer a comment's command, or start the draft that will. Done again, nothing is done twice.

    Returns: comments that are to be written now.
    """
    command = command_of(asked.comment.text)
    if not command or not asked.connection.tracker or not may_ask(asked.connection, asked.comment):
        return 0
    if command in _DRAFTS:
        return _start(bench, jobs, asked, _DRAFTS[command])
    if command == "evidence":
        return _say(bench, asked, evidence_of(bench, asked.ticket))
    if command == "duplicates":
        return _say(bench, asked, _alike(bench, asked))
    # Once under a ticket: other programs have commands of their own, and people try several.
    return _say(bench, asked, HELP, "help")


def then_answered(handler: Handler, benches: Benches, sent: Callable[[], None] | None = None) -> Handler:
    """A handler of drafts after which the comment that asked for one is answered, also where there is none to write."""

    def run(workspace: str, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
        where = payload.get(ASKED_IN)
        if where is None:
            return handler(workspace, payload, progress)
        try:
            outcome = handler(workspace, payload, progress)
        except (Cancelled, StoreError):
            raise
        except VoxspecError as problem:
            said = f"No draft was written. {inert_words(problem.message)}"
            _reply(benches, workspace, where, lambda _: said)
            raise
        _reply(benches, workspace, where, lambda bench: _told(bench, outcome))
        if sent is not None:
            sent()
        return outcome

    return run


def _start(bench: Workbench, jobs: Jobs, asked: Asked, kind: str) -> int:
    """Submit the draft, one for each comment, so that each is answered. One that was answered before is an edited one."""
    if _is_answered(bench, asked):
        return 0
    if bench.settings.model != "extractive":
        try:
            demand_budget(bench.settings, bench.catalog.spending)
        except BudgetExceeded as problem:
            return _say(bench, asked, inert_words(problem.message))
    brief = f"{asked.ticket.title}\n{asked.ticket.body}".strip()[:_BRIEF_CHARS]
    request = DraftRequest(kind=kind, brief=brief)
    where = {"connection": asked.connection.name, "ticket": asked.ticket.key, "comment": asked.comment.id}
    key = _key(**where)
    payload = payload_of(bench.workspace, request, 0, key) | {ASKED_IN: where}
    jobs.submit(bench.workspace, KIND, payload, key=key)
    return 0


def _reply(
    benches: Benches, workspace: str, where: Mapping[str, str], text: Callable[[Workbench], str]
) -> None:
    with benches.use(workspace) as bench:
        effect = _effect(where["connection"], where["ticket"], where["comment"], text(bench))
        bench.catalog.effects.add(workspace, [effect])


def _say(bench: Workbench, asked: Asked, text: str, of: str = "") -> int:
    if _is_answered(bench, asked, of):
        return 0
    effect = _effect(asked.connection.name, asked.ticket.key, of or asked.comment.id, text)
    bench.catalog.effects.add(bench.workspace, [effect])
    return 1


def _is_answered(bench: Workbench, asked: Asked, of: str = "") -> bool:
    key = _key(asked.connection.name, asked.ticket.key, of or asked.comment.id)
    return bench.catalog.effects.get(bench.workspace, key) is not None


def _effect(connection: str, ticket: str, comment: str, text: str) -> Effect:
    return Effect(
        key=_key(connection, ticket, comment),
        connection=connection,
        action=Action.comment,
        subject=f"command/{ticket}/{comment}",
        ticket=ticket,
        comment=text,
        made_at=datetime.now(UTC),
    )


def _key(connection: str, ticket: str, comment: str) -> str:
    return f"command/{connection}/{ticket}/{comment}"


def _told(bench: Workbench, outcome: Mapping[str, Any]) -> str:
    """The stories themselves; of a PRD, what it holds and where it is."""
    draft = bench.catalog.drafts.get(bench.workspace, outcome["draft_id"], outcome["version"])
    if draft is None:
        return "The draft that was written is gone."
    stories = [one for one in draft.blocks() if isinstance(one, StoryBlock)]
    if not stories:
        what = "a story" if draft.kind == "user_stories" else "a document"
        return f"{TOO_LITTLE.format(what=what)}\n\n{_state(bench, draft)}"
    texts = texts_of(draft, bench.settings.public_url, show_personal=bench.settings.show_personal_data)
    if draft.kind == "user_stories":
        written = [
            f"## {escape(one.text.title)}\n\n{one.text.body}" for one in texts if one.item.startswith("US-")
        ]
        return "\n\n".join([*written, _state(bench, draft)])
    return "\n\n".join([*_summary(draft, {one.item: one.text.title for one in texts}), _state(bench, draft)])


def _summary(draft: Draft, titles: Mapping[str, str]) -> Iterator[str]:
    blocks = list(draft.blocks())
    stories = [one.id for one in blocks if isinstance(one, StoryBlock)]
    requirements = sum(isinstance(one, RequirementBlock) for one in blocks)
    yield f"**{escape(titles.get(WHOLE, '') or plain(draft, draft.title))}**"
    yield f"{len(stories)} stories, {requirements} requirements:"
    yield "\n".join(f"- {name}: {escape(titles.get(name, ''))}" for name in stories)


def _state(bench: Workbench, draft: Draft) -> str:
    verdict = draft.report.verdict.value if draft.report else "not checked"
    name = f"{draft.id}, version {draft.version}"
    if bench.settings.public_url:
        name = f"[{name}]({bench.settings.public_url.rstrip('/')}/drafts/{draft.id})"
    return f"*{name}: {verdict}.*"


def _alike(bench: Workbench, asked: Asked) -> str:
    triage = bench.catalog.tickets.judged(bench.workspace, asked.connection.name, asked.ticket.key)
    alike = triage.alike[:_ALIKE_SHOWN] if triage else ()
    if not alike:
        return "Nothing that is known says the same as this ticket."
    rows = []
    for one in alike:
        title = one.title if bench.settings.show_personal_data else masked(one.title)
        name = one.ticket if one.connection == asked.connection.name else f"{one.connection} {one.ticket}"
        mark = ", a duplicate by its score" if one.is_duplicate else ""
        rows.append(
            f"- {escape(name.strip() or one.record_id)}: {inert_words(title[:_TITLE_CHARS])} ({one.score:.2f}{mark})"
        )
    return "\n".join(["**Alike**", "", *rows])
