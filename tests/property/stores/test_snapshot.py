"""The snapshot: the same for any order, moved by one record at a time."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.stores.rows import NO_RECORDS, moved_snapshot

PAIRS = st.lists(st.tuples(st.text("abc", max_size=3), st.text("12", max_size=2)), max_size=12)


@given(PAIRS, st.randoms(use_true_random=False))
def test_order_and_batches_do_not_matter(pairs: list[tuple[str, str]], rng: object) -> None:
    shuffled = list(pairs)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    step_by_step = NO_RECORDS
    for pair in shuffled:
        step_by_step = moved_snapshot(step_by_step, [], [pair])
    assert step_by_step == moved_snapshot(NO_RECORDS, [], pairs)


@given(PAIRS, PAIRS)
def test_what_comes_and_goes_leaves_no_trace(stay: list[tuple[str, str]], go: list[tuple[str, str]]) -> None:
    before = moved_snapshot(NO_RECORDS, [], stay)
    assert moved_snapshot(moved_snapshot(before, [], go), go, []) == before


def test_another_revision_is_another_snapshot() -> None:
    assert moved_snapshot(NO_RECORDS, [], [("a", "1")]) != moved_snapshot(NO_RECORDS, [], [("a", "2")])
    assert moved_snapshot(NO_RECORDS, [], [("a", "1")]) != NO_RECORDS
