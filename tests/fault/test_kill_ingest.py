"""kill -9 of `voxspec ingest` at random moments: nothing acknowledged is lost, everything is found, no embedding is paid twice.

Acknowledged is what a connection of its own reads from the catalog right after the kill: the batches that were committed.
"""

import csv
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from threading import Event

import numpy as np
import numpy.typing as npt
import pytest

from assistant.domain.ids import text_hash
from assistant.domain.record import Record
from assistant.search.query import search
from assistant.settings import Settings
from assistant.stores.catalog import open_catalog
from assistant.stores.chroma import open_chroma_index
from assistant.stores.sync import open_checked_index
from assistant.workbench import Workbench
from tests.support.command_line import CommandLine
from tests.support.kill import Aim, Process, committed
from tests.support.model_server import EMBEDDING_LENGTH, Exchange, ModelServer, says, vector_of

pytestmark = [
    pytest.mark.slow(reason="starts and kills a process at two dozen moments"),
    pytest.mark.allow_hosts(["127.0.0.1"]),
]

BEFORE, AMONG = 5, 16
"""Kills before the first batch is embedded, and from there to the end."""
FILES, ROWS, BATCH = 4, 20, 10
EMPTY = (7, 17)
SMALL_BATCHES = f"""
import ingest.batches
from ingest.clean.language import identifier
ingest.batches.ROWS_PER_BATCH = {BATCH}
identifier()
"""
"""Several batches a file, so that kills fall between those of one file, too. The model of languages takes 0.3 CPU-seconds to unpack."""
EMBEDDING_S = 0.04
"""What the server takes for one request, so that kills fall into it."""
PROBE = "dimension"
"""What the adapter asks once per process to learn how long vectors are."""
PARTS = ["The export", "Offline sync", "The login", "Search", "The board"]
FAILS = ["fails", "is slow", "loses my work", "hangs"]
PLACES = ["on the train", "in the basement", "after the update", "with large boards"]


@dataclass
class Embeddings:
    """A server that gives vectors and counts how often each text was paid for."""

    paid: Counter[str] = field(default_factory=Counter)
    began: Event = field(default_factory=Event)

    def __call__(self, exchange: Exchange) -> None:
        texts = [text for text in exchange.request.body["input"] if text != PROBE]
        self.paid.update(texts)
        if texts:
            self.began.set()
        exchange.hang(EMBEDDING_S)
        says("")(exchange)


class Vectors:
    """The server's vectors without asking it, so that a check isn't counted as paid for."""

    def __init__(self, identity: str) -> None:
        self.identity = identity
        self.dimension = EMBEDDING_LENGTH

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.array([vector_of(text) for text in texts], dtype=np.float32)


@dataclass(frozen=True)
class Import:
    """The command, the server, and the state that a run nobody disturbs ends in."""

    folder: Path
    files: list[str]
    embeddings: Embeddings
    seconds: float = 0.0
    before_s: float = 0.0
    """Of these, until the first batch is embedded."""
    whole: tuple[object, ...] = ()

    def process(self, home: Path) -> Process:
        return Process(CommandLine(self.folder, home), ("ingest", *self.files), SMALL_BATCHES)


def write_files(folder: Path) -> list[str]:
    """Files with short texts, empty cells and texts that several people wrote."""
    chance = random.Random(5)
    for number in range(FILES):
        with (folder / f"part{number}.csv").open("w", encoding="utf-8", newline="") as stream:
            rows = csv.writer(stream)
            rows.writerow(["id", "author", "comment"])
            for row in range(ROWS):
                words = f"{chance.choice(PARTS)} {chance.choice(FAILS)} {chance.choice(PLACES)}"
                text = "" if row in EMPTY else words if row % 9 == 3 else f"{words}, case {number}x{row}."
                rows.writerow([f"{number}-{row}", f"Person {chance.randrange(30)}", text])
    return [f"part{number}.csv" for number in range(FILES)]


def checked_state(home: Path) -> tuple[object, ...]:
    """What an import left: ids, revisions, the hash over all contents, vectors. Everything of it is found."""
    with Workbench(
        Settings.load(home=home),
        open_catalog=lambda: open_catalog(home / "catalog.sqlite3"),
        open_index=lambda: open_checked_index(
            bench.catalog, "default", open_chroma_index, home / "index" / "default"
        ),
        open_embedder=lambda: Vectors(bench.catalog.pages.embedder("default") or ""),
        open_model=lambda: None,
    ) as bench:
        rows = bench.corpus()
        records = bench.catalog.records.get("default", list(rows.record_ids))
        assert_everything_is_found(bench, records)
        revisions = tuple(records[one].revision for one in rows.record_ids)
        return rows.snapshot, rows.record_ids, revisions, rows.passage_ids, rows.vectors.tobytes()


def assert_everything_is_found(bench: Workbench, records: Mapping[str, Record]) -> None:
    """Each passage in the index itself, and each record by its own text through `search`, which has to use the index."""
    assert bench.index is not None
    rows = bench.corpus()
    assert bench.index.count() == len(rows.passage_ids) == len(rows.record_ids) == len(records)
    assert bench.index.applied() == bench.catalog.outbox.head("default")
    for passage, vector in zip(rows.passage_ids, rows.vectors.astype(np.float32), strict=True):
        assert passage in {name for name, cosine in bench.index.query(vector, 40) if cosine > 0.999}
    for record in records.values():
        found = {records[hit.record_id].raw for hit in search(bench, record.raw, limit=3)}
        assert record.raw in found


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Import]:
    folder = tmp_path_factory.mktemp("killed-ingest")
    files = write_files(folder)
    embeddings = Embeddings()
    with ModelServer(embeddings) as server:
        (folder / "voxspec.toml").write_text(
            f'embedder = "openai:test"\nopenai_base_url = "{server.base_url}"\n', encoding="utf-8"
        )
        held = Import(folder, files, embeddings)
        for name in ("warm", "calm"):
            embeddings.began.clear()
            seconds, before_s = held.process(folder / name).run(until=embeddings.began)
        yield Import(folder, files, embeddings, seconds, before_s, checked_state(folder / "calm"))


@pytest.fixture(autouse=True)
def _through_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    # A corpus of this size would be compared one by one; here the index has to find it.
    monkeypatch.setattr("assistant.search.plan.EXACT_PASSAGES", 0)
    monkeypatch.setattr("assistant.search.plan.EXACT_CANDIDATES", 0)


def test_nothing_acknowledged_is_lost_wherever_an_import_is_killed(
    undisturbed: Import, record_property: Callable[[str, object], None]
) -> None:
    homes = (undisturbed.folder / f"home{number}" for number in count())
    embeddings = undisturbed.embeddings

    def begin() -> Process:
        embeddings.paid.clear()
        embeddings.began.clear()
        return undisturbed.process(next(homes))

    early = Aim(undisturbed.before_s).kills(BEFORE, begin, seed=2024)
    late = Aim(undisturbed.seconds - undisturbed.before_s, embeddings.began).kills(AMONG, begin, seed=2025)
    survived: list[int] = []
    for process in chain(early, late):
        home = process.shell.home
        assert home is not None
        acknowledged = committed(home, "SELECT id, revision FROM records WHERE current")
        embedded = {str(name) for (name,) in committed(home, "SELECT text_hash FROM vectors")}
        process.shell.run("ingest", *undisturbed.files, expect=0)
        state = checked_state(home)
        _, ids, revisions, *_ = state
        assert set(acknowledged) <= set(zip(ids, revisions, strict=True))
        assert state == undisturbed.whole
        assert_paid_once(embeddings.paid, embedded)
        survived.append(len(acknowledged))
    assert len(survived) == BEFORE + AMONG
    assert len(set(survived)) >= 4, f"kills must fall between batches: {survived}"
    of_one_file = [number for number in survived if number % (ROWS - len(EMPTY))]
    assert len(of_one_file) >= 2, f"kills must fall between the batches of one file: {survived}"
    record_property("kills of an import", len(survived))


def assert_paid_once(paid: Counter[str], embedded: set[str]) -> None:
    """A text whose vector was stored isn't embedded again; the one request that the kill took along is, once."""
    again = [text for text, times in paid.items() if times > 1]
    assert not embedded & {text_hash(text) for text in again}
    assert max(paid.values()) <= 2
    assert len(again) <= ROWS
