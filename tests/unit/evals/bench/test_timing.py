"""Clocks and percentiles of the benchmarks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.bench.timing import Cost, interleaved, median, percentile


def test_calls_are_interleaved_and_every_second_round_runs_backwards() -> None:
    heard: list[str] = []
    calls = {name: lambda name=name: heard.append(name) for name in ("a", "b", "c")}
    costs = interleaved(calls, 3)
    assert "".join(heard) == "abccbaabc"
    assert {name: len(own) for name, own in costs.items()} == {"a": 3, "b": 3, "c": 3}
    assert all(cost.wall >= 0 and cost.cpu >= 0 for own in costs.values() for cost in own)


def test_one_slow_round_does_not_move_the_median() -> None:
    assert median([Cost(1.0, 0.5), Cost(90.0, 2.0), Cost(1.2, 0.6)]) == Cost(1.2, 0.6)


@pytest.mark.parametrize(("share", "expected"), [(0.05, 1), (0.5, 10), (0.95, 19), (0.96, 20), (1.0, 20)])
def test_percentiles_are_values_that_were_measured(share: float, expected: int) -> None:
    assert percentile(range(20, 0, -1), share) == expected


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1.0))
def test_at_least_that_share_of_the_values_is_no_greater_than_the_percentile(
    values: list[float], share: float
) -> None:
    cut = percentile(values, share)
    assert cut in values
    assert sum(value <= cut for value in values) >= share * len(values) - 1e-9
