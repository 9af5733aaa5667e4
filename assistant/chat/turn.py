"""`decide`: from a person's turn to what it comes to. Control flow is code's: nothing that was read in records or drafts chooses it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from assistant.chat.compare import compare, compare_versions
from assistant.chat.evidence import find_evidence
from assistant.chat.explain import Numbers, explain
from assistant.chat.intents.mentions import versions_named
from assistant.chat.intents.understand import Understood, understand
from assistant.chat.memory import subject_of, topic_before
from assistant.chat.orders import NARROWS, answered, asked_again, in_own_words, ordered
from assistant.chat.outcomes import Outcome, Restore, Say, Take, Write
from assistant.chat.passages import NO_DRAFT, propose_edit, revise_section
from assistant.chat.releases import unknown_release
from assistant.chat.replies import picked, taken
from assistant.chat.scoping import changed_scope, people_named
from assistant.chat.topics import bare, points_back
from assistant.domain.draft import Draft
from assistant.domain.edit import Edit
from assistant.domain.request import another_version
from assistant.domain.thread import Intent, Thread, Turn
from assistant.workbench import Workbench

HELP = (
    "I write from what your customers said, and prove each sentence. Ask me to write a PRD, user stories or an insight summary; "
    "to rewrite a section; to make a passage shorter, for sales, or with less jargon; to split a story or add a failure path; where a "
    "number comes from; what people say about something; to compare groups, periods or versions; to look at other records only; or to "
    "undo."
)
UNKNOWN = f"I can't tell what you want. {HELP}"
_ABOUT_WHAT = "Say about what: name a subject, such as a part of your product."
_ANSWERS = frozenset({Intent.evidence, Intent.explain, Intent.compare, Intent.help})
"""What may be asked between a question of ours and its answer."""
_EDITS = TypeAdapter(list[Edit])


@dataclass(frozen=True)
class Decided:
    """What is wanted, and what comes of it."""

    intent: Intent
    outcome: Outcome


def decide(bench: Workbench, thread: Thread, turns: Sequence[Turn], turn: Turn) -> Decided:
    """Work out a person's turn.

    Args:
        turns: of the thread, before this one.

    Raises: StoreError; ModelError and UsageError of the embedder.
    """
    open_question = _open_question(turns)
    if open_question is not None:
        answer = picked(open_question, turn)
        if answer is not None:
            return Decided(Intent.reply, answered(bench, turns, open_question, answer))
    if (offered := _offered(turns)) is not None and (takes := taken(turn)) is not None:
        return Decided(Intent.reply, offered if takes else Say("It stays as it is."))
    understood = understand(turn.text, lambda: bench.speech, bench.model)
    if open_question is not None and not understood.is_sure and bare(understood.words):
        asks_back = understood.intent in _ANSWERS and understood.words.endswith(("?", "？"))
        if not asks_back:
            own = in_own_words(bench, turns, open_question, understood.words)
            return Decided(Intent.reply, own or asked_again(bench, turns, open_question))
    return Decided(understood.intent, _outcome(bench, thread, turns, turn, understood))


def _outcome(
    bench: Workbench, thread: Thread, turns: Sequence[Turn], turn: Turn, understood: Understood
) -> Outcome:
    words = understood.words
    draft = _draft_of(bench, thread, turn)
    match understood.intent:
        case Intent.draft:
            return ordered(bench, thread, turns, turn, words, draft)
        case Intent.evidence:
            return _found(bench, thread, turns, turn, words, draft)
        case Intent.explain:
            return explain(bench, Numbers(draft, turns), words, turn.about)
        case Intent.compare:
            versions = versions_named(words)
            return (
                _versions(bench, draft, versions)
                if len(versions) == 2
                else compare(bench, words, thread.scope, topic_before(bench, turns, draft))
            )
        case Intent.scope:
            return _rescoped(bench, thread, turns, draft, words)
        case Intent.edit:
            return propose_edit(draft, words, turn.about) if draft else Say(NO_DRAFT)
        case Intent.revise:
            return revise_section(bench, draft, words, turn.about) if draft else Say(NO_DRAFT)
        case Intent.undo:
            return Restore(draft.id, draft.version) if draft else Say(NO_DRAFT)
        case Intent.help:
            return Say(HELP)
        case Intent.unknown | Intent.reply:
            return Say(UNKNOWN)


def _open_question(turns: Sequence[Turn]) -> Turn | None:
    last = next((turn for turn in reversed(turns) if turn.by == "voxspec"), None)
    return last if last is not None and last.question is not None and last.order is not None else None


def _offered(turns: Sequence[Turn]) -> Take | None:
    """What was proposed last, where nothing was answered since."""
    last = next((turn for turn in reversed(turns) if turn.by == "voxspec"), None)
    if last is None or not last.proposal or not last.proposal.get("edits"):
        return None
    held = last.proposal
    return Take(held["draft_id"], held["version"], tuple(_EDITS.validate_python(held["edits"])))


def _draft_of(bench: Workbench, thread: Thread, turn: Turn) -> Draft | None:
    known = turn.about.draft_id or thread.draft_id
    return bench.catalog.drafts.get(bench.workspace, known, turn.about.version) if known else None


def _versions(bench: Workbench, draft: Draft | None, versions: tuple[int, ...]) -> Outcome:
    if draft is None:
        return Say(NO_DRAFT)
    first, second = (bench.catalog.drafts.get(bench.workspace, draft.id, one) for one in sorted(versions))
    if first is None or second is None:
        return Say("The draft has no version of that number.")
    return compare_versions(first, second)


def _found(
    bench: Workbench, thread: Thread, turns: Sequence[Turn], turn: Turn, words: str, draft: Draft | None
) -> Outcome:
    """What is said of the subject of the turn, else of the one before; by those whom the words name."""
    subject = subject_of(bench, turn, words)
    topic = subject.text or topic_before(bench, turns, draft)
    if not topic and points_back(words):
        return Say(_ABOUT_WHAT)
    if unknown := unknown_release(bench, words):
        return Say(unknown)
    scope, note = thread.scope, subject.note
    narrowed = changed_scope(bench, words, thread.scope)
    if narrowed is not None and NARROWS.search(words):
        scope = narrowed
    elif narrowed is not None:
        # A source may be what is spoken of; a group of customers and a period never are.
        people = people_named(bench, words)
        kept: dict[str, object] = {
            "segments": narrowed.segments,
            "since": narrowed.since,
            "until": narrowed.until,
        }
        if any(one.field == "languages" for one in people):
            kept["languages"] = narrowed.languages
        scope = thread.scope.model_copy(update=kept)
        only = [one.shown for one in people]
        note = f"{note} Counted among those with {', '.join(only)}.".strip() if only else note
    if topic and not subject.text:
        note = f"About “{topic}”. {note}".strip()
    return find_evidence(bench, topic, scope, note)


def _rescoped(
    bench: Workbench, thread: Thread, turns: Sequence[Turn], draft: Draft | None, words: str
) -> Outcome:
    scope = changed_scope(bench, words, draft.scope if draft else thread.scope)
    if unknown := unknown_release(bench, words):
        return Say(unknown)
    if scope is None:
        return Say(
            "Say which records count: by a source, a language, a segment's value, a period, a release or a rating."
        )
    if draft is None:
        note = "From now on, only those records count in this chat."
        topic = topic_before(bench, turns, draft)
        said = find_evidence(bench, topic, scope, f"{note} About “{topic}”:") if topic else Say(note)
        return replace(said, scope=scope)
    if scope == draft.scope:
        return Say("The draft looks at just those records already.", scope=scope)
    note = "Written again over those records."
    return Write(another_version(draft, scope=scope), draft.version, note, scope)
