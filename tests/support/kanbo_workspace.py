"""The Kanbo sample in a workspace of its own, embedded by the real model once for all who ask."""

import csv
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from openpyxl import load_workbook

from assistant.domain.draft import Draft
from assistant.domain.record import Record, RecordKind
from assistant.domain.request import DraftRequest
from assistant.llm.minilm import open_minilm
from assistant.settings import Settings
from assistant.stores.catalog import open_catalog
from assistant.workbench import Workbench
from evals.gate import produce
from evals.kanbo.generate import write_sample
from evals.kanbo.truth import RecordTruth, Truth
from ingest.options import IngestOptions
from ingest.pipeline import ingest


class Remembering:
    """The local embedder, which embeds no text twice: a vector is the same in any batch."""

    def __init__(self) -> None:
        self._inner = open_minilm()
        self._vectors: dict[str, npt.NDArray[np.float32]] = {}
        self.identity = self._inner.identity
        self.dimension = self._inner.dimension

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        missing = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if missing:
            self._vectors.update(zip(missing, self._inner.embed(missing), strict=True))
        return np.array([self._vectors[text] for text in texts], dtype=np.float32).reshape(
            len(texts), self.dimension
        )


@lru_cache(maxsize=1)
def remembering() -> Remembering:
    """One for the whole run."""
    return Remembering()


def real_bench(home: Path) -> Workbench:
    """A workbench with the real catalog and embedder, and exact search in place of an index."""
    home.mkdir(parents=True, exist_ok=True)
    return Workbench(
        Settings(home=home),
        open_catalog=lambda: open_catalog(home / "catalog.sqlite3"),
        open_index=lambda: None,
        open_embedder=remembering,
        open_model=lambda: None,
    )


@dataclass
class Kanbo:
    """The sample, its truth, a workbench over it, and the drafts that were asked for."""

    folder: Path
    truth: Truth
    bench: Workbench
    _drafts: dict[tuple[str, str], Draft] = field(default_factory=dict)

    def draft(self, kind: str, brief: str = "") -> Draft:
        """Written, checked and saved once."""
        if (kind, brief) not in self._drafts:
            self._drafts[kind, brief] = produce(self.bench, DraftRequest(kind=kind, brief=brief))
        return self._drafts[kind, brief]

    def records(self) -> list[Record]:
        """All current records, as an export gives them."""
        return self.bench.catalog.pages.page("default", None, 1_000_000)

    def truth_of(self, record: Record) -> RecordTruth | None:
        """The row that a record was made from; None for documents and the chat, which has no ids."""
        return self._by_id.get((record.source, record.external_id or ""))

    @property
    def _by_id(self) -> dict[tuple[str, str], RecordTruth]:
        if not self.__dict__.get("_rows"):
            rows = {
                (Path(row.file).stem, row.external_id): row
                for row in self.truth.rows
                if row.external_id is not None
            }
            self.__dict__["_rows"] = rows
        found: dict[tuple[str, str], RecordTruth] = self.__dict__["_rows"]
        return found


def open_kanbo(folder: Path, home: Path, *, shuffled: bool = False) -> Kanbo:
    """Write the sample, bring it in. Args: shuffled: in another order of files and of rows that have an id."""
    truth = write_sample(folder)
    if shuffled:
        _shuffle(folder / "feedback")
    bench = real_bench(home)
    groups = [("feedback", RecordKind.customer), ("competitors", RecordKind.competitor)]
    for name, kind in reversed(groups) if shuffled else groups:
        paths = sorted((folder / name).iterdir(), reverse=shuffled)
        for path in paths:
            ingest(bench, [path], IngestOptions(kind=kind))
    return Kanbo(folder, truth, bench)


def _shuffle(folder: Path) -> None:
    dice = random.Random(11)
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = list(csv.reader(file))
        dice.shuffle(rows)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
    for path in sorted(folder.glob("*.jsonl")):
        lines = path.read_text(encoding="utf-8").splitlines()
        dice.shuffle(lines)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for path in sorted(folder.glob("*.xlsx")):
        _shuffle_sheet(path, dice)


def _shuffle_sheet(path: Path, dice: random.Random) -> None:
    book = load_workbook(path)
    sheet = book.active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    dice.shuffle(rows)
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value
    copy = path.with_suffix(".tmp")
    book.save(copy)
    shutil.move(copy, path)
