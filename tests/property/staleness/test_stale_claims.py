"""The stale claims after random changes of the records: those that evaluating every claim of every draft gives, and no other."""

import random
from pathlib import Path

from assistant.drafting.staleness.mark import mark, stale, stale_drafts
from tests.support.ingest_bench import open_bench
from tests.support.random_drafts import World, stale_by_brute_force

_CHANGES = 16


def test_the_marked_claims_are_those_of_brute_force_after_every_change(tmp_path: Path) -> None:
    seen = {why for seed in range(8) for why in _lived_through(seed, tmp_path / str(seed))}
    assert seen >= {"counted", "edited", "left", "erased"}


def _lived_through(seed: int, home: Path) -> set[str]:
    """What became of quotes and facts in one workspace."""
    seen: set[str] = set()
    with open_bench(home) as bench:
        world = World(bench, random.Random(seed))
        for _ in range(12):
            world.add()
        for number in range(3):
            bench.catalog.drafts.save(world.draft(number))
        assert stale_drafts(bench) == {}
        for step in range(_CHANGES):
            if step == _CHANGES // 2:
                bench.catalog.drafts.save(world.draft(0, version=2))
            world.change()
            marked = bench.catalog.staleness.claims(bench.workspace)
            assert {(one.draft_id, one.version, one.claim_id) for one in marked} == stale_by_brute_force(
                bench
            )
            assert mark(bench) == []
            seen |= {one.why.value for claim in marked for one in claim.moved}
        for draft in bench.catalog.drafts.newest(bench.workspace, None, 10):
            told = [one for one in marked if one.draft_id == draft.id]
            assert sorted(stale(bench, draft), key=str) == sorted(told, key=str)
    return seen
