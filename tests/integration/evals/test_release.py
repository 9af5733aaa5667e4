"""What people decide about drafts: overruled findings, approval, and the files that show it."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from assistant.domain.draft import Draft, DraftStatus
from assistant.domain.finding import Verdict, finding_key
from assistant.domain.label import LabelVerdict
from assistant.drafting.formats.render import render
from assistant.errors import NotFound, UsageError
from assistant.workbench import Workbench
from evals.check import load_draft_json
from evals.documents.markdown import check_markdown
from evals.documents.stored import check_copy
from evals.gate import produce
from evals.release import approve, approved_versions, judged, may_publish, overrule, withdraw
from evals.replay import compare
from tests.support.flawed_draft import REQUEST, flawed, laneway

WHY = "Sales counted them by hand."


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    with laneway(tmp_path / "home", tmp_path) as opened:
        yield opened


@pytest.fixture
def draft(bench: Workbench) -> Draft:
    return flawed(bench)


def _overrule_all(bench: Workbench, draft: Draft) -> Draft:
    assert draft.report is not None
    for finding in draft.report.blocking:
        overrule(bench, draft, finding_key(finding), reason=WHY, by="Ida")
    return judged(bench, draft)


def test_a_clean_draft_may_go_out_and_is_approved(bench: Workbench) -> None:
    held = produce(bench, REQUEST)
    assert may_publish(bench, held) is None
    assert approve(bench, held, by="Ida") == judged(bench, held)
    assert judged(bench, held).status is DraftStatus.approved
    assert bench.catalog.drafts.get("default", held.id) == held


def test_a_draft_goes_out_only_when_every_blocking_finding_is_overruled(
    bench: Workbench, draft: Draft
) -> None:
    assert draft.report is not None
    refusal = may_publish(bench, draft)
    assert refusal is not None
    assert refusal.standing == draft.report.blocking
    assert approve(bench, draft, by="Ida") == refusal
    first, *rest = [finding_key(one) for one in refusal.standing]
    for key in rest:
        overrule(bench, draft, key, reason=WHY, by="Ida")
    assert may_publish(bench, draft) is not None
    overrule(bench, draft, first, reason=WHY, by="Ida")
    assert may_publish(bench, draft) is None


def test_an_overruling_becomes_a_label_and_stays_in_sight(bench: Workbench, draft: Draft) -> None:
    shown = _overrule_all(bench, draft)
    assert draft.report is not None
    assert shown.report is not None
    one = shown.report.blocking[0]
    assert one.overruled is not None
    assert (one.overruled.by, one.overruled.reason) == ("Ida", WHY)
    assert shown.report.verdict is Verdict.needs_fixes
    assert shown.report.standing == ()
    found = bench.catalog.labels.labels("default", f"finding:{one.grader}", f"{draft.id}@2#{one.target}")
    (label,) = (each for each in found if each.item.endswith(finding_key(draft.report.blocking[0])))
    assert label.verdict is LabelVerdict.wrong
    assert label.record_ids


def test_another_version_is_judged_anew(bench: Workbench, draft: Draft) -> None:
    _overrule_all(bench, draft)
    third = draft.model_copy(update={"version": 3, "parent_version": 2})
    assert may_publish(bench, third) is not None


def test_a_reason_is_needed_and_the_finding_must_exist(bench: Workbench, draft: Draft) -> None:
    assert draft.report is not None
    key = finding_key(draft.report.blocking[0])
    with pytest.raises(UsageError, match="with a reason"):
        overrule(bench, draft, key, reason="  ", by="Ida")
    with pytest.raises(UsageError, match="can't be kept"):
        overrule(bench, draft, key, reason="x" * 2001, by="Ida")
    with pytest.raises(UsageError, match="name of who decides"):
        overrule(bench, draft, key, reason=WHY, by=" ")
    with pytest.raises(NotFound, match="no finding 'ffffffffffff'"):
        overrule(bench, draft, "ffffffffffff", reason=WHY, by="Ida")


def test_an_opinion_without_a_reason_lets_nothing_out(bench: Workbench, draft: Draft) -> None:
    _overrule_all(bench, draft)
    for label in bench.catalog.labels.labels("default", "finding:"):
        bench.catalog.labels.put("default", label.model_copy(update={"reason": ""}))
    assert may_publish(bench, draft) is not None


@pytest.mark.parametrize("fmt", ["md", "html", "json", "docx"])
def test_every_export_shows_verdict_findings_fixes_and_who_overruled_them(
    bench: Workbench, draft: Draft, fmt: str
) -> None:
    shown = _overrule_all(bench, draft)
    assert shown.report is not None
    text = _words(render(shown, fmt), fmt)
    finding = shown.report.blocking[0]
    assert "needs fixes" in text.casefold()
    for part in (finding.message, finding.fix, "Ida", WHY):
        assert part.replace("'", "’") in text.replace("'", "’").replace("&#x27;", "’"), part


def _words(content: bytes, fmt: str) -> str:
    if fmt != "docx":
        return content.decode()
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_a_file_from_before_or_after_a_decision_is_known(bench: Workbench, draft: Draft) -> None:
    assert draft.report is not None
    before = draft
    after = _overrule_all(bench, draft)
    for held in (before, after):
        report = check_markdown(bench, render(held, "md").decode())
        assert {finding_key(one) for one in report.findings} == {
            finding_key(one) for one in draft.report.findings
        }
        assert report.standing == ()
        copy = check_copy(bench, load_draft_json(render(held, "json").decode(), bench))
        assert [one.message for one in copy.findings if one.grader == "stored_draft"] == []
    assert compare(draft, after).same


def test_a_forged_approval_or_overruling_in_a_file_blocks(bench: Workbench, draft: Draft) -> None:
    after = _overrule_all(bench, draft)
    forged = after.model_copy(update={"status": DraftStatus.approved})
    assert [one.target for one in check_copy(bench, forged).standing] == ["draft"]
    for label in bench.catalog.labels.labels("default", "finding:"):
        bench.catalog.labels.forget("default", label.id)
    assert check_copy(bench, after).standing


def test_erasing_a_record_empties_the_reasons_that_may_repeat_it(bench: Workbench, draft: Draft) -> None:
    _overrule_all(bench, draft)
    (label, *_) = bench.catalog.labels.labels("default", "finding:")
    bench.catalog.pages.erase("default", [label.record_ids[0]])
    left = bench.catalog.labels.labels("default", "finding:")
    assert left
    assert {(one.reason, one.shown) for one in left} == {("", "")}


def test_an_overruling_is_taken_back_with_a_reason_and_both_stay_among_the_labels(
    bench: Workbench, draft: Draft
) -> None:
    _overrule_all(bench, draft)
    approve(bench, draft, by="Ida")
    assert draft.report is not None
    key = finding_key(draft.report.blocking[0])
    with pytest.raises(UsageError, match="with a reason"):
        withdraw(bench, draft, key, reason=" ", by="Bo")
    assert approved_versions(bench) == {f"{draft.id}@2"}
    shown = withdraw(bench, judged(bench, draft), key, reason="Nobody counted.", by="Bo")
    assert shown.report is not None
    assert [finding_key(one) for one in shown.report.standing] == [key]
    assert may_publish(bench, draft) is not None
    assert shown.status is draft.status
    assert approved_versions(bench) == frozenset(), "what was approved on that ground isn't any more"
    kept = bench.catalog.labels.labels("default", "", f"{draft.id}@2#")
    assert {WHY, "Nobody counted."} <= {one.reason for one in kept}
    assert any(WHY in one.shown for one in kept if one.question == "withdrawn")
    with pytest.raises(NotFound, match="isn't overruled"):
        withdraw(bench, draft, key, reason="again", by="Bo")
    with pytest.raises(NotFound, match="isn't approved"):
        withdraw(bench, draft, None, reason="again", by="Bo")


def test_who_decided_may_decide_again_and_take_that_back_again(bench: Workbench, draft: Draft) -> None:
    assert draft.report is not None
    key = finding_key(draft.report.blocking[0])
    for number in range(3):
        overrule(bench, draft, key, reason=f"reason {number}", by="Ida")
        assert len(judged(bench, draft).report.standing) == len(draft.report.blocking) - 1  # type: ignore[union-attr]
        withdraw(bench, draft, key, reason=f"no, {number}", by="Ida")
        assert judged(bench, draft) == draft
    told = "\n".join(one.shown + one.reason for one in bench.catalog.labels.labels("default", "withdrawn"))
    assert all(f"reason {number}" in told and f"no, {number}" in told for number in range(3))


def test_an_approval_is_taken_back_and_given_again(bench: Workbench) -> None:
    held = produce(bench, REQUEST)
    approve(bench, held, by="Ida")
    shown = withdraw(bench, judged(bench, held), None, reason="Too early.", by="Bo")
    assert (shown, approved_versions(bench)) == (held, frozenset())
    approve(bench, held, by="Ida")
    assert judged(bench, held).status is DraftStatus.approved
    assert approved_versions(bench) == {f"{held.id}@1"}
