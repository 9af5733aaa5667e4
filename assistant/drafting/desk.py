"""Where a draft is put together: quotes, claims and facts with their ids, in the order in which they are first used."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.domain.clean import clean
from assistant.domain.draft import PLACEHOLDER, Claim, Stance
from assistant.domain.evidence import Quote, Scope
from assistant.domain.fact import FactFilter, Measure
from assistant.domain.quantities import stated_quantities
from assistant.drafting.facts import FactBook
from assistant.drafting.reader import Reader, Sentence
from assistant.search.sentences import quote_of

_NOUNS = {Measure.people: ("person", "people"), Measure.records: ("report", "reports")}


@dataclass
class Desk:
    """Everything that the sections of one draft share."""

    reader: Reader
    book: FactBook
    counts: Measure
    """`people` where authors are known, else `records`: what «how many» means in this draft."""
    claims: dict[str, Claim] = field(default_factory=dict)
    quotes: dict[str, Quote] = field(default_factory=dict)
    _places: dict[tuple[str, int, int], str] = field(default_factory=dict)

    def quote(self, sentence: Sentence) -> str:
        """Keep a sentence as a quote; returns its id. The same span always has the same id."""
        record = self.reader.record(sentence.row)
        place = (record.id, sentence.start, sentence.end)
        if place not in self._places:
            name = f"Q{len(self.quotes) + 1}"
            self.quotes[name] = quote_of(record, sentence.start, sentence.end)
            self._places[place] = name
        return self._places[place]

    def claim(
        self,
        text: str,
        *,
        quotes: Iterable[str] = (),
        counter: Iterable[str] = (),
        stance: Stance = Stance.supported,
    ) -> str:
        """Keep a claim; its facts are those whose placeholders stand in the text. Returns its id."""
        name = f"C{len(self.claims) + 1}"
        used = PLACEHOLDER.findall(text)
        quoted = [*quotes, *(item for item in used if item.startswith("Q"))]
        self.claims[name] = Claim(
            id=name,
            text=text,
            stance=stance,
            quote_ids=tuple(dict.fromkeys(quoted)),
            counter_quote_ids=tuple(dict.fromkeys(counter)),
            fact_ids=tuple(dict.fromkeys(item for item in used if item.startswith("F"))),
        )
        return name

    def assume(self, text: str) -> str:
        """Keep a statement that the evidence doesn't make; the same one only once."""
        held = (
            name
            for name, claim in self.claims.items()
            if claim.stance is Stance.assumption and claim.text == text
        )
        return next(held, None) or self.claim(text, stance=Stance.assumption)

    def many(self, selection: str | None, scope: Scope | None = None) -> str:
        """How many, with the noun: `{F1} people`, `{F2} report`."""
        placeholder = self.book.fact(self.counts, selection, scope)
        one, more = _NOUNS[self.counts]
        return f"{placeholder} {one if self.book.number(placeholder) == 1 else more}"

    def how_many(self, selection: str | None, scope: Scope | None = None) -> int:
        """The number alone, without making a fact of it."""
        where = FactFilter(scope=scope or self.book.scope, selection=selection)
        return int(self.book.count(self.counts, where))

    def accounts(self, selection: str | None, scope: Scope | None = None) -> str:
        """` in {F2} accounts`, or nothing where no account is known or it says no more than the people do."""
        where = FactFilter(scope=scope or self.book.scope, selection=selection)
        number = int(self.book.count(Measure.accounts, where))
        if number < 2:
            return ""
        return f" in {self.book.fact(Measure.accounts, selection, scope)} accounts"

    def share(self, part: FactFilter, whole: FactFilter) -> str:
        """A share of people (or reports) as a placeholder."""
        measure = Measure.share_of_people if self.counts is Measure.people else Measure.share_of_records
        return self.book.fact(measure, part.selection, part.scope, of=whole)

    def verb(self, selection: str | None, one: str, more: str, scope: Scope | None = None) -> str:
        """The form of a verb that fits `many`."""
        return one if self.how_many(selection, scope) == 1 else more

    def cite(self, sentence: Sentence, start: int, end: int) -> tuple[str, str]:
        """A span of a sentence for use in prose: every quantity in it becomes a placeholder of what was stated.

        Returns: the text and the id of the quote it stands in.
        """
        quote_id = self.quote(sentence)
        raw = self.quotes[quote_id].text
        cleaned = clean(raw)
        # A greeting or a list mark was left out before the sentence; its words stand somewhere in the cleaned quote.
        shift = max(0, cleaned.text.find(sentence.text))
        words = sentence.text[start:end]
        parts: list[str] = []
        position = 0
        for first, last in stated_quantities(words):
            span = cleaned.to_raw(shift + start + first, shift + start + last)
            parts += [words[position:first], self.book.quote_words(quote_id, *span, raw[slice(*span)])]
            position = last
        return " ".join("".join([*parts, words[position:]]).split()), quote_id


def listed(items: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
