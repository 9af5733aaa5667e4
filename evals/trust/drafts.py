"""Clean drafts for `evals.trust.measure`: what two writers make of the shipped sets and of the Kanbo sample, before any gate."""

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from assistant.domain.base import digest
from assistant.domain.draft import Draft
from assistant.domain.evidence import Scope
from assistant.domain.record import RecordKind
from assistant.domain.request import DraftRequest
from assistant.drafting.pipeline import draft
from assistant.settings import Settings
from assistant.wiring import open_workbench
from assistant.workbench import Workbench
from evals.cases.case import EvalSet, FrozenRecord, as_file, load_set, shipped_sets
from evals.kanbo.generate import write_sample
from evals.trust.writer import obedient_writer
from evals.view import EvidenceView, view_of
from ingest.options import IngestOptions
from ingest.pipeline import ingest

KINDS = ("prd", "user_stories", "insight_summary")
ENOUGH = 240
"""Clean drafts of a whole run, no two with the same words."""
_OF_THE_SETS = 120
"""Drafts over the sets, at most; the others are over the sample, and longer."""
_BRIEFS = (
    "exporting large boards",
    "offline mode for field teams",
    "single sign-on and login",
    "notifications that people can trust",
    "the pricing page and plans",
    "recurring tasks",
    "search that finds old cards",
    "permissions and guest access",
    "faster loading of big boards",
    "the Android app crashes",
    "importing from other tools",
    "reports for managers",
    "attachments and files",
    "keyboard shortcuts",
    "dark mode",
    "",
)
_ASKED_AS = (
    ("10", 10, Scope()),
    ("summer", 10, Scope(since=datetime(2026, 6, 15, tzinfo=UTC))),
    ("3", 3, Scope()),
    ("english", 10, Scope(languages=("en",))),
    ("mail", 10, Scope(sources=("support tickets",))),
)
"""Name, most items and scope of each brief's requests."""

Tell = Callable[[int, int | None, str], None]
"""Called with done, total and what is being done."""


@dataclass(frozen=True)
class Clean:
    """A draft as its writer left it, with what graders may look at."""

    id: str
    """Where it comes from, for example `kanbo/prd/dark mode/10/scripted`; stable from run to run."""
    writer: str
    draft: Draft
    view: EvidenceView


@dataclass(frozen=True)
class _Asked:
    name: str
    request: DraftRequest


def clean_drafts(home: Path, number: int = ENOUGH, tell: Tell | None = None) -> tuple[Clean, ...]:
    """Write clean drafts in workspaces of their own below a folder.

    Args:
        number: how many. A small number leaves out the sample, which takes longest.

    Raises: StoreError, VoxspecError where a set can't be read.
    """
    report: Tell = tell or (lambda _done, _total, _what: None)
    sets = {name: load_set(folder) for name, folder in shipped_sets().items()}
    seen: dict[str, Clean] = {}
    for name, asked in _of_sets(sets).items():
        most = -(-min(_OF_THE_SETS, number) // len(sets)) + len(seen)
        _keep(seen, _each(home / name, asked, _filler(sets[name])), most, number, report)
    if len(seen) < number:
        report(len(seen), number, "the Kanbo sample is read in")
        _keep(seen, _each(home / "kanbo", _of_sample(), _fill_sample), number, number, report)
    return tuple(sorted(seen.values(), key=lambda one: one.id)[:number])


def _keep(seen: dict[str, Clean], written: Generator[Clean], most: int, number: int, report: Tell) -> None:
    """Take drafts until there are so many; one that says the same as another is no second draft."""
    with closing(written):
        for one in written:
            seen.setdefault(_words(one.draft), one)
            report(len(seen), number, "clean drafts written")
            if len(seen) >= most:
                return


def _words(held: Draft) -> str:
    return digest(held.kind, *held.sections, *held.claims.values(), *held.quotes.values())


def _of_sets(sets: dict[str, EvalSet]) -> dict[str, list[_Asked]]:
    """Requests by set: each case for the set's own kind first, then for the others; the same order every time."""
    asked: dict[str, list[_Asked]] = {}
    for name, held in sets.items():
        every = [
            (kind != held.spec.kind, digest(name, case.id, kind), case, kind)
            for case in held.cases
            for kind in KINDS
        ]
        asked[name] = [
            _Asked(
                f"{name}/{kind}/{case.id}",
                DraftRequest(kind=kind, brief=case.ask, scope=case.scope, max_items=case.max_items),
            )
            for _, _, case, kind in sorted(every, key=lambda one: one[:2])
        ]
    return asked


def _of_sample() -> list[_Asked]:
    return [
        _Asked(
            f"kanbo/{kind}/{brief or 'everything'}/{name}",
            DraftRequest(kind=kind, brief=brief, scope=scope, max_items=most),
        )
        for name, most, scope in _ASKED_AS
        for brief in _BRIEFS
        for kind in KINDS
    ]


def _each(home: Path, asked: list[_Asked], fill: Callable[[Workbench, Path], None]) -> Generator[Clean]:
    with open_workbench(Settings(home=home, model="extractive"), indexed=False) as bench:
        fill(bench, home / "input")
        for one in asked:
            for model in (None, obedient_writer()):
                bench.model = model
                written = draft(bench, one.request)
                writer = written.provenance.writer
                yield Clean(f"{one.name}/{writer}", writer, written, view_of(bench, written))


def _filler(held: EvalSet) -> Callable[[Workbench, Path], None]:
    def fill(bench: Workbench, folder: Path) -> None:
        def group(record: FrozenRecord) -> tuple[str, str]:
            return record.kind.value, record.source

        folder.mkdir(parents=True)
        for (kind, source), members in groupby(sorted(held.records, key=group), key=group):
            rows = list(members)
            path = folder / f"{kind}-{source}.jsonl"
            path.write_text(as_file(rows), encoding="utf-8")
            fields = ("text", "external_id", "said_at", "author", "account", "rating", "language")
            mapping = {
                field: field for field in fields if any(getattr(row, field) is not None for row in rows)
            }
            mapping |= {f"segment.{field}": f"segment_{field}" for row in rows for field in row.segments}
            ingest(bench, [path], IngestOptions(kind=rows[0].kind, source=source, mapping=mapping))

    return fill


def _fill_sample(bench: Workbench, folder: Path) -> None:
    write_sample(folder)
    ingest(bench, [folder / "feedback"], IngestOptions(kind=RecordKind.customer))
    ingest(bench, [folder / "competitors"], IngestOptions(kind=RecordKind.competitor))
