"""Shards cover every record once; several of them give what one run over all gives."""

from pathlib import Path

import pytest

from assistant.domain.ids import record_id
from assistant.synthesis.pipeline import silent, synthesize
from assistant.synthesis.prepare import RECORDS_PER_SHARD, Shard, prepare, shards_of
from tests.support.hash_embedder import HashEmbedder
from tests.unit.assistant.synthesis.test_pipeline import SAID, filled


def holds(shard: Shard, one: str) -> bool:
    return (shard.after is None or one > shard.after) and (shard.until is None or one < shard.until)


@pytest.mark.parametrize("records", [0, 1, RECORDS_PER_SHARD, 10 * RECORDS_PER_SHARD, 123_456_789])
def test_every_record_is_in_one_shard(records: int) -> None:
    shards = shards_of(records)
    ids = [record_id("default", "said", str(number)) for number in range(50)]
    ids += [shard.until + "0" * 16 for shard in shards[:20] if shard.until]
    for one in ids:
        assert sum(holds(shard, one) for shard in shards) == 1


def test_shards_in_any_order_give_what_one_run_gives(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    for name in ("one", "many"):
        (tmp_path / name).mkdir()
    with filled(tmp_path / "one", SAID) as bench:
        wanted = synthesize(bench)
    with filled(tmp_path / "many", SAID, embedder) as bench:
        embedder.embedded.clear()
        shards = shards_of(6 * RECORDS_PER_SHARD)
        assert len(shards) == 6
        assert sum(prepare(bench, silent, shard) for shard in shards[::-1]) == 10
        done = len(embedder.embedded)
        assert done == 4
        assert synthesize(bench) == wanted
        assert len(embedder.embedded) == done
