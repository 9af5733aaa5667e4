"""What a judge's agreement with people is worth, and what opens the gate to it."""

from pathlib import Path

import pytest

from assistant.domain.finding import Severity
from assistant.domain.label import Label
from assistant.errors import InputRejected
from evals.judging.calibration import (
    Card,
    calibrate,
    kappa_interval,
    read_card,
    settled,
    severity,
    shipped_cards,
)
from evals.judging.judge import Answer, Judgement, Question, judge_id

WHO = judge_id("test", Question.follows)


def labels(verdicts: str, rater: str = "ann", question: str = "follows") -> list[Label]:
    """A label an item: r right, w wrong, u unsure."""
    names = {"r": "right", "w": "wrong", "u": "unsure"}
    return [
        Label.model_validate(
            {"question": f"judge:{question}", "item": f"i{n}", "verdict": names[letter], "rater": rater}
            | {"at": "2026-02-03T04:05:06Z"}
        )
        for n, letter in enumerate(verdicts)
    ]


def answers(letters: str, question: Question = Question.follows) -> list[Judgement]:
    """An answer an item: y, n, u, e."""
    names = {answer.value[0]: answer for answer in Answer}
    return [
        Judgement(question=question, item=f"i{n}", answer=names[letter]) for n, letter in enumerate(letters)
    ]


def card(verdicts: str, letters: str) -> Card:
    return calibrate(WHO, Question.follows, labels(verdicts), answers(letters))


def test_a_card_counts_what_people_and_the_judge_said() -> None:
    held = card("rrrrrwwwww", "yyyynnnnyu")
    assert held.n == 10
    assert held.prevalence == 0.5
    assert (held.sensitivity.part, held.sensitivity.whole) == (3, 5)
    assert (held.specificity.part, held.specificity.whole) == (4, 5)
    assert held.unsure == 1
    assert held.kappa == pytest.approx((0.7 - 0.45) / (1 - 0.45))
    assert held.kappa_low < held.kappa < held.kappa_high


@pytest.mark.parametrize("silence", ["u", "e"])
def test_abstaining_and_failing_are_never_right(silence: str) -> None:
    decided, withheld = (
        card("r" * 20 + "w" * 20, "y" * 20 + "n" * 20),
        card("r" * 20 + "w" * 20, "y" * 20 + silence * 20),
    )
    assert decided.may_gate
    assert withheld.sensitivity.part == 0
    assert withheld.kappa is not None
    assert withheld.kappa < 0.5
    assert not withheld.may_gate
    only_silence = card("rrrrwwww", silence * 8)
    assert only_silence.kappa == 0
    assert (only_silence.sensitivity.part, only_silence.specificity.part) == (0, 0)


def test_few_labels_open_no_gate_however_well_the_judge_does() -> None:
    assert not card("rrrrrwwwww", "yyyyynnnnn").may_gate
    assert card("rrrrrwwwww" * 8, "yyyyynnnnn" * 8).may_gate


def test_a_judge_that_always_says_yes_opens_no_gate_however_rare_faults_are() -> None:
    held = card("r" * 195 + "w" * 5, "y" * 200)
    assert held.kappa == 0
    assert severity(held) is Severity.advise
    assert severity(card("r" * 200, "y" * 200)) is Severity.advise
    assert severity(None) is Severity.advise
    assert severity(card("rw" * 100, "yn" * 100)) is Severity.block


def test_a_contradiction_that_a_judge_sees_agrees_with_people_who_call_it_wrong() -> None:
    question = Question.contradiction
    held = calibrate(
        judge_id("test", question),
        question,
        labels("wr" * 30, question="contradiction"),
        answers("yn" * 30, question),
    )
    assert held.kappa == 1
    assert held.may_gate


def test_people_who_disagree_settle_by_majority_and_a_tie_is_left_out() -> None:
    held = [*labels("rrw"), *labels("rww", "bob"), *labels("uur", "cy")]
    assert {item: verdict.value for item, verdict in settled(held, Question.follows).items()} == {
        "i0": "right",
        "i2": "wrong",
    }
    assert settled(labels("rrr", question="story"), Question.follows) == {}


def test_the_interval_is_the_same_each_time_and_narrows_with_labels() -> None:
    import numpy as np

    few, many = np.array([[18, 2, 0], [2, 18, 0]]), np.array([[180, 20, 0], [20, 180, 0]])
    assert kappa_interval(few) == kappa_interval(few)
    low, high = kappa_interval(few)
    lower, higher = kappa_interval(many)
    assert low < lower < 0.8 < higher < high
    assert kappa_interval(np.zeros((2, 3))) == (-1.0, 1.0)


def test_cards_are_read_back_and_files_that_are_none_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "card.json"
    held = card("rrww", "yyny")
    path.write_text(held.model_dump_json(), encoding="utf-8")
    assert read_card(path) == held
    path.write_text(held.model_dump_json().replace('"n":4', '"n":-4'), encoding="utf-8")
    with pytest.raises(InputRejected, match=r"card\.json"):
        read_card(path)


def test_shipped_cards_are_those_of_the_prompts_that_are_shipped() -> None:
    for model, sha, question in shipped_cards():
        assert judge_id(model, question).prompt_sha256 == sha
