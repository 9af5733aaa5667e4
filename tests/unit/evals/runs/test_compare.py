"""Two runs: what changed case by case, and what must not be compared."""

from typing import Any

import pytest

from assistant.errors import UsageError
from evals.runs.compare import Direction, compare
from evals.runs.outcome import CaseResult, EvalRun, Outcome, Recall
from tests.support.eval_runs import eval_run, result, set_run

SAME = [result(f"case-{number}") for number in range(6)]


def _run(*results: CaseResult, **more: Any) -> EvalRun:
    return eval_run(set_run(*SAME, *results), **more)


def test_equal_runs_have_no_changes() -> None:
    compared = compare(_run(), _run())
    assert (compared.changed, compared.differs, compared.redrafted, compared.cases) == ((), (), 0, 6)
    assert compared.figures["passed"].mean == 0.0


def test_only_changed_verdicts_are_listed_with_what_came_and_went() -> None:
    before = _run(result("up", Outcome.failed), result("down"), result("stays", Outcome.failed))
    after = _run(result("up"), result("down", Outcome.abstained), result("stays", Outcome.failed))
    compared = compare(before, after)
    assert [(one.case_id, one.direction) for one in compared.changed] == [
        ("up", Direction.better),
        ("down", Direction.worse),
    ]
    assert compared.changed[0].gone == ("It should cite T1.",)
    assert compared.changed[1].come == ("It says not enough evidence.",)
    assert [one.case_id for one in compared.worse] == ["down"]


def test_a_case_that_broke_off_is_no_answer_and_in_no_figure() -> None:
    compared = compare(_run(result("x")), _run(result("x", Outcome.error)))
    assert (compared.cases, compared.broken_off, compared.worse) == (6, 1, ())
    assert compared.changed[0].direction is Direction.other
    assert compared.figures["passed"].pairs == 6


def test_a_recall_is_compared_only_where_both_answer() -> None:
    better = result("y", nuggets=Recall(found=2, of=2))
    compared = compare(_run(result("x", Outcome.abstained), result("y")), _run(result("x"), better))
    assert compared.figures["nuggets"].pairs == 7
    assert compared.figures["nuggets"].mean == pytest.approx(0.5 / 7)
    assert "vital" not in compared.figures


def test_a_case_that_asks_something_else_is_not_compared() -> None:
    compared = compare(_run(result("x")), _run(result("x", asked="other words"), result("new")))
    assert compared.cases == 6
    assert compared.only_before == ("tills/x",)
    assert compared.only_after == ("tills/new", "tills/x")


def test_what_the_runs_were_made_with_is_told() -> None:
    after = _run(writer="openai:gpt", settings="s2", prompts={"drafting/prd.v3": "p2"}, graders={})
    assert compare(_run(), after).differs == (
        "writer: extractive → openai:gpt",
        "settings: s1 → s2",
        "prompts: drafting/prd.v2, drafting/prd.v3",
        "graders: numbers_bound, story_form",
    )


def test_runs_of_different_evidence_are_refused() -> None:
    with pytest.raises(UsageError, match="'tills' rest on different evidence"):
        compare(_run(), eval_run(set_run(*SAME, records="r2")))


def test_runs_without_a_common_set_are_refused() -> None:
    with pytest.raises(UsageError, match="no set in common"):
        compare(_run(), eval_run(set_run(*SAME, name="others")))
