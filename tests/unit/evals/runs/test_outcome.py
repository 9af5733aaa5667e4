"""What a run says of itself: gates by case, abstentions and errors as what they are."""

import pytest

from assistant.errors import InputRejected
from evals.runs.outcome import Gate, Outcome, Recall, load_run, total
from tests.support.eval_runs import blocked, eval_run, result, set_run

GOOD = [result(f"good-{number}") for number in range(9)]


def test_one_blocking_finding_fails_a_set_whose_threshold_is_reached() -> None:
    assert set_run(*GOOD, blocked("bad"), threshold=0.5).gate is Gate.failed


def test_a_missed_expectation_fails_only_below_the_threshold() -> None:
    held = [*GOOD, result("bad", Outcome.failed)]
    assert set_run(*held, threshold=0.9).gate is Gate.passed
    assert set_run(*held, threshold=0.91).gate is Gate.failed


def test_a_case_that_broke_off_neither_passes_nor_fails() -> None:
    held = set_run(*GOOD, result("broken", Outcome.error), threshold=0.5)
    assert held.gate is Gate.inconclusive
    assert not held.passed


def test_an_error_does_not_hide_a_failure_that_is_certain() -> None:
    broken = result("broken", Outcome.error)
    assert set_run(blocked("bad"), broken).gate is Gate.failed
    assert set_run(result("bad", Outcome.failed), broken).gate is Gate.failed
    assert set_run(result("bad", Outcome.failed), broken, threshold=0.5).gate is Gate.inconclusive


def test_an_answer_that_is_withheld_does_not_pass() -> None:
    assert set_run(*GOOD, result("mute", Outcome.abstained)).gate is Gate.failed


def test_a_recall_leaves_out_what_has_no_answer() -> None:
    held = [result("a"), result("mute", Outcome.abstained), result("broken", Outcome.error)]
    assert total(one.nuggets for one in held) == Recall(found=1, of=2)
    assert total([None, None]) is None


def test_the_worst_set_gates_the_run() -> None:
    good, broken, bad = set_run(*GOOD), set_run(result("e", Outcome.error)), set_run(blocked("b"))
    assert eval_run(good).gate is Gate.passed
    assert eval_run(good, broken).gate is Gate.inconclusive
    assert eval_run(broken, bad).gate is Gate.failed


def test_a_run_comes_back_from_its_file_as_it_was() -> None:
    run = eval_run(set_run(*GOOD, blocked("bad"), result("broken", Outcome.error)))
    again = load_run(run.model_dump_json(indent=1), "run.json")
    assert (again, again.id) == (run, run.id)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('"gate":"failed"', '"gate":"passed"'), "the gate is 'passed', which the cases don't say"),
        (('"schema_version":1', '"schema_version":2'), "'schema_version'"),
        (('"writer"', '"wrote"'), "'wrote'|'writer'"),
        (("{", "["), "'the file'"),
    ],
)
def test_a_file_that_is_no_run_is_refused_by_name(change: tuple[str, str], said: str) -> None:
    text = eval_run(set_run(blocked("bad"))).model_dump_json().replace(*change, 1)
    with pytest.raises(InputRejected, match=said) as refused:
        load_run(text, "run.json")
    assert "'run.json'" in refused.value.message
