"""α and κ against the examples in which they were published."""

import pytest

from assistant.domain.label import Label
from evals.judging.agreement import PREFER, agreement, alpha, kappa, preferences

KRIPPENDORFF = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
"""Krippendorff 2011, section C: four observers, twelve units, nominal α = 0.743."""
THREE_CODERS = (
    ". . . . . 3 4 1 2 1 1 3 3 . 3",
    "1 . 2 1 3 3 4 3 . . . . . . .",
    ". . 2 1 3 4 4 . 2 1 1 3 3 . 4",
)
"""Wikipedia, Krippendorff's alpha: nominal α = 0.691."""


def units(rows: tuple[str, ...]) -> list[list[str]]:
    return [[answer for answer in unit if answer != "."] for unit in zip(*map(str.split, rows), strict=True)]


@pytest.mark.parametrize(
    ("rows", "published"), [(KRIPPENDORFF, 0.743), (THREE_CODERS, 0.691)], ids=["2011", "three coders"]
)
def test_alpha_is_the_published_one_with_gaps_and_in_any_order(
    rows: tuple[str, ...], published: float
) -> None:
    assert alpha(units(rows)) == pytest.approx(published, abs=0.0005)
    assert alpha(units(rows[::-1])[::-1]) == alpha(units(rows))


def test_kappa_is_cohens_over_fifty_proposals() -> None:
    table = {("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15}
    assert kappa([pair for pair, times in table.items() for _ in range(times)]) == pytest.approx(0.4)


def test_no_agreement_is_told_where_there_is_no_variety_or_no_second_rater() -> None:
    assert alpha([["yes", "yes"]] * 9) is None
    assert alpha([["yes"], ["no"]]) is None
    assert kappa([("yes", "yes")] * 9) is None
    assert kappa([]) is None
    assert alpha([["yes", "no"], ["no", "yes"]]) == pytest.approx(-0.5)


def test_agreement_is_told_by_question_for_each_two_raters() -> None:
    said = {"ann": "rrrw", "bob": "rrww", "cy": "r"}
    verdicts = {"r": "right", "w": "wrong"}
    labels = [
        Label.model_validate(
            {"question": "judge:follows", "item": f"s/{n}#claim", "verdict": verdicts[letter], "rater": rater}
            | {"at": "2026-02-03T04:05:06Z"}
        )
        for rater, letters in said.items()
        for n, letter in enumerate(letters)
    ]
    (found,) = agreement(reversed(labels))
    assert (found.items, found.shared, found.raters) == (4, 4, ("ann", "bob", "cy"))
    assert found.kappas == (
        ("ann", "bob", 4, pytest.approx(0.5)),
        ("ann", "cy", 1, None),
        ("bob", "cy", 1, None),
    )


def _preferring(rater: str, first: str, swapped: str) -> list[Label]:
    told = {"question": PREFER, "rater": rater, "at": "2026-02-03T04:05:06Z"}
    return [
        Label.model_validate(told | {"item": item, "verdict": verdict})
        for item, verdict in (("dra_a@1/dra_b@1", first), ("dra_b@1/dra_a@1", swapped))
    ]


def test_of_two_drafts_counts_what_a_rater_prefers_in_both_orders() -> None:
    held = [
        *_preferring("ann", "right", "wrong"),
        *_preferring("bob", "wrong", "right"),
        *_preferring("cy", "right", "right"),
        *_preferring("di", "right", "wrong")[:1],
    ]
    answers = {
        item: {one.rater: one.verdict.value for one in held if one.item == item}
        for item in {one.item for one in held}
    }
    assert preferences(answers) == {"dra_a@1/dra_b@1": {"ann": "dra_a@1", "bob": "dra_b@1", "cy": "tie"}}
    (found,) = agreement(held)
    assert (found.question, found.items, found.raters) == (PREFER, 1, ("ann", "bob", "cy"))


def test_what_was_taken_back_counts_as_never_said() -> None:
    def label(question: str, item: str, verdict: str, rater: str, hour: int) -> Label:
        told = {"question": question, "item": item, "verdict": verdict, "rater": rater, "reason": "So."}
        return Label.model_validate(told | {"at": f"2026-02-03T{hour:02}:00:00Z"})

    finding = ("finding:vague_words", "dra_x@1#US-1#abc")
    overruled, kept = label(*finding, "wrong", "Ann", 4), label(*finding, "right", "Bob", 5)
    taken = label("withdrawn", f"dra_x@1#abc#{overruled.at.isoformat()}", "wrong", "Cy", 6)
    (before,) = agreement([overruled, kept])
    (after,) = agreement([overruled, kept, taken])
    assert (before.raters, before.shared) == (("Ann", "Bob"), 1)
    assert (after.question, after.raters, after.shared) == ("finding:vague_words", ("Bob",), 0)
    (again,) = agreement([label(*finding, "wrong", "Ann", 7), kept, taken])
    assert again.raters == ("Ann", "Bob")
