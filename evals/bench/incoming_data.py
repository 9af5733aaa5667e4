"""A workspace of 100,000 records for tickets to come into: feedback of many people, and bug reports that are its tickets already."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.record import RecordKind
from assistant.domain.ticket import Connection, Ticket
from assistant.workbench import Workbench
from evals.bench.bulk_rows import write_bulk
from evals.bench.embeddings import KeptEmbedder
from evals.bench.measure import Setting
from evals.bench.texts import questions
from evals.bench.tickets_data import Report, read_project
from evals.bench.workspaces import kept_workspace, open_at, say
from ingest.tickets import bring_in

CONNECTION = "code"
PROJECT = "kanbo/app"
_HELD_OUT = 7
"""Every seventh bug report is left out of the workspace, to come in."""
_AT_ONCE = 64


@dataclass(frozen=True)
class Stock:
    """A filled workspace, and what may come into it."""

    home: Path
    records: int
    coming: tuple[tuple[str, str], ...]
    """Title and body: bug reports and questions of customers in turn, none of them in the workspace."""


def stock(setting: Setting, records: int, coming: int) -> Stock:
    """The workspace, built where it isn't kept yet, and so many tickets that come."""
    reports = _reports(setting.data)
    held = [one for place, one in enumerate(reports) if place % _HELD_OUT][: records // 50]
    fresh = [one for place, one in enumerate(reports) if place % _HELD_OUT == 0]
    rows = records - len(held)

    def write(folder: Path) -> list[tuple[Path, RecordKind]]:
        folder.mkdir(parents=True)
        write_bulk(folder / "feedback.csv", setting.data, rows)
        return [(folder / "feedback.csv", RecordKind.customer)]

    home = kept_workspace(setting.cache, f"tickets-{records}", write)
    if not (home / "tickets-complete").is_file():
        say(f"incoming: {len(held):,} tickets that are there already")
        with open_at(home) as bench, closing(KeptEmbedder(bench.embedder, setting.cache)) as embedder:
            bench.embedder = embedder
            _fill(bench, held)
        (home / "tickets-complete").touch()
    return Stock(home, records, tuple(_coming(fresh, questions(setting.data, coming), coming)))


def connection(url: str) -> Connection:
    """Args: url: of the issue system that comments are written to."""
    return Connection(
        name=CONNECTION,
        tracker="github",
        url=url,
        project=PROJECT,
        token="env:BENCH_TOKEN",
        webhook_secrets=("env:BENCH_SECRET",),
    )


def _fill(bench: Workbench, reports: Sequence[Report]) -> None:
    to = connection("")
    known = [_ticket(f"{9_000_000 + number}", report) for number, report in enumerate(reports)]
    for first in range(0, len(known), _AT_ONCE):
        tickets = known[first : first + _AT_ONCE]
        bring_in(bench, to, tickets)
        for ticket in tickets:
            bench.catalog.tickets.put(bench.workspace, ticket)


def _ticket(key: str, report: Report) -> Ticket:
    return Ticket(
        connection=CONNECTION,
        key=key,
        title=report.title,
        body=report.body,
        author=f"reporter {int(key) % 900}",
        version=report.at.isoformat(),
        created_at=report.at,
        updated_at=report.at,
    )


def _reports(data: Path) -> list[Report]:
    projects = (read_project(data / "gitbugs", name, name) for name in ("hadoop", "SeaMonkey"))
    return sorted((one for project in projects for one in project.reports), key=lambda one: (one.at, one.key))


def _coming(reports: Sequence[Report], asked: Sequence[str], count: int) -> Iterator[tuple[str, str]]:
    for place in range(count):
        if place % 2:
            yield asked[place % len(asked)], ""
        else:
            report = reports[place // 2 % len(reports)]
            yield report.title, report.body[:60_000]
