"""The evaluation table, the answers in four languages, counts, intervals, significance."""

import random
from statistics import NormalDist

import pytest

from assistant.domain.priority import KanoAnswer, KanoCategory, KanoResult
from assistant.errors import InputRejected
from assistant.synthesis.priority.answers import parse_answer
from assistant.synthesis.priority.kano import TABLE, AnswerPair, evaluate, fong, wilson
from tests.support.priorities import random_pairs

L, M, N, W, D = KanoAnswer


def pairs(count: int, with_it: KanoAnswer, without: KanoAnswer, feature: str = "f") -> list[AnswerPair]:
    return [AnswerPair(feature, with_it, without)] * count


def of(answers: list[AnswerPair]) -> KanoResult:
    return evaluate(answers).rows[0]


def test_the_evaluation_table_is_that_of_berger_and_others() -> None:
    assert {TABLE[L, one] for one in (M, N, W)} == {KanoCategory.attractive}
    assert TABLE[L, D] is KanoCategory.one_dimensional
    assert TABLE[L, L] is TABLE[D, D] is KanoCategory.questionable
    assert {TABLE[one, D] for one in (M, N, W)} == {KanoCategory.must_be}
    assert {TABLE[a, b] for a in (M, N, W) for b in (M, N, W)} == {KanoCategory.indifferent}
    reverse = [(one, L) for one in (M, N, W)] + [(D, one) for one in (L, M, N, W)]
    assert {TABLE[pair] for pair in reverse} == {KanoCategory.reverse}
    assert len(TABLE) == 25


@pytest.mark.parametrize(
    ("texts", "answer"),
    [
        (["I like it that way", "Das würde mich sehr freuen!", "Cela me ferait plaisir.", "Me gusta", "1", "1 - whatever", "1.0"], L),
        (["It must be that way", "I expect it", "Das setze ich voraus", "C’est un minimum", "Debe ser así", "2", "2) I expect it"], M),
        (["I am NEUTRAL", "Das ist mir egal", "Cela m’est égal", "Me es indiferente", "3"], N),
        (["I can live with it that way", "Das könnte ich in Kauf nehmen", "Je peux m'en accommoder", "Puedo tolerarlo", "4"], W),
        (["I dislike it that way", "I don't like it", "Das würde mich sehr stören", "Cela me dérangerait", "No me gusta", "5"], D),
        (["", "0", "6", "I can live without it", "12", "1,5", "I like"], None),
    ],
)  # fmt: skip
def test_the_five_answers_are_read_in_four_languages_and_as_numbers(
    texts: list[str], answer: KanoAnswer | None
) -> None:
    assert {text: parse_answer(text) for text in texts} == dict.fromkeys(texts, answer)


def test_words_win_over_the_number_before_them_and_own_wordings_are_taken() -> None:
    assert parse_answer("5 - I like it") is L
    assert parse_answer("I would be thrilled!", {"i would be thrilled": L}) is L


def test_better_and_worse_are_bergers_coefficients_with_wilsons_interval() -> None:
    row = of(pairs(8, L, D) + pairs(6, L, N) + pairs(4, N, D) + pairs(12, N, N) + pairs(3, D, L))
    assert row.better is not None
    assert row.worse is not None
    assert (row.better.count, row.better.of, row.worse.count) == (14, 30, 12)
    assert row.better.value == 14 / 30
    # Published for 8 of 10 at 95 %: 0.490 to 0.943.
    share = wilson(8, 10)
    assert share is not None
    assert (round(share.low, 3), round(share.high, 3)) == (0.490, 0.943)
    assert wilson(0, 0) is None
    assert (wilson(0, 9).low, wilson(9, 9).high) == (0.0, 1.0)  # type: ignore[union-attr]


def test_wilsons_interval_covers_the_share_it_comes_from() -> None:
    z = NormalDist().inv_cdf(0.975)
    for of_all in (1, 7, 40, 500):
        for count in range(0, of_all + 1, max(1, of_all // 9)):
            share = wilson(count, of_all)
            assert share is not None
            assert 0 <= share.low <= share.value <= share.high <= 1
            # The ends are where the score test just doesn't reject (Wilson's definition).
            for end in {share.low, share.high} - {0.0, 1.0}:
                error = (end * (1 - end) / of_all) ** 0.5
                assert abs(share.value - end) == pytest.approx(z * error, rel=1e-9)


@pytest.mark.parametrize(("first", "second", "clear"), [(29, 21, False), (33, 17, True), (25, 25, False)])
def test_the_lead_of_the_first_category_is_tested_by_fong(first: int, second: int, clear: bool) -> None:
    row = of(pairs(first, L, N) + pairs(second, N, D))
    assert row.threshold == fong(first, second, 50) == pytest.approx(1.65 * 25**0.5)
    assert row.clear is clear
    assert row.flips_at == -(-(first - second) // 2)
    assert row.lead == abs(first - second)


def test_a_tie_goes_by_must_one_dimensional_attractive_indifferent() -> None:
    row = of(pairs(12, N, N) + pairs(12, L, N) + pairs(12, N, D))
    assert (row.category, row.second, row.flips_at) == (KanoCategory.must_be, KanoCategory.attractive, 0)


def test_too_few_answers_give_no_category_and_say_so() -> None:
    row = of(pairs(19, L, N))
    assert (row.category, row.clear, row.reason) == (None, False, "not enough answers: 19 answer pairs, at least 20 are needed")  # fmt: skip
    assert of(pairs(20, L, N)).category is KanoCategory.attractive
    with pytest.raises(InputRejected, match="no answer pairs"):
        evaluate([])


def test_a_person_counts_once_and_a_contradiction_not_at_all() -> None:
    said = [AnswerPair("f", L, N, f"p{n}") for n in range(20)]
    again = [AnswerPair("f", L, N, "p1"), AnswerPair("f", N, N, "p2"), AnswerPair("f", None, None, "p3")]
    table = evaluate(said + again)
    assert (table.rows[0].pairs, table.rows[0].left_out) == (19, 2)
    assert "contradict others of the same person" in table.notes[0]


def test_segments_add_up_to_everybody_and_the_order_of_rows_leaves_no_trace() -> None:
    answers = random_pairs(5, 60)
    table = evaluate(answers, ["plan"])
    shuffled = answers[:]
    random.Random(1).shuffle(shuffled)
    assert evaluate(shuffled, ["plan"]).model_dump_json() == table.model_dump_json()
    for total in (row for row in table.rows if not row.segment):
        parts = [row for row in table.rows if row.segment and row.feature == total.feature]
        assert {row.segment for row in parts} == {"plan=team", "plan=free", "plan=unknown"}
        for category in KanoCategory:
            assert sum(row.counts[category] for row in parts) == total.counts[category]


def test_a_question_that_many_contradict_is_doubted() -> None:
    assert "may have been misunderstood" in evaluate(pairs(30, L, N) + pairs(5, L, L)).notes[0]


def test_answers_that_seem_to_be_numbered_the_other_way_round_are_asked_about() -> None:
    backwards = [
        AnswerPair("f", KanoAnswer(6 - one), KanoAnswer(6 - other))
        for one, other in [(1, 3)] * 20 + [(2, 5)] * 20
    ]
    assert any("swapped? Here 1 is like" in note for note in evaluate(backwards).notes)
    assert not evaluate(pairs(20, L, N)).notes
