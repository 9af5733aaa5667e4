"""Random records, random drafts over them, random changes of the records; and the stale claims of all, worked out the long way."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from assistant.domain.draft import (
    Claim,
    ClaimsBlock,
    Draft,
    MetricBlock,
    Provenance,
    QuotesBlock,
    Section,
    Stance,
    TableBlock,
)
from assistant.domain.erased_words import ErasedWords
from assistant.domain.erasure import Asked, ErasureState, Receipt
from assistant.domain.evidence import Quote, Scope
from assistant.domain.facets import RecordType, Sentiment, Wording
from assistant.domain.fact import RATED, FactFilter, Measure
from assistant.domain.record import Record, RecordKind
from assistant.drafting.facts import FactBook
from assistant.search.matrix import matrix_of
from assistant.stores.erasure_port import Doomed
from assistant.workbench import Workbench
from evals.recounting.recount import Recount
from ingest.reach import link
from tests.support.store_samples import batch, record

_DAY = datetime(2026, 1, 5, tzinfo=UTC)
_WORDS = [
    "export",
    "board",
    "card",
    "slow",
    "fails",
    "loads",
    "dark",
    "mode",
    "price",
    "sync",
    "offline",
    "phone",
    "invoice",
    "login",
    "calendar",
]
_PEOPLE = [f"per_{name}" for name in "abcdefgh"]
_MEASURES = [one for one in Measure if one not in (Measure.constant, Measure.stated)]


@dataclass
class World:
    """A workspace whose records change at random."""

    bench: Workbench
    dice: random.Random
    made: int = 0
    buried: dict[str, Record] = field(default_factory=dict)

    def record(self, key: str) -> Record:
        dice = self.dice
        raw = " ".join(dice.choices(_WORDS, k=dice.randint(5, 14))) + f" no {dice.randint(1, 9)}."
        person = dice.choice([*_PEOPLE, None])
        return record(
            key,
            raw,
            self.bench.workspace,
            kind=dice.choice([RecordKind.customer] * 4 + [RecordKind.internal]),
            person=person,
            account=dice.choice(["north", "south", "east", None]),
            rating=dice.choice([1.0, 2.0, 3.0, 5.0, None]),
            said_at=dice.choice([_DAY + timedelta(days=dice.randint(0, 80)), None]),
            language=dice.choice(["en", "en", "de"]),
            segments=dice.choice([{}, {"plan": "pro"}, {"plan": "free", "web": "yes"}]),
            voice=f"{raw} {person}",
        )

    def add(self) -> None:
        self.made += 1
        self._store(self.record(str(self.made)))

    def edit(self) -> None:
        old = self._any()
        if old is None:
            return
        fresh = self.record("x").model_copy(update={"id": old.id, "source": old.source})
        kept = self.dice.choice([{"raw": old.raw}, {"raw": old.raw, "segments": {"plan": "new"}}, {}])
        whole = fresh if not kept else old.model_copy(update=kept | {"rating": fresh.rating})
        moved = whole if self.dice.random() < 0.7 else old.model_copy(update={"raw": f"Hm: {old.raw}"})
        self._store(moved)

    def repeat(self) -> None:
        """A near twin of another record."""
        if (old := self._any()) is not None:
            self.made += 1
            raw = f"{old.raw} Thanks"
            self._store(record(str(self.made), raw, self.bench.workspace, person=old.person, voice=raw))

    def part(self) -> None:
        if links := self.bench.catalog.twins.links(self.bench.workspace):
            one = self.dice.choice(links)
            self.bench.catalog.twins.mark(self.bench.workspace, [one.record_id], undone=not one.undone)

    def merge(self) -> None:
        self.bench.catalog.people.merge(self.bench.workspace, *self.dice.sample(_PEOPLE, 2), ())

    def split(self) -> None:
        self.bench.catalog.people.split(self.bench.workspace, self.dice.choice(_PEOPLE), ())

    def bury(self) -> None:
        if (old := self._any()) is not None:
            self.buried[old.id] = old
            self.bench.catalog.tombstones.bury(self.bench.workspace, [old.id], _DAY)

    def restore(self) -> None:
        if self.buried:
            self._store(self.buried.pop(self.dice.choice(sorted(self.buried))))

    def erase(self) -> None:
        old = self._any()
        if old is None:
            return
        eraser, here = self.bench.catalog.eraser, self.bench.workspace
        words = ErasedWords(eraser.texts(here, [old.id]), (), eraser.other_texts(here, [old.id]))
        receipt = Receipt(
            id=f"era_{old.id}", workspace=here, asked=Asked.records, subject=old.id, state=ErasureState.pending, asked_at=_DAY
        )  # fmt: skip
        eraser.remove(here, Doomed((old.id,)), words, "Erased.", receipt)

    def facets(self) -> None:
        """All records are looked at anew, by other rules; no record and no link changes."""
        ids = [one.id for one in self._all()]
        told = {one: self._wording() for one in ids}
        self.bench.catalog.facets.put(self.bench.workspace, told)
        self.bench.catalog.facets.finish(self.bench.workspace, f"rules {self.dice.random()}")
        self.bench._corpus = None

    def change(self) -> None:
        """One change, and what an import does at its end."""
        changes: list[Callable[[], None]] = [self.add, self.edit, self.edit, self.repeat, self.part]
        changes += [self.merge, self.split, self.bury, self.bury, self.restore, self.erase, self.facets]
        self.dice.choice(changes)()
        link(self.bench)

    def draft(self, number: int, version: int = 1) -> Draft:
        """A draft over the records of now: quotes, facts of all measures, and claims, tables and titles that show them."""
        return _Writing(self, self._all()).draft(f"dra_{number}", version)

    def _store(self, one: Record) -> None:
        told = batch([one], embedder=self.bench.embedder.identity)
        wordings = {one.id: self._wording()}
        fields = {
            name: getattr(told, name) for name in ("records", "passages", "vectors", "terms", "embedder")
        }
        self.bench.catalog.records.add(
            self.bench.workspace, type(told)(**fields, wordings=wordings, worded_by="rules")
        )

    def _wording(self) -> Wording:
        return Wording(
            type=self.dice.choice(list(RecordType)),
            tone=self.dice.choice(list(Sentiment)),
        )

    def _all(self) -> list[Record]:
        return self.bench.catalog.pages.page(self.bench.workspace, None, 1000)

    def _any(self) -> Record | None:
        return self.dice.choice(held) if (held := self._all()) else None


class _Writing:
    def __init__(self, world: World, records: list[Record]) -> None:
        self.world, self.dice, self.records = world, world.dice, records
        self.book = FactBook(matrix_of(world.bench), Scope())
        count = len(records)
        for _ in range(3):
            rows = self.book.rows(None, Scope())
            chosen = self.dice.sample(rows.tolist(), min(count, self.dice.randint(0, 6)))
            self.book.select(self.book.rows(None, Scope())[sorted(chosen)] if chosen else rows[:0], "drawn")

    def draft(self, name: str, version: int) -> Draft:
        quotes = {
            f"Q{n}": self._quote(one)
            for n, one in enumerate(self.dice.sample(self.records, min(4, len(self.records))), 1)
        }
        for _ in range(self.dice.randint(3, 9)):
            self._fact()
        if quotes and self.dice.random() < 0.5:
            quote = quotes["Q1"].text
            self.book.quote_words("Q1", 0, 3, quote[:3])
        self.book.constant("7")
        facts, named = list(self.book.facts), list(quotes)
        claims = {f"C{n}": self._claim(f"C{n}", facts, named) for n in range(1, 7)}
        pick = self.dice.choice
        return Draft(
            id=name,
            workspace=self.world.bench.workspace,
            kind="prd",
            title=f"Of {{{pick(facts)}}}",
            version=version,
            brief="all",
            scope=Scope(),
            sections=(
                Section(id="one", title="One", blocks=(ClaimsBlock(claim_ids=("C1", "C2", "C3")),)),
                Section(
                    id="two",
                    title=f"Two {{{pick(facts)}}}",
                    blocks=(
                        ClaimsBlock(claim_ids=("C4", "C5", "C6")),
                        TableBlock(header=("a", "b"), rows=((f"{{{pick(facts)}}}", "b"),)),
                        MetricBlock(id="G-1", name="m", baseline=f"{{{pick(facts)}}}", target="t", unit="u", window="w"),
                    ),
                ),
                Section(id="evidence", title="Evidence", blocks=(QuotesBlock(quote_ids=tuple(named)),)),
            ),
            claims=claims,
            quotes=quotes,
            facts=self.book.facts,
            selections=self.book.selections,
            provenance=Provenance(
                prompt_id="p", prompt_sha256="0", writer="extractive", corpus="c", settings="s"
            ),
        )  # fmt: skip

    def _quote(self, one: Record) -> Quote:
        start = self.dice.randint(0, len(one.raw) // 2)
        end = self.dice.randint(start + 3, len(one.raw))
        return Quote(record_id=one.id, revision=one.revision, start=start, end=end, text=one.raw[start:end])

    def _fact(self) -> None:
        measure = self.dice.choice(_MEASURES)
        scope = self._scope()
        selection = self.dice.choice([None, *self.book.selections])
        of = None
        if measure in {Measure.share_of_people, Measure.share_of_records, *RATED}:
            whole = self.dice.choice([None, *self.book.selections])
            of = FactFilter(scope=self.dice.choice([scope, Scope()]), selection=whole)
        peers: tuple[str, ...] = ()
        if measure is Measure.rank_by_people:
            selection, *others = self.dice.sample(list(self.book.selections), len(self.book.selections))
            peers = tuple(others)
        param = {Measure.top_accounts_share: "2", Measure.top_value: "plan"}.get(measure, "")
        self.book.fact(measure, selection, scope, of=of, param=param, peers=peers)

    def _scope(self) -> Scope:
        one = self.dice.choice
        return one(
            [
                Scope(),
                Scope(kinds=(RecordKind.customer,)),
                Scope(since=_DAY + timedelta(days=20), until=_DAY + timedelta(days=50)),
                Scope(since=_DAY + timedelta(days=40)),
                Scope(segments={"plan": ("pro", "new")}),
                Scope(accounts=("north",), min_rating=2),
                Scope(languages=("de",)),
                Scope(types=(RecordType.problem,)),
                Scope(sources=("nowhere",)),
            ]
        )

    def _claim(self, name: str, facts: list[str], quotes: list[str]) -> Claim:
        some = self.dice.sample(facts, self.dice.randint(0, min(2, len(facts))))
        cited = self.dice.sample(quotes, self.dice.randint(0, min(2, len(quotes))))
        return Claim(
            id=name,
            text=" and ".join([name, *(f"{{{one}}}" for one in some)]),
            stance=Stance.supported,
            quote_ids=tuple(cited[:1]),
            counter_quote_ids=tuple(cited[1:]),
            fact_ids=tuple(some),
        )


def stale_by_brute_force(bench: Workbench) -> set[tuple[str, int, str]]:
    """(draft id, version, target) of all that no longer holds: every proof of every newest version, by the graders' own count."""
    corpus = bench.catalog.records.corpus(bench.workspace)
    found = set()
    for draft in bench.catalog.drafts.newest(bench.workspace, None, 1000):
        recount = Recount(corpus, draft)
        records = bench.catalog.records.get(bench.workspace, [one.record_id for one in draft.quotes.values()])
        wrong = {
            name
            for name, one in draft.quotes.items()
            if one.record_id not in records or records[one.record_id].raw[one.start : one.end] != one.text
        }
        for name, fact in draft.facts.items():
            if fact.measure is Measure.stated:
                wrong |= {name} if fact.param.split(":")[0] in wrong else set()
            elif fact.measure is not Measure.constant:
                value = recount.answer(fact)
                same = (
                    value == fact.value if isinstance(value, str) else abs(value - float(fact.value)) <= 1e-9
                )
                wrong |= set() if same else {name}
        found |= {(draft.id, draft.version, one) for one in _touched(draft, wrong)}
    return found


def _touched(draft: Draft, wrong: set[str]) -> set[str]:
    touched = {
        name
        for name, one in draft.claims.items()
        if wrong & {*one.quote_ids, *one.counter_quote_ids, *one.fact_ids}
    }
    shown = {"draft.title": draft.title}
    for section in draft.sections:
        shown[f"section:{section.id}.title"] = section.title
        for place, block in enumerate(section.blocks, 1):
            listed = "".join(f"{{{one}}}" for one in getattr(block, "quote_ids", ()))
            name = getattr(block, "id", f"section:{section.id}.blocks.{place}")
            shown[name] = block.model_dump_json() + listed
    return touched | {name for name, text in shown.items() if wrong & set(re.findall(r"\{([FQ]\d+)\}", text))}
