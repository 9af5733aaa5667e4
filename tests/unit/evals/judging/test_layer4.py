"""What is asked about a draft, and what the answers are worth under which card."""

from assistant.domain.finding import Severity
from assistant.llm.scripted import ScriptedModel
from evals.judging.calibration import Card, calibrate
from evals.judging.judge import Answer, Judgement, Question, judge_id
from evals.judging.layer4 import findings_of, questions_of
from evals.sample import sample_draft, with_block, with_claim
from tests.unit.evals.judging.test_calibration import answers, labels

MODEL = ScriptedModel([]).name


def a_card(good: bool) -> Card:
    who = judge_id(MODEL, Question.follows)
    return calibrate(who, Question.follows, labels("rw" * 50), answers(("yn" if good else "yy") * 50))


def test_each_supported_claim_story_and_requirement_is_asked_about_once() -> None:
    asked = [(one.question.value, one.item) for one in questions_of(sample_draft())]
    assert len(set(asked)) == len(asked)
    assert [item for question, item in asked if question == "follows"] == ["C1", "C2", "C3"]
    assert {item for question, item in asked if question == "criteria"} == {"US-1", "US-2"}
    assert ("useful", "NFR-1") in asked


def test_claims_are_shown_with_their_words_filled_and_their_counted_numbers_as_proven() -> None:
    first = next(one for one in questions_of(sample_draft()) if one.item == "C1")
    assert first.subject.startswith(
        "3 people in 2 accounts can't open the timetable: “The timetable does not"
    )
    assert list(first.lines) == ["Q1", "Q2", "F1", "F2"]
    assert "counted by code" in first.lines["F1"]
    assert first.record_ids == ("rec_a", "rec_b", "rec_c", "rec_d")


def test_what_is_marked_as_assumed_is_not_asked_for_in_the_quotes() -> None:
    assumed = with_block(sample_draft(), "US-1", assumptions=("benefit",))
    asked = {(one.question.value, one.item) for one in questions_of(assumed)}
    assert ("story", "US-1") not in asked
    assert ("criteria", "US-1") in asked
    target = with_claim(sample_draft(), "C1", stance="target")
    assert "C1" not in {one.item for one in questions_of(target) if one.question is Question.follows}


def test_only_faults_are_findings_and_only_a_card_that_opens_the_gate_lets_them_block() -> None:
    questions = list(questions_of(sample_draft()))
    said = [
        Judgement(question=Question.follows, item="C1", answer=Answer.no, rests_on=("Q1",)),
        Judgement(question=Question.follows, item="C2", answer=Answer.unsure),
        Judgement(question=Question.follows, item="C3", answer=Answer.error, problem="model-timeout"),
    ]
    for card, worth in (
        (a_card(True), Severity.block),
        (a_card(False), Severity.advise),
        (None, Severity.advise),
    ):
        (found,) = findings_of(said, questions, {Question.follows: card}, MODEL)
        assert (found.grader, found.target, found.severity) == ("judge_follows", "C1", worth)
        assert "Lines: Q1" in found.evidence
        assert (card.summary if card else "never calibrated") in found.evidence
    assert (
        "may gate"
        in next(iter(findings_of(said, questions, {Question.follows: a_card(True)}, MODEL))).evidence
    )
    assert "advice only" in found.evidence


def test_a_contradiction_names_both_statements() -> None:
    questions = list(questions_of(sample_draft()))
    pair = next(one for one in questions if one.question is Question.contradiction)
    one, other = pair.lines
    said = [Judgement(question=pair.question, item=pair.item, answer=Answer.yes, rests_on=(one, other))]
    (found,) = findings_of(said, questions, {}, MODEL)
    assert found.target == one
    assert f"between {one} and {other}" in found.message
    assert not list(findings_of([said[0].model_copy(update={"answer": Answer.no})], questions, {}, MODEL))
