"""Facets from file to catalog: the same for any order, none of them a revision, made up for in catalogs of before."""

import csv
import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from assistant.domain.facets import RecordType, Sentiment
from assistant.llm.minilm import OnnxEmbedder
from assistant.search.facet_weights import worded_by
from assistant.settings import Settings
from assistant.stores import migrations
from assistant.stores.tables import REVISIONS
from assistant.wiring import open_workbench
from assistant.workbench import Workbench
from ingest.options import IngestOptions
from ingest.pipeline import ingest

TEXTS = [
    ("The export crashes every time.", "1"),
    ("Please add a dark mode.", "4"),
    ("Love it, use it every day.", "5"),
    ("How do I change my password?", ""),
    ("Order number 482291.", "3"),
    ("No problem at all with the sync.", ""),
    ("The export crashes every time.", ""),
]
LONG = (
    "The train left at nine and we sat by the window. " * 12
    + "The door was broken and it was freezing. " * 12
)


def _write(path: Path, rows: list[tuple[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "author", "text", "rating"])
        for text, rating in rows:
            number = [*TEXTS, (LONG, "")].index((text, rating))
            table.writerow([number, f"person {number}", text, rating])
    return path


def _bench(home: Path) -> Workbench:
    return open_workbench(Settings(home=home))


def _facets(bench: Workbench) -> dict[str, tuple[str | None, str | None]]:
    rows = bench.catalog.records.corpus(bench.workspace)
    return dict(zip(rows.record_ids, zip(rows.type, rows.sentiment, strict=True), strict=True))


def test_facets_dont_depend_on_the_order_of_rows_or_the_size_of_imports(tmp_path: Path) -> None:
    rows = [*TEXTS, (LONG, "")]
    with _bench(tmp_path / "a") as bench:
        ingest(bench, [_write(tmp_path / "all.csv", rows)], IngestOptions(source="s"))
        together = _facets(bench)
    with _bench(tmp_path / "b") as bench:
        # The second text of two equal ones finds its vector stored, rounded.
        for number, row in enumerate(reversed(rows)):
            ingest(bench, [_write(tmp_path / f"{number}.csv", [row])], IngestOptions(source="s"))
        assert _facets(bench) == together
    assert {kind for kind, _ in together.values()} == {one.value for one in RecordType}


def test_importing_again_makes_no_revision_of_a_facet(tmp_path: Path) -> None:
    path = _write(tmp_path / "all.csv", TEXTS)
    with _bench(tmp_path / "home") as bench:
        ingest(bench, [path], IngestOptions())
        before = bench.catalog.records.snapshot(bench.workspace), _facets(bench)
        assert ingest(bench, [path], IngestOptions()).records == 0
        assert (bench.catalog.records.snapshot(bench.workspace), _facets(bench)) == before


def _as_of_before(path: Path) -> None:
    """Put the same content into a catalog of the revision that knew no facets."""
    before = path.with_suffix(".before")
    engine = create_engine(f"sqlite:///{before}")
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, REVISIONS[REVISIONS.index("0005") - 1])
    engine.dispose()
    old = sqlite3.connect(before)
    with old:
        old.execute("ATTACH DATABASE ? AS new", (str(path),))
        tables = "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT IN ('alembic_version', 'sqlite_sequence')"
        for (table,) in old.execute(tables).fetchall():
            columns = ", ".join(f'"{row[1]}"' for row in old.execute(f"PRAGMA main.table_info({table})"))
            old.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}")
        assert not old.execute("SELECT 1 FROM main.sqlite_master WHERE name = 'wordings'").fetchone()
    old.close()
    path.unlink()
    before.rename(path)


def test_a_catalog_of_before_gets_the_same_facets_without_one_embedding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    with _bench(home) as bench:
        ingest(bench, [_write(tmp_path / "all.csv", [*TEXTS, (LONG, "")])], IngestOptions())
        fresh = _facets(bench)
    _as_of_before(home / "catalog.sqlite3")

    def refuse(*_: object) -> None:
        raise AssertionError("an embedding was computed")

    monkeypatch.setattr(OnnxEmbedder, "embed", refuse)
    with _bench(home) as bench:
        assert _facets(bench) == fresh
        decided_by, embedder = bench.catalog.facets.worded_by(bench.workspace)
        assert embedder is not None
        assert decided_by == worded_by(embedder)
    engine = create_engine(f"sqlite:///{home / 'catalog.sqlite3'}")
    with engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == REVISIONS[-1]
    engine.dispose()


def test_facets_of_other_weights_are_decided_anew_at_the_next_open(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with _bench(home) as bench:
        ingest(bench, [_write(tmp_path / "all.csv", TEXTS)], IngestOptions())
        fresh = _facets(bench)
    connection = sqlite3.connect(home / "catalog.sqlite3")
    with connection:
        connection.execute("UPDATE wordings SET type = 'other', tone = 'neutral'")
        connection.execute("UPDATE workspaces SET worded_by = '0:old'")
    connection.close()
    with _bench(home) as bench:
        assert _facets(bench) == fresh


def test_only_the_authors_own_words_count(tmp_path: Path) -> None:
    mail = tmp_path / "reply.eml"
    mail.write_text(
        "From: Ann <ann@example.org>\nTo: help@example.org\nSubject: Re: your ticket\n"
        "Date: Mon, 2 Mar 2026 10:00:00 +0000\nMessage-ID: <1@example.org>\n\n"
        "Thank you so much, it works perfectly now!\n\n"
        "On Sun, 1 Mar 2026 at 09:00, Support <help@example.org> wrote:\n"
        "> The export crashes, fails and loses all my data. This is terrible and useless.\n"
        "> It is broken again and nobody answers.\n",
        encoding="utf-8",
    )
    with _bench(tmp_path / "home") as bench:
        ingest(bench, [mail], IngestOptions())
        assert list(_facets(bench).values()) == [(RecordType.praise.value, Sentiment.positive.value)]
