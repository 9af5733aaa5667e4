"""Every quote is compared with the text that went in, byte for byte; every number is counted again by other code."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.domain.draft import Draft
from assistant.domain.record import RecordKind
from assistant.domain.request import DraftRequest
from assistant.drafting.pipeline import draft
from assistant.workbench import Workbench
from evals.bench.measure import Result, Setting, at_least
from evals.bench.odd_texts import write_odd_file
from evals.bench.workspaces import fill, open_at, say
from evals.kanbo.generate import write_sample
from evals.recounting.recount import Recount, Unanswerable

_KINDS = ("user_stories", "prd", "insight_summary")
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class _Corpus:
    """Files, what to ask of them, and the texts that they hold where a row's id names its text."""

    name: str
    files: Sequence[tuple[Path, RecordKind]]
    briefs: Sequence[str]
    texts: Mapping[str, str] | None = None


@dataclass
class Count:
    """How many were looked at, and how many held."""

    seen: int = 0
    held: int = 0

    def add(self, holds: bool) -> None:
        """Count one."""
        self.seen += 1
        self.held += holds


def measure_proof(setting: Setting) -> list[Result]:
    """Three kinds of draft with several briefs each, on the demo's sample, on skytrax, and on texts that trip offsets."""
    results = []
    with TemporaryDirectory() as temporary:
        for corpus in (_demo, _skytrax, _odd):
            folder = Path(temporary) / corpus.__name__.strip("_")
            folder.mkdir()
            results += _prove(corpus(setting, folder), folder / "home", setting)
    return results


def _prove(corpus: _Corpus, home: Path, setting: Setting) -> list[Result]:
    quotes, facts, drafts = Count(), Count(), 0
    with open_at(home) as bench:
        for path, kind in corpus.files:
            fill(bench, [path], setting.cache, kind)
        say(f"proof: {corpus.name}, {len(bench.corpus().record_ids):,} records")
        for kind_name in _KINDS:
            for brief in corpus.briefs:
                written = draft(bench, DraftRequest(kind=kind_name, brief=brief))
                check_quotes(bench, written, corpus.texts, quotes)
                check_facts(bench, written, facts)
                drafts += 1
    return [
        _result(
            f"{corpus.name}: quotes that are byte for byte what was said",
            quotes,
            f"quotes in {drafts} drafts",
        ),
        _result(f"{corpus.name}: numbers that counting again confirms", facts, f"facts in {drafts} drafts"),
    ]


def _result(what: str, count: Count, of: str) -> Result:
    value = 100 * count.held / count.seen if count.seen else 0.0
    note = f"{count.held:,} of {count.seen:,} {of}"
    return Result(bench="proof", what=what, value=value, unit="%", target=at_least(100), note=note)


def check_quotes(bench: Workbench, written: Draft, texts: Mapping[str, str] | None, count: Count) -> None:
    """Compare each quote with its record, and the record with the text that went in. Args: texts: row id → text."""
    for quote in written.quotes.values():
        found = bench.catalog.records.get(bench.workspace, [quote.record_id], quote.revision)
        record = found.get(quote.record_id)
        if record is None:
            count.add(False)
            continue
        said = record.raw if texts is None else texts.get(record.external_id or "", "")
        cut = said.encode("utf-8", "surrogatepass"), quote.text.encode("utf-8", "surrogatepass")
        # By bytes: up to the quote, and the quote itself.
        before = len(said[: quote.start].encode("utf-8", "surrogatepass"))
        count.add(record.raw == said and cut[0][before : before + len(cut[1])] == cut[1] and bool(cut[1]))


def check_facts(bench: Workbench, written: Draft, count: Count) -> None:
    """Count every fact again from the records."""
    recount = Recount(bench.corpus(), written)
    for fact in written.facts.values():
        try:
            again = recount.answer(fact)
        except Unanswerable:
            count.add(False)
            continue
        if isinstance(again, str) or isinstance(fact.value, str):
            count.add(str(again) == str(fact.value))
        else:
            count.add(abs(again - fact.value) <= _TOLERANCE)


def _demo(_setting: Setting, folder: Path) -> _Corpus:
    write_sample(folder)
    return _Corpus(
        "demo",
        [(folder / "feedback", RecordKind.customer), (folder / "competitors", RecordKind.competitor)],
        ("exporting large boards", "pricing", ""),
    )


def _skytrax(setting: Setting, folder: Path) -> _Corpus:
    """Lounge reviews, each row with an id of its own so that its text can be found again."""
    texts: dict[str, str] = {}
    with (setting.data / "skytrax" / "lounge.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[: 200 if setting.quick else None]
    for number, row in enumerate(rows):
        row["id"] = f"L{number}"
        texts[row["id"]] = row["content"]
    path = folder / "lounge.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
    return _Corpus(
        "skytrax",
        [(path, RecordKind.customer)],
        ("crowded lounges and seating", "food and drinks", ""),
        texts,
    )


def _odd(_setting: Setting, folder: Path) -> _Corpus:
    texts = write_odd_file(folder / "odd.csv")
    name = "CJK, emoji, right-to-left, CRLF"
    return _Corpus(
        name, [(folder / "odd.csv", RecordKind.customer)], ("export", "reminders", "search", ""), texts
    )
