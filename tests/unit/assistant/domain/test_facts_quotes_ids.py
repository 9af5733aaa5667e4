"""How numbers are shown, what a quote may be, and ids that depend on content alone."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from assistant.domain.base import canonical_json, digest
from assistant.domain.draft import PLACEHOLDER, Criterion
from assistant.domain.evidence import Quote, Scope
from assistant.domain.fact import Fact, FactFilter, Measure
from assistant.domain.finding import CheckReport, Finding, Severity, Verdict
from assistant.domain.ids import draft_id, passage_id, person_id, record_id, text_hash
from assistant.domain.record import Passage, Record, RecordKind
from assistant.domain.request import DraftRequest
from evals.sample import sample_draft


def _fact(measure: Measure, value: float | int | str) -> Fact:
    return Fact(id="F1", measure=measure, filter=FactFilter(), value=value)


@pytest.mark.parametrize(
    ("measure", "value", "shown"),
    [
        (Measure.people, 0, "0"),
        (Measure.people, 1234567, "1,234,567"),
        (Measure.share_of_people, 0.0, "0 %"),
        (Measure.share_of_people, 1.0, "100 %"),
        (Measure.share_of_records, 0.416, "42 %"),
        (Measure.top_accounts_share, 0.6, "60 %"),
        (Measure.per_week, 2.0, "2"),
        (Measure.per_week, 1234.567, "1,234.6"),
        (Measure.mean_rating, 3.96, "4.0"),
        (Measure.first_date, "2026-03-01", "2026-03-01"),
        (Measure.stated, "4,000 ", "4,000 "),
        (Measure.constant, "dozens", "dozens"),
        (Measure.top_value, "", ""),
        *[
            (Measure.rank_by_people, number, shown)
            for number, shown in [
                (1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st"),
                (102, "102nd"), (111, "111th"), (113, "113th"), (123, "123rd"),
            ]
        ],
    ],
)  # fmt: skip
def test_a_fact_shows_its_value(measure: Measure, value: float | int | str, shown: str) -> None:
    assert _fact(measure, value).display == shown


def _quote(**changes: object) -> Quote:
    fields: dict[str, object] = {"record_id": "rec_a", "revision": "r", "start": 2, "end": 6, "text": "slow"}
    return Quote.model_validate(fields | changes)


@pytest.mark.parametrize(
    "changes", [{"end": 7}, {"end": 2}, {"start": -1, "end": 3}, {"text": "", "end": 2}, {"start": 3}]
)
def test_a_quote_whose_offsets_do_not_span_its_text_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        _quote(**changes)


def test_a_quote_counts_code_points() -> None:
    emoji = "🏊\u200d♀️ 遅い"
    assert _quote(text=emoji, end=2 + len(emoji)).text == emoji


def test_models_are_frozen_and_refuse_unknown_fields() -> None:
    with pytest.raises(ValidationError):
        _quote(mood="sad")
    with pytest.raises(ValidationError):
        _quote().text = "fast"  # type: ignore[misc]


def test_a_criterion_needs_all_three_steps() -> None:
    for missing in ("given", "when", "then"):
        steps = {"given": ("a",), "when": ("b",), "then": ("c",), missing: ()}
        with pytest.raises(ValidationError):
            Criterion.model_validate({"title": "x", **steps})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{F1} and {Q22}", ["F1", "Q22"]),
        ("{f1} {F} {FF1} {F1 } { F1} F1", []),
        ("{{F1}}", ["F1"]),
        ("{F1}{F1}", ["F1", "F1"]),
    ],
)
def test_a_placeholder_is_a_letter_and_a_number_in_braces(text: str, found: list[str]) -> None:
    assert PLACEHOLDER.findall(text) == found


def test_an_empty_scope_restricts_nothing_and_says_so() -> None:
    assert Scope().is_empty
    assert not Scope(kinds=(RecordKind.customer,)).is_empty
    assert not Scope(since=datetime(2026, 1, 1, tzinfo=UTC)).is_empty
    with pytest.raises(ValidationError):
        Scope(since=datetime(2026, 1, 1))


@pytest.mark.parametrize("items", [0, 51, -1])
def test_a_request_has_sensible_limits(items: int) -> None:
    with pytest.raises(ValidationError):
        DraftRequest(kind="prd", brief="x", max_items=items)
    with pytest.raises(ValidationError):
        DraftRequest(kind="prd", brief="x" * 20_001)


def test_a_passage_is_never_empty() -> None:
    for start, end in ((0, 0), (3, 2), (-1, 4)):
        with pytest.raises(ValidationError):
            Passage(id="p", record_id="r", start=start, end=end, text_hash="h")


def test_what_blocks_is_what_is_severe() -> None:
    bad, mild = (
        Finding(grader="g", severity=one, target="C1", message="m")
        for one in (Severity.block, Severity.advise)
    )
    assert CheckReport(verdict=Verdict.needs_fixes, findings=(mild, bad)).blocking == (bad,)


def test_ids_depend_on_content_and_on_nothing_else() -> None:
    assert record_id("w", "reviews", "1") == record_id("w", "reviews", "1")
    ids = {
        record_id(workspace, source, key)
        for workspace in ("w", "v")
        for source in ("a", "ab")
        for key in ("1", "b1", "")
    }
    assert len(ids) == 12
    assert passage_id("rec_a", 0) != passage_id("rec_a", 1)
    assert draft_id("prd", "brief") != draft_id("prdb", "rief")
    assert text_hash("a") != text_hash("b")


def test_a_persons_pseudonym_does_not_depend_on_spelling_and_tells_no_name() -> None:
    assert person_id("w", "Ann  Lee ") == person_id("w", "ann lee")
    assert person_id("w", "Ann Lee") != person_id("v", "Ann Lee")
    assert "ann" not in person_id("w", "Ann Lee").lower()


def test_parts_of_a_digest_do_not_run_into_each_other() -> None:
    assert digest("a", "b") != digest("ab")
    assert digest("a", "b") != digest(["a", "b"])
    assert digest({"x": 1, "y": 2}) == digest({"y": 2, "x": 1})
    assert len(digest("a", size=8)) == 16
    assert digest("\ud800")


def test_equal_values_have_equal_json() -> None:
    assert canonical_json({"b": [1, "é"], "a": None}) == '{"a":null,"b":[1,"é"]}'
    draft = sample_draft()
    assert canonical_json(draft) == canonical_json(draft.model_copy())
    assert canonical_json(draft) == canonical_json(draft.model_dump(mode="json"))


def test_a_revision_changes_with_what_was_said_and_known() -> None:
    record = Record(workspace="w", id="rec_a", source="s", raw="It is slow.", voice="v")
    assert (
        record.revision
        == record.model_copy(update={"workspace": "other", "id": "rec_b", "voice": "x"}).revision
    )
    for change in (
        {"raw": "It is slow!"},
        {"rating": 1.0},
        {"segments": {"plan": "pro"}},
        {"account": "north"},
    ):
        assert record.model_copy(update=change).revision != record.revision


def test_a_moment_has_no_microseconds() -> None:
    moment = datetime(2026, 1, 1, 12, 30, 1, 999, tzinfo=UTC)
    record = Record(workspace="w", id="rec_a", source="s", raw="x", voice="v", said_at=moment)
    assert record.said_at == moment.replace(microsecond=0)
