"""From imported records to themes: everything is in one, nothing is done twice, and the order of arrival leaves no trace."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pytest

from assistant.domain.ids import text_hash
from assistant.domain.theme import ThemeSet
from assistant.errors import Cancelled, UsageError
from assistant.synthesis.hierarchy import cluster
from assistant.synthesis.material import material_of
from assistant.synthesis.pipeline import synthesize, themes_of
from assistant.workbench import Workbench
from ingest.options import IngestOptions
from ingest.pipeline import ingest
from tests.support.hash_embedder import HashEmbedder
from tests.support.ingest_bench import open_bench

SAID = [
    ("ann", "The export of large boards fails. Please add a dark mode for the evening."),
    ("ben", "The export of large boards fails again. We lose a whole hour."),
    ("cem", "Export of large boards fails every day."),
    ("dan", "Please add a dark mode for the evening work."),
    ("eve", "A dark mode for the evening would be lovely."),
    ("fay", "Die Erinnerungen kommen immer viel zu spät bei mir an."),
    ("gil", "Die Erinnerungen kommen immer zu spät."),
    ("hal", "検索が遅いです。"),
]


def filled(home: Path, said: list[tuple[str, str]], embedder: HashEmbedder | None = None) -> Workbench:
    bench = open_bench(home, embedder=embedder)
    more(bench, home, said)
    return bench


def more(bench: Workbench, home: Path, said: list[tuple[str, str]]) -> None:
    with (home / "said.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("author", "text"), *said])
    ingest(
        bench, [home / "said.csv"], IngestOptions(source="said", mapping={"author": "author", "text": "text"})
    )


def whole(themes: ThemeSet) -> None:
    areas, middle = themes.of_level(1), themes.of_level(2)
    assert sum(one.statements for one in areas) == themes.statements
    assert sum(one.statements for one in middle) == themes.statements
    held = {one.id for one in areas}
    assert all(one.parent in held for one in middle)


def test_every_statement_is_in_an_area_and_in_a_theme(tmp_path: Path) -> None:
    with filled(tmp_path, SAID) as bench:
        themes = synthesize(bench)
        whole(themes)
        assert (themes.statements, themes.waiting, themes.records, themes.people) == (10, 0, 8, 8)
        largest = themes.of_level(2)[0]
        assert {quote.quote.text for one in themes.themes for quote in one.quotes}
        assert largest.share == largest.people / 8
        for one in themes.themes:
            for exemplar in one.quotes:
                raw = bench.catalog.records.get("default", [exemplar.quote.record_id])[
                    exemplar.quote.record_id
                ].raw
                assert raw[exemplar.quote.start : exemplar.quote.end] == exemplar.quote.text


@pytest.mark.parametrize(
    "said", [SAID[:1], [("ann", "ok")], [("a", "same words here")] * 3, [("a", "🙂"), ("b", "?!")]]
)
def test_few_or_equal_or_wordless_texts_are_themes_too(tmp_path: Path, said: list[tuple[str, str]]) -> None:
    with filled(tmp_path, said) as bench:
        whole(synthesize(bench))


def test_the_order_of_arrival_leaves_no_trace(tmp_path: Path) -> None:
    told = []
    for name, said in (("one", SAID), ("other", SAID[::-1])):
        (tmp_path / name).mkdir()
        with filled(tmp_path / name, said) as bench:
            told.append(synthesize(bench).model_dump_json())
    assert told[0] == told[1]


def test_a_run_that_is_stopped_goes_on_without_embedding_anything_twice(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    with filled(tmp_path, SAID, embedder) as bench:
        embedder.embedded.clear()

        def stop(done: int, total: int | None, message: str) -> None:
            raise Cancelled("Stopped.", hint="Go on.")

        with pytest.raises(Cancelled):
            synthesize(bench, progress=stop)
        first = list(embedder.embedded)
        assert len(first) == len(set(first)) == 4
        synthesize(bench)
        assert embedder.embedded == first


def test_themes_are_shown_as_they_are_until_something_changes(tmp_path: Path) -> None:
    with filled(tmp_path, SAID) as bench:
        assert themes_of(bench) is None
        themes = synthesize(bench)
        assert themes_of(bench) == themes
        more(bench, tmp_path, [("zoe", "Export of large boards fails for me as well.")])
        later = themes_of(bench)
        assert later is not None
        assert (later.people, later.run) == (9, themes.run)


def test_themes_are_read_once_until_another_process_changes_or_takes_them_back(tmp_path: Path) -> None:
    with filled(tmp_path, SAID) as bench:
        synthesize(bench)
        held = themes_of(bench)
        assert themes_of(bench) is held
        with open_bench(tmp_path) as other:
            state = other.catalog.themes.state(other.workspace)
            assert state is not None
            other.catalog.themes.save(other.workspace, replace(state, steered="by another"), {})
        again = themes_of(bench)
        assert again is not None
        assert held is not None
        assert again.stamp != held.stamp
        assert themes_of(bench) is again


def test_a_workspace_without_text_has_no_themes(tmp_path: Path) -> None:
    with open_bench(tmp_path) as bench, pytest.raises(UsageError, match="nothing that customers said"):
        synthesize(bench)


def test_themes_of_another_embedder_are_refused_with_the_way_out(tmp_path: Path) -> None:
    with filled(tmp_path, SAID) as bench:
        synthesize(bench)
        bench.__dict__["embedder"] = HashEmbedder(name="other")
        with pytest.raises(UsageError, match="were made with the embedder hash") as refused:
            synthesize(bench)
        assert "--afresh" in (refused.value.hint or "")


def test_texts_stand_in_the_order_of_their_hashes(tmp_path: Path) -> None:
    with filled(tmp_path, SAID) as bench:
        synthesize(bench)
        material = material_of(bench)

        assert tuple(text_hash(text) for text in material.texts()) == material.rows.hashes


class Blurred(HashEmbedder):
    """Hardly tells what a text is about."""

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        noise = [
            np.random.default_rng(crc32(text.encode())).normal(size=self.dimension).astype(np.float32)
            for text in texts
        ]
        blurred = 4.0 * super().embed([text.rpartition(" ")[0] for text in texts]) + np.stack(noise)
        return blurred / np.linalg.norm(blurred, axis=1, keepdims=True)


def test_few_statements_that_are_spelled_alike_share_a_theme_where_the_embedder_is_vague(
    tmp_path: Path,
) -> None:
    subjects = ("bluetooth pairing drops", "calendar colours vanish", "invoices print twice")
    said = [(f"p{row}", f"{subjects[row % 3]} somewhere n{row}") for row in range(60)]
    with filled(tmp_path, said, Blurred(64)) as bench:
        themes = synthesize(bench)
        by_vectors = cluster(material_of(bench).vectors).themes.sizes

        assert len(themes.of_level(2)) == len(subjects)
        assert len(by_vectors) > 2 * len(subjects)
