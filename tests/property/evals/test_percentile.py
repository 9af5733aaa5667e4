"""Percentiles of the benchmarks."""

from hypothesis import given
from hypothesis import strategies as st

from evals.bench.timing import percentile


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1.0))
def test_at_least_that_share_of_the_values_is_no_greater_than_the_percentile(
    values: list[float], share: float
) -> None:
    cut = percentile(values, share)
    assert cut in values
    assert sum(value <= cut for value in values) >= share * len(values) - 1e-9
