"""Whatever stands in the cells, a table comes out or a sentence that says why not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.priority import PriorityTable
from assistant.errors import UsageError
from assistant.synthesis.priority.moscow import parse_rule
from assistant.synthesis.priority.registry import METHODS, SCORES
from assistant.synthesis.priority.render import FORMS, render
from ingest.connectors.json_rows import element_row
from ingest.priorities.prioritise import Rows, Wishes, prioritise

_NUMBERS = [parameter.name for method in SCORES.values() for parameter in method.parameters]
_KEYS = ["item", "moscow", "feature", "functional", "dysfunctional", *_NUMBERS, *(f"{one}_{end}" for one in ("reach", "effort", "ease") for end in ("low", "high"))]  # fmt: skip
_CELLS = st.one_of(
    st.none(),
    st.integers(-3, 12),
    st.floats(0, 20),
    st.floats(allow_nan=False),
    st.sampled_from(
        ["80%", "1,5", "1.200", "Must", "I like it", "Das ist mir egal", "=1+1", "n/a", "0", "-0", "1e-9"]
    ),
    st.text(max_size=6),
)


_WHOLE = st.fixed_dictionaries(
    {
        "item": st.text(min_size=1, max_size=6),
        **{name: st.one_of(st.floats(0.01, 1), st.just(0.5)) for name in _NUMBERS},
        "feature": st.sampled_from(["Export", "SSO"]),
        "functional": st.integers(1, 5),
        "dysfunctional": st.integers(1, 5),
    }
)


def outcome(method: str, rows: list[dict[str, object]]) -> PriorityTable | UsageError:
    read = [element_row(number, one, 1000) for number, one in enumerate(rows, start=1)]  # type: ignore[arg-type]
    rules = [parse_rule("must: reach >= 3 and effort < 4")] if method == "moscow" else []
    try:
        return prioritise(Rows(_KEYS, read), Wishes(method, rules=rules, capacity=5 if rules else None))
    except UsageError as refused:
        return refused


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.one_of(_WHOLE, st.dictionaries(st.sampled_from(_KEYS), _CELLS)), max_size=6),
    form=st.sampled_from(FORMS),
)
def test_any_rows_give_a_table_or_a_sentence(method: str, rows: list[dict[str, object]], form: str) -> None:
    came = outcome(method, rows)
    if isinstance(came, UsageError):
        assert came.message
        assert came.hint
    else:
        assert render(came, form) == render(came, form)
