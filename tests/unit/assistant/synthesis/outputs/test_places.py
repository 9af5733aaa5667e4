"""Where statements stand, as it is kept: the same after a round through bytes, and the same areas as all statements give."""

from pathlib import Path

import numpy as np

from api.web.counts import Counts
from assistant.synthesis.counting import PLACES, count, stamp_of_now
from assistant.synthesis.outputs.places import places_of, read_places
from assistant.synthesis.pipeline import themes_of
from evals.coverage import areas_of
from tests.support.search_corpus import a_record, add_records
from tests.support.theme_sample import exported, rows_of

COLUMNS = ("area", "record", "start", "end")


def test_places_come_back_from_their_bytes_and_give_the_same_areas(tmp_path: Path) -> None:
    export = exported(tmp_path, rows_of(300))
    bench = export.bench
    assert count(bench)
    written = places_of(export.material, export.tree)
    content = bench.catalog.counted.read(bench.workspace, PLACES)
    assert content == written.content()
    kept = read_places(content)
    assert (kept.snapshot, kept.ids) == (bench.columns().snapshot, written.ids)
    assert (kept.area >= 0).any()
    themes = themes_of(bench)
    assert themes is not None
    slow, fast = areas_of(bench, themes), areas_of(bench, themes, kept)
    assert slow is not None
    assert fast is not None
    assert (slow.ids, slow.names) == (fast.ids, fast.names)
    for name in COLUMNS:
        assert np.array_equal(getattr(slow, name), getattr(fast, name))


def test_places_of_other_records_are_not_used(tmp_path: Path) -> None:
    bench = exported(tmp_path, rows_of(120)).bench
    count(bench)
    stamp = stamp_of_now(bench)
    assert Counts(bench, stamp, stamp).places() is not None
    assert Counts(bench, "", stamp).places() is None
    add_records(bench.catalog, bench.embedder, [a_record("Another one.", "new", author="zoe")])
    assert Counts(bench, stamp, stamp_of_now(bench)).places() is None
