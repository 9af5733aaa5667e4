"""«Where does this number come from»: its stored query in words, counted again over the records of now, with words of those behind it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from assistant.chat.notes import body_of, open_desk
from assistant.chat.outcomes import Say
from assistant.domain.draft import Draft
from assistant.domain.evidence import Quote
from assistant.domain.fact import Fact, FactFilter, Measure, Selection
from assistant.domain.thread import Body, Reference, Turn
from assistant.drafting.desk import Desk
from assistant.drafting.facts import Rows
from assistant.drafting.formats.describe import describe
from assistant.search.sentences import quote_of
from assistant.workbench import Workbench

_SHOWN = 5
_NUMBER = re.compile(r"\d[\d.,]*\d|\d")
_PEOPLE = re.compile(
    r"\b(?:people|persons?|users?|customers?|leuten?|personen|menschen|kunden|personnes|gens|personas|gente)\b|人",
    re.IGNORECASE,
)
WHICH = "Say which number: its id (such as F3), the number itself, or select the sentence that it stands in."


class Numbers:
    """The facts that a thread has told: of its draft, and of earlier answers, the newest first."""

    def __init__(self, draft: Draft | None, turns: Iterable[Turn]) -> None:
        answered = [turn.body for turn in turns if turn.body.facts][::-1]
        of_draft = (
            [Body(claims=draft.claims, quotes=draft.quotes, facts=draft.facts, selections=draft.selections)]
            if draft
            else []
        )
        self.held = [*answered, *of_draft]
        self._draft = of_draft

    def find(self, words: str, about: Reference) -> tuple[Fact, Body] | None:
        """The fact that is meant: by its id (a draft's before an answer's), by its digits, or by the claim that is pointed at."""
        named = re.search(r"\bF-?(\d{1,3})\b", f"{about.target} {words}", re.IGNORECASE)
        if named:
            for body in [*self._draft, *self.held]:
                if fact := body.facts.get(f"F{int(named[1])}"):
                    return fact, body
        is_people = bool(_PEOPLE.search(words))
        for number in _NUMBER.findall(f"{words} {about.selected}"):
            if found := self._by_digits(number, is_people=is_people):
                return found
        for body in [*self._draft, *self.held]:
            claim = body.claims.get(about.target)
            for name in claim.fact_ids if claim else ():
                if name in body.facts:
                    return body.facts[name], body
        if about.target or named or _NUMBER.search(words):
            return None
        return self._first()

    def _by_digits(self, number: str, *, is_people: bool) -> tuple[Fact, Body] | None:
        for body in self.held:
            for fact in body.facts.values():
                if is_people and fact.measure is not Measure.people:
                    continue
                if number in _NUMBER.findall(fact.display):
                    return fact, body
        return None

    def _first(self) -> tuple[Fact, Body] | None:
        """The first number that the newest answer or the draft tells."""
        for body in self.held:
            for claim in body.claims.values():
                for name in claim.fact_ids:
                    if name in body.facts:
                        return body.facts[name], body
        return None


def explain(bench: Workbench, numbers: Numbers, words: str, about: Reference) -> Say:
    """How a number is counted, what it is now, and who is behind it; which number, where that isn't clear."""
    found = numbers.find(words, about)
    if found is None:
        is_told = bool(_NUMBER.search(words)) and not about.target
        return Say(f"Neither the draft nor an answer here says that number. {WHICH}" if is_told else WHICH)
    fact, body = found
    if fact.measure is Measure.stated:
        return _stated(bench, fact, body)
    if fact.measure is Measure.constant:
        return Say("It is part of the request or of the query itself; nothing is counted there.")
    recount = counted_again(bench, fact, body.selections)
    desk, again = recount.desk, recount.fact
    same = again.value == fact.value
    query = describe(fact, body.selections)
    number = f"{{{again.id}}}{_noun(again)}"
    is_whole = fact.filter.selection is None and _noun(again)
    told = f"the number of the {number} in the scope" if is_whole else number
    claims = [desk.claim(f"Counted again over the records of now, it is {told}.")]
    claims += [desk.claim(f"{{{name}}}") for name in behind(desk, again.filter)]
    outcome = "the same as it says" if same else "other than it says, because the records have changed since"
    note = f"What is counted: {query}. The records of now give {outcome}."
    return Say(note, body_of(desk, claims), about=Reference(target=fact.id))


@dataclass(frozen=True)
class Recounted:
    """A stored query over the records of now."""

    desk: Desk
    fact: Fact
    """On the desk, with its own id there."""
    people: int
    """Distinct known people whom the query's filter leaves."""


def counted_again(bench: Workbench, fact: Fact, selections: Mapping[str, Selection]) -> Recounted:
    """The same query over the records that are still there. Args: fact: one that is counted, neither stated nor constant."""
    desk = open_desk(bench, fact.filter.scope)
    again = desk.book.facts[_placed(desk, fact, selections).strip("{}")]
    people = desk.book.fact(Measure.people, again.filter.selection, again.filter.scope)
    return Recounted(desk, again, int(desk.book.number(people)))


def _placed(desk: Desk, fact: Fact, selections: Mapping[str, Selection]) -> str:
    rows = desk.reader.matrix.record_row

    def here(where: FactFilter | None) -> FactFilter | None:
        if where is None or where.selection is None:
            return where
        return where.model_copy(update={"selection": chosen(where.selection)})

    def chosen(name: str) -> str:
        held = selections[name]
        return desk.book.select(_rows(held, rows), held.rule)

    where = here(fact.filter)
    assert where is not None
    return desk.book.fact(
        fact.measure,
        where.selection,
        where.scope,
        of=here(fact.denominator),
        param=fact.param,
        peers=tuple(chosen(name) for name in fact.peers),
        unit=fact.unit,
    )


def _rows(held: Selection, rows: dict[str, int]) -> Rows:
    return np.array([rows[one] for one in held.record_ids if one in rows], dtype=np.int64)


def behind(desk: Desk, where: FactFilter) -> list[str]:
    """Quotes of some who are counted, each from another person, in the order of their records' ids."""
    found: list[str] = []
    voices: set[int] = set()
    matrix = desk.reader.matrix
    for row in desk.book.rows(where.selection, where.scope).tolist():
        voice = int(matrix.voice.codes[row])
        if voice in voices:
            continue
        voices.add(voice)
        passages = [int(at) for at in (matrix.passage_record == row).nonzero()[0]]
        said = [saying for saying in desk.reader.read(passages) if saying.usable and saying.sentences]
        if said:
            found.append(desk.quote(max(said[0].sentences, key=lambda one: (len(one.symptoms), -one.start))))
        if len(found) == _SHOWN:
            break
    return found


def _stated(bench: Workbench, fact: Fact, body: Body) -> Say:
    quote = body.quotes.get(fact.param.split(":")[0])
    record = (
        bench.catalog.records.get(bench.workspace, [quote.record_id], quote.revision).get(quote.record_id)
        if quote
        else None
    )
    if quote is None or record is None:
        return Say("A customer stated it; the record isn't there any more.")
    desk = open_desk(bench, fact.filter.scope)
    desk.quotes["Q1"] = _cut(record.raw, quote) or quote_of(record, quote.start, quote.end)
    return Say(
        "It wasn't counted: a customer stated it, in these words.", body_of(desk, [desk.claim("{Q1}")])
    )


def _cut(raw: str, quote: Quote) -> Quote | None:
    return quote if raw[quote.start : quote.end] == quote.text else None


def _noun(fact: Fact) -> str:
    if fact.unit in ("", "%"):
        return ""
    one, more = {"person": ("person", "people")}.get(fact.unit, (fact.unit, f"{fact.unit}s"))
    return f" {one if fact.value == 1 else more}"
