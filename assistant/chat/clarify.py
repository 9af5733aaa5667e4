"""What is asked before a draft is written: choices that change what it says, never trivia. By rule, so the same order asks the same.

One question at a time, the recommended answer first with a reason counted in the records. What the person leaves open becomes an
assumption that the draft lists.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np

from assistant.chat.meaning import same_in_meaning
from assistant.chat.notes import body_of, open_desk
from assistant.chat.outcomes import Ask
from assistant.chat.periods import VAGUE
from assistant.chat.scoping import groups_named, newest_moment
from assistant.domain.evidence import Scope
from assistant.domain.thread import Option, Order, Question
from assistant.drafting.needs import COARSE, Landscape, survey
from assistant.drafting.profile import TOO_FEW
from assistant.drafting.themes import Group, theme_map
from assistant.search.scope import record_mask
from assistant.workbench import Workbench
from prompts.loader import kinds

MOST_QUESTIONS = 5
"""Of one thread."""
_MOST_OPTIONS = 4
_WIDE_SHARE, _WIDE_NEEDS = 0.4, 4
"""A brief is too wide where it is about this share of everyone, and about so many needs of their own."""
_KIND_WORDS = {"prd": "a PRD", "user_stories": "user stories", "insight_summary": "an insight summary"}


class _Look:
    """What the records say of an order."""

    def __init__(self, bench: Workbench, order: Order) -> None:
        self.bench = bench
        self.order = order
        self.desk = open_desk(bench, order.scope)
        self.mask = record_mask(self.desk.reader.matrix, self.desk.book.scope)
        self.everyone = self.desk.how_many(None)
        self._found: Landscape | None = None

    @property
    def found(self) -> Landscape:
        if self._found is None:
            self._found = survey(self.bench, self.desk.reader, self.order.brief, self.mask)
        return self._found

    def selection(self, group: Group) -> str:
        rows = self.desk.reader.hear(group.passages).usable.rows
        return self.desk.book.select(rows, f"records with a passage close to «{group.label}»")

    def speak(self, selection: str, scope: Scope | None = None) -> str:
        verb = self.desk.verb(selection, "speaks", "speak", scope)
        return f"{self.desk.many(selection, scope)} {verb} of it"

    def ask(self, topic: str, text: str, options: list[Option]) -> Ask:
        first = [one.model_copy(update={"recommended": place == 0}) for place, one in enumerate(options)]
        question = Question.model_validate(
            {"id": f"{topic}-{len(self.order.settled) + 1}", "topic": topic, "text": text, "options": first}
        )
        told = " ".join([text, *(f"{one.text} {one.reason}" for one in first)])
        return Ask(question, self.order, body_of(self.desk, [], told))


def next_question(bench: Workbench, order: Order, words: str, asked: int) -> Ask | None:
    """What must be known before the order can be written; None where nothing is, or enough was asked.

    Args:
        words: of the person, in which a group or a period may be named.
        asked: questions of the thread so far.
    """
    if asked >= MOST_QUESTIONS:
        return None
    return first_open(bench, order, words)


def first_open(bench: Workbench, order: Order, words: str) -> Ask | None:
    """The first choice of an order that isn't made."""
    look = _Look(bench, order)
    if not look.everyone:
        return None
    rules: dict[str, Callable[[], Ask | None]] = {
        "evidence": lambda: _evidence(look),
        "kind": lambda: _kind(look),
        "subject": lambda: _subject(look),
        "segment": lambda: _segment(look, words),
        "period": lambda: _period(look, words),
    }
    for topic, rule in rules.items():
        if topic not in order.settled and (ask := rule()) is not None:
            return ask
    return None


def chosen(order: Order, question: Question, option: Option, *, assumed: bool) -> Order:
    """The order with a choice made. Args: assumed: by Voxspec, because the person left it open."""
    changes: dict[str, Any] = dict(option.change)
    if "scope" in changes:
        changes["scope"] = Scope.model_validate(changes["scope"])
    told = (*order.assumptions, option.assumed) if assumed and option.assumed else order.assumptions
    settled = (*order.settled, question.topic)
    return order.model_copy(update={**changes, "assumptions": told, "settled": settled})


def _kind(look: _Look) -> Ask | None:
    # Of what nobody speaks, every kind says the same.
    if look.order.kind or (look.order.brief and not _enough(look)):
        return None
    known = kinds()
    first = "prd" if look.order.brief else "insight_summary"
    names = [
        first,
        *(name for name in ("prd", "user_stories", "insight_summary", *sorted(known)) if name != first),
    ]
    reason = (
        f"Your words name a subject: {_known_people(look)}."
        if look.order.brief
        else f"Your words name no subject, and {look.desk.many(None)} wrote."
    )
    options = [
        Option(
            id=name,
            text=_KIND_WORDS.get(name, name.replace("_", " ")),
            reason=reason if name == first else "",
            change={"kind": name},
            assumed=f"Nobody said what to write, so it is {_KIND_WORDS.get(name, name.replace('_', ' '))}.",
        )
        for name in dict.fromkeys(names)
        if name in known
    ]
    return look.ask("kind", "What shall I write?", options[:_MOST_OPTIONS])


def _known_people(look: _Look) -> str:
    """How many speak of the brief."""
    passages = [group.passages for group in look.found.groups]
    rows = look.desk.reader.hear(np.concatenate(passages)).usable.rows if passages else np.zeros(0, np.int64)
    selection = (
        look.desk.book.select(rows, "records with a passage close to the brief")
        if len(rows)
        else look.desk.book.nobody()
    )
    return look.speak(selection)


def _subject(look: _Look) -> Ask | None:
    """Where the order names no subject for a document that needs one, or one that is many."""
    if look.order.kind == "insight_summary":
        return None
    groups = sorted(
        (
            (look.desk.how_many(selection), group, selection)
            for group in look.found.groups
            if (selection := look.selection(group))
        ),
        key=lambda item: (-item[0], item[1].label),
    )
    real = [item for item in groups if item[0] >= TOO_FEW]
    wide = sum(item[0] for item in real) >= _WIDE_SHARE * look.everyone
    if look.order.brief and not (wide and len(real) >= _WIDE_NEEDS and len(look.order.brief.split()) <= 2):
        return None
    if len(real) < 2:
        return None
    options = [
        Option(
            id=f"need-{place}",
            text=group.label or ", ".join(group.keywords[:3]),
            reason=look.speak(selection),
            change={"brief": group.label or " ".join(group.keywords[:3])},
            assumed=f"Nobody chose a subject, so it is about “{group.label}”, of which the greatest number of people speak.",
        )
        for place, (_, group, selection) in enumerate(real[: _MOST_OPTIONS - 1], start=1)
    ]
    whole = Option(id="all", text="all of it in one document", reason=f"{look.desk.many(None)} wrote")
    lead = "That is about much at once." if look.order.brief else "No subject is named."
    return look.ask("subject", f"{lead} What shall it be about?", [*options, whole])


def _evidence(look: _Look) -> Ask | None:
    """Where too few speak of the subject: what lies nearest, or a wider scope."""
    if not look.order.brief or _enough(look):
        return None
    options: list[Option] = []
    if look.order.scope != Scope():
        wider = _Look(look.bench, look.order.model_copy(update={"scope": Scope()}))
        if _enough(wider):
            options.append(
                Option(
                    id="wider",
                    text="look at all records, without the restriction",
                    reason="Enough people speak of it there.",
                    change={"scope": Scope().model_dump(mode="json")},
                    assumed="Too few spoke of it in the scope that was named, so all records count.",
                )
            )
    themes = theme_map(look.desk.reader, look.mask, COARSE).groups
    same = same_in_meaning(look.bench, themes, look.order.brief)
    if same is not None and look.desk.how_many(selection := look.selection(same)) >= TOO_FEW:
        options.append(
            Option(
                id="same",
                text=f"“{same.label}”, which means the same in the records",
                reason=look.speak(selection),
                change={"brief": same.label},
                assumed=f"Nobody used the words that were asked for, so it is about “{same.label}”, which means the same.",
            )
        )
    for place, group in enumerate(look.found.beside[:2], start=1):
        selection = look.selection(group)
        if look.desk.how_many(selection) >= TOO_FEW and group.label:
            options.append(
                Option(
                    id=f"near-{place}",
                    text=f"“{group.label}” instead, which lies nearest",
                    reason=look.speak(selection),
                    change={"brief": group.label},
                    assumed=f"Too few spoke of what was asked for, so it is about “{group.label}”, which lies nearest.",
                )
            )
    if not options:
        return None
    anyway = Option(id="anyway", text="write it anyway; it will say that there is not enough evidence")
    text = f"Too few people speak of it: {_known_people(look)}. How shall I go on?"
    return look.ask("evidence", text, [*options, anyway])


def _enough(look: _Look) -> bool:
    passages = [group.passages for group in look.found.groups]
    if not passages:
        return False
    rows = look.desk.reader.hear(np.concatenate(passages)).usable.rows
    column = look.desk.reader.matrix.person
    codes = column.codes[rows]
    voices = look.desk.reader.matrix.voice.codes[rows[codes < 0]]
    return len(np.unique(codes[codes >= 0])) + len(np.unique(voices)) >= TOO_FEW


def _segment(look: _Look, words: str) -> Ask | None:
    """Where the words name a group that the scope doesn't settle: those alone, or everyone."""
    groups = [one for one in groups_named(look.bench, words) if one.field.startswith("segments.")]
    groups = [one for one in groups if one.field.removeprefix("segments.") not in look.order.scope.segments]
    if not groups:
        return None
    one = groups[0]
    narrow = one.scope(look.desk.book.scope)
    few = look.desk.how_many(None, narrow) < TOO_FEW
    verb = look.desk.verb(None, "writes", "write", narrow)
    options = [
        Option(
            id="only",
            text=f"only those with {one.shown}",
            reason=f"{look.desk.many(None, narrow)} {verb} there",
            change={"scope": one.scope(look.order.scope).model_dump(mode="json")},
            assumed=f"Only records with {one.shown} count.",
        ),
        Option(
            id="everyone",
            text="everyone, whoever they are",
            reason=f"{look.desk.many(None)} wrote",
            assumed=f"Everyone counts, not only {one.shown}.",
        ),
    ]
    return look.ask(
        "segment", f"You name {one.shown}. Whose records count?", options[::-1] if few else options
    )


def _period(look: _Look, words: str) -> Ask | None:
    """Where the words name a period that could be any."""
    newest = newest_moment(look.bench)
    scope = look.order.scope
    vague = VAGUE.search(words)
    if newest is None or vague is None or scope.since or scope.until:
        return None
    end = newest.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    spans = {"month": 30, "quarter": 91}
    options = []
    for name, days in spans.items():
        since = end - timedelta(days=days)
        there = look.desk.book.scope.model_copy(update={"since": since})
        if look.desk.how_many(None, there) >= TOO_FEW:
            options.append(
                Option(
                    id=name,
                    text=f"the last {name} of the records",
                    reason=f"{look.desk.many(None, there)} wrote then",
                    change={"scope": scope.model_copy(update={"since": since}).model_dump(mode="json")},
                    assumed=f"“{vague[0]}” means the last {name} of the records.",
                )
            )
    if not options:
        return None
    whole = Option(
        id="always",
        text="all of the time",
        reason=f"{look.desk.many(None)} wrote",
        assumed="All of the time counts.",
    )
    return look.ask("period", "Which time shall count?", [*options, whole])
