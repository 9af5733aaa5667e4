from hypothesis import given
from hypothesis import strategies as st

from assistant.search.fuse import fuse

RANKINGS = st.lists(st.lists(st.integers(0, 30), unique=True, max_size=20), min_size=1, max_size=3)
WEIGHTS = st.floats(0.1, 2.0)


@given(rankings=RANKINGS, data=st.data())
def test_every_id_appears_once_best_first_ties_by_id(rankings: list[list[int]], data: st.DataObject) -> None:
    weights = [data.draw(WEIGHTS) for _ in rankings]
    fused = fuse(rankings, weights)
    assert sorted(name for name, _ in fused) == sorted({name for ranking in rankings for name in ranking})
    assert fused == sorted(fused, key=lambda pair: (-pair[1], pair[0]))
    assert all(0 < score <= 1 for _, score in fused)


@given(rankings=RANKINGS, data=st.data())
def test_moving_an_id_up_never_lowers_its_score(rankings: list[list[int]], data: st.DataObject) -> None:
    weights = [data.draw(WEIGHTS) for _ in rankings]
    names = [name for ranking in rankings for name in ranking]
    if not names:
        return
    name = data.draw(st.sampled_from(names))
    before = dict(fuse(rankings, weights))[name]
    which = data.draw(st.sampled_from([i for i, ranking in enumerate(rankings) if name in ranking]))
    moved = [name, *(other for other in rankings[which] if other != name)]
    after = dict(fuse([*rankings[:which], moved, *rankings[which + 1 :]], weights))[name]
    assert after >= before


@given(ranking=st.lists(st.integers(), unique=True, max_size=50))
def test_one_ranking_alone_keeps_its_order(ranking: list[int]) -> None:
    assert [name for name, _ in fuse([ranking, []], [1.0, 0.3])] == ranking


def test_nothing_fused_is_nothing() -> None:
    assert fuse([], []) == []
    assert fuse([[], []], [1, 0.3]) == []


def test_an_id_that_leads_every_ranking_scores_one() -> None:
    assert fuse([["a", "b"], ["a"]], [1, 0.3])[0] == ("a", 1.0)
