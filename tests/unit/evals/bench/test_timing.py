"""Clocks and percentiles of the benchmarks."""

import pytest

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
