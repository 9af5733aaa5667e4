"""Orders of drafts: from the words that begin one, through the questions about it, to what is to be written."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.chat.clarify import MOST_QUESTIONS, chosen, first_open, next_question
from assistant.chat.intents.mentions import kind_named
from assistant.chat.intents.own_words import own_words
from assistant.chat.memory import Subject, subject_of, topic_before
from assistant.chat.outcomes import Ask, Outcome, Say, Write
from assistant.chat.releases import unknown_release
from assistant.chat.replies import Picked, wants_no_questions
from assistant.chat.scoping import changed_scope
from assistant.chat.topics import bare, points_back, topic_of
from assistant.domain.draft import Draft
from assistant.domain.request import DraftRequest
from assistant.domain.thread import Order, Thread, Turn
from assistant.workbench import Workbench

NARROWS = re.compile(
    r"\b(?:only|just|without|exclud\w*|except|nur|ohne|seulement|uniquement|sans|solo|sólo|sin)\b|だけ|のみ|只|仅",
    re.IGNORECASE,
)
_JUST_WRITE = re.compile(r"\bjust (?:draft|write|do)\b", re.IGNORECASE)
_LANGUAGE = "en"
_NO_ANSWER = "That is no answer to what I asked. "


def ordered(
    bench: Workbench, thread: Thread, turns: Sequence[Turn], turn: Turn, words: str, draft: Draft | None
) -> Outcome:
    """What comes of words that want a draft: a question about it, or the order to write it."""
    if unknown := unknown_release(bench, words):
        return Say(unknown)
    order, subject = _order(bench, thread, turn, words)
    if not order.brief and (points_back(words) or wants_no_questions(words)):
        order = order.model_copy(update={"brief": topic_before(bench, turns, draft)})
    if wants_no_questions(words):
        outcome: Outcome = _settled(bench, order, words)
    else:
        outcome = _write(bench, order, words, asked_before(turns))
    return replace(outcome, note=subject.note) if isinstance(outcome, Write) else outcome


def answered(bench: Workbench, turns: Sequence[Turn], asked: Turn, answer: Picked) -> Outcome:
    """What comes of the answer to a question: the next one, or the order to write."""
    assert asked.question is not None
    assert asked.order is not None
    words = _first_words(turns, asked)
    option = answer.option or asked.question.options[0]
    order = chosen(asked.order, asked.question, option, assumed=answer.option is None)
    if answer.just_draft:
        return _settled(bench, order, words)
    return _write(bench, order, words, asked_before(turns))


def in_own_words(bench: Workbench, turns: Sequence[Turn], asked: Turn, words: str) -> Outcome | None:
    """The same for an answer that is none of the options; None where the words don't answer what was asked."""
    assert asked.question is not None
    assert asked.order is not None
    order, topic = asked.order, asked.question.topic
    settled = (*order.settled, topic)
    if topic == "kind" and (kind := kind_named(words)):
        order = order.model_copy(update={"kind": kind})
    elif topic in ("subject", "evidence"):
        order = order.model_copy(update={"brief": topic_of(words) or bare(words) or words})
    elif topic in ("segment", "period") and (scope := changed_scope(bench, words, order.scope)) is not None:
        order = order.model_copy(update={"scope": scope})
    else:
        return None
    order = order.model_copy(update={"settled": settled})
    return _write(bench, order, _first_words(turns, asked), asked_before(turns))


def asked_again(bench: Workbench, turns: Sequence[Turn], asked: Turn) -> Outcome:
    """The same question once more; where enough was asked, its first answer is taken for granted."""
    assert asked.question is not None
    assert asked.order is not None
    if asked_before(turns) >= MOST_QUESTIONS or asked.question.text.startswith(_NO_ANSWER):
        return answered(bench, turns, asked, Picked(None))
    text = f"{_NO_ANSWER}{asked.question.text}"
    return Ask(asked.question.model_copy(update={"text": text}), asked.order, asked.body)


def asked_before(turns: Sequence[Turn]) -> int:
    """Questions of the thread so far."""
    return sum(turn.question is not None for turn in turns)


def _order(bench: Workbench, thread: Thread, turn: Turn, words: str) -> tuple[Order, Subject]:
    narrows = bool(NARROWS.search(_JUST_WRITE.sub(" ", words)))
    narrowed = changed_scope(bench, words, thread.scope)
    is_said = narrowed is not None and (
        narrows or (narrowed.since, narrowed.until) != (thread.scope.since, thread.scope.until)
    )
    scope = narrowed if is_said and narrowed is not None else thread.scope
    if is_said and not narrows:
        # A period is plain; a group that is only named is asked about.
        scope = thread.scope.model_copy(update={"since": scope.since, "until": scope.until})
    settled = ("segment",) if narrows else ()
    subject = subject_of(bench, turn, words)
    order = Order(
        kind=kind_named(words), brief=subject.text, scope=scope, language=_LANGUAGE, settled=settled
    )
    return order, subject


def _write(bench: Workbench, order: Order, words: str, asked: int) -> Outcome:
    ask = next_question(bench, order, words, asked)
    if ask is not None:
        return ask
    return _settled(bench, order, words)


def _settled(bench: Workbench, order: Order, words: str) -> Write:
    """The order with every open choice made by what is recommended, as an assumption."""
    for _ in range(8):
        ask = first_open(bench, order, words)
        if ask is None:
            break
        order = chosen(ask.order, ask.question, ask.question.options[0], assumed=True)
    return Write(
        DraftRequest(
            kind=order.kind or "insight_summary",
            brief=order.brief,
            scope=order.scope,
            language=order.language,
            assumptions=tuple(dict.fromkeys(order.assumptions)),
            parent=order.parent,
        ),
        scope=order.scope,
    )


def _first_words(turns: Sequence[Turn], question: Turn) -> str:
    """The words of the order that a question is about: of the turn that began it."""
    by_id = {turn.id: turn for turn in turns}
    current: Turn | None = question
    told: list[str] = []
    while current is not None and current.question is not None:
        person = by_id.get(current.answers or "")
        if person is None:
            break
        told.append(own_words(person.text))
        place = turns.index(person)
        current = turns[place - 1] if place and turns[place - 1].by == "voxspec" else None
    return told[-1] if told else ""
