"""A workbench opens a seam when it is first used, once, and gives back what it opened."""

from pathlib import Path

import pytest

from assistant.settings import Settings
from assistant.stores.catalog import open_catalog
from assistant.stores.port import Catalog
from assistant.workbench import Workbench
from tests.support.exact_index import ExactIndex
from tests.support.hash_embedder import HashEmbedder
from tests.support.search_corpus import a_record, add_records


class _Counting:
    """Opens real seams and counts how often."""

    def __init__(self, folder: Path) -> None:
        self.opened: list[str] = []
        self.closed: list[str] = []
        self.embedder = HashEmbedder()
        self.bench = Workbench(
            Settings(home=folder),
            open_catalog=lambda: self._catalog(folder),
            open_index=self._index,
            open_embedder=self._embedder,
            open_model=self._model,
        )

    def _catalog(self, folder: Path) -> Catalog:
        self.opened.append("catalog")
        catalog = open_catalog(folder / "catalog.db")

        def close() -> None:
            self.closed.append("catalog")
            catalog.close()

        return Catalog(**{**vars(catalog), "close": close})

    def _index(self) -> ExactIndex:
        self.opened.append("index")
        index = ExactIndex()
        index.close = lambda: self.closed.append("index")  # type: ignore[method-assign]
        return index

    def _embedder(self) -> HashEmbedder:
        self.opened.append("embedder")
        return self.embedder

    def _model(self) -> None:
        self.opened.append("model")


@pytest.fixture
def seams(tmp_path: Path) -> _Counting:
    return _Counting(tmp_path)


def test_nothing_is_opened_before_it_is_used(seams: _Counting) -> None:
    with seams.bench as bench:
        assert bench.workspace == "default"
    assert (seams.opened, seams.closed) == ([], [])


def test_a_seam_is_opened_once(seams: _Counting) -> None:
    bench = seams.bench
    assert bench.catalog is bench.catalog
    assert bench.index is bench.index
    assert bench.embedder is bench.embedder
    assert bench.model is None
    assert bench.model is None
    assert seams.opened == ["catalog", "index", "embedder", "model"]
    bench.close()


def test_closing_gives_back_what_was_opened_and_twice_does_nothing(seams: _Counting) -> None:
    with seams.bench as bench:
        assert bench.catalog
        assert bench.index
    bench.close()
    assert seams.closed == ["index", "catalog"]


def test_an_error_inside_still_closes(seams: _Counting) -> None:
    def fail() -> None:
        with seams.bench as bench:
            raise KeyError(bench.catalog.records.snapshot("default"))

    with pytest.raises(KeyError):
        fail()
    assert seams.closed == ["catalog"]


def test_the_corpus_is_read_again_only_when_it_changed(seams: _Counting) -> None:
    with seams.bench as bench:
        first = bench.corpus()
        assert bench.corpus() is first
        add_records(bench.catalog, seams.embedder, [a_record("The export is blank.")])
        second = bench.corpus()
        assert second is not first
        assert second.snapshot != first.snapshot
        assert len(second.record_ids) == 1
        assert bench.corpus() is second


def test_columns_are_those_of_the_corpus_where_it_is_held_and_give_way_to_it(seams: _Counting) -> None:
    add_records(seams.bench.catalog, seams.embedder, [a_record("one"), a_record("two")])
    columns = seams.bench.columns()
    assert not columns.has_passages
    assert seams.bench.columns() is columns
    corpus = seams.bench.corpus()
    assert corpus.has_passages
    assert len(corpus.passage_ids) >= len(columns.record_ids) == 2
    assert seams.bench.columns() is corpus
