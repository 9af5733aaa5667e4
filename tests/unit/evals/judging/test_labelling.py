"""What raters are shown, in which order, and how their answers are read."""

from datetime import UTC, datetime

import pytest

from assistant.domain.finding import CheckReport, Finding, Severity, Verdict
from assistant.domain.label import LabelVerdict
from assistant.errors import InputRejected
from evals.cases.chains import load_chains, shipped_chains
from evals.judging.labelling import Reply, of_chains, of_draft, of_findings, read_reply, waiting
from evals.sample import sample_draft, with_claim

AT = datetime(2026, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("y\n", Reply(LabelVerdict.right)),
        (" N  the opposite \n", Reply(LabelVerdict.wrong, "the opposite")),
        ("u: both", Reply(LabelVerdict.unsure, "both")),
        ("yes", Reply(LabelVerdict.right)),
        ("s", Reply("skip")),
        ("quit", Reply("quit")),
    ],
)
def test_a_letter_and_perhaps_a_reason_are_an_answer(line: str, reply: Reply) -> None:
    assert read_reply(line) == reply


@pytest.mark.parametrize("line", ["", "\n", "x", "yn", "nope", "1", "no-one"])
def test_anything_else_is_none(line: str) -> None:
    with pytest.raises(InputRejected):
        read_reply(line)


def test_what_was_labelled_does_not_come_again_and_each_rater_has_an_order_of_their_own() -> None:
    things = of_chains(load_chains(shipped_chains()["evidence_chains"]))
    ann, bob = waiting(things, [], "Ann"), waiting(things, [], "Bob")
    assert ann != bob
    assert {one.item for one in ann} == {one.item for one in bob}
    done = [one.answered(LabelVerdict.right, "Ann", "", AT) for one in ann[:5]]
    assert waiting(reversed(things), done, "Ann") == ann[5:]
    assert waiting(things, done, "Bob") == bob


def test_raters_see_no_fault_and_no_other_answer() -> None:
    held = load_chains(shipped_chains()["evidence_chains"])
    shown = "\n".join(one.shown for one in of_chains(held))
    assert not any(label.reason in shown for label in held.labels if label.verdict == "wrong")


def test_a_label_freezes_what_was_shown_with_personal_data_masked() -> None:
    draft = with_claim(sample_draft(), "C3", text="Write to ann.smith@example.org about it.")
    masked = next(one for one in of_draft(draft, show_personal=False) if one.item.endswith("#C3"))
    plain = next(one for one in of_draft(draft, show_personal=True) if one.item.endswith("#C3"))
    label = masked.answered(LabelVerdict.wrong, "Ann", "no", AT)
    assert "ann.smith" not in label.shown
    assert "ann.smith" in plain.shown
    assert "[Q3] Please let me open" in label.shown
    assert label.record_ids == ("rec_a", "rec_b", "rec_c", "rec_d")
    assert label.item == f"{draft.id}@{draft.version}#C3"


def test_a_finding_is_shown_with_its_place_and_named_by_what_it_says() -> None:
    found = [
        Finding(grader="g", severity=Severity.block, target="C4", message=f"wrong {n}", fix="say less")
        for n in (1, 2)
    ]
    report = CheckReport(verdict=Verdict.needs_fixes, findings=tuple(found))
    first, second = of_findings(sample_draft().model_copy(update={"report": report}), show_personal=False)
    assert first.question == "finding:g"
    assert first.item.startswith("dra_sample@1#C4#")
    assert first.item != second.item
    assert "Pools keep their slow lines" in first.shown
    assert "fix: say less" in first.shown


def test_a_reason_that_is_too_long_is_refused() -> None:
    thing = of_chains(load_chains(shipped_chains()["evidence_chains"]))[0]
    with pytest.raises(InputRejected, match="reason"):
        thing.answered(LabelVerdict.right, "Ann", "x" * 2001, AT)
