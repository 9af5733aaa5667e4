"""A stored draft without a person's words: still a draft."""

import json

import pytest

from assistant.domain.draft import Draft, DraftStatus
from assistant.domain.erased_words import ErasedWords
from assistant.domain.erasure import ERASED_RECORD, MARK
from assistant.domain.redaction import Redacted, redact_draft, rests_on
from assistant.drafting.formats.render import render
from evals.check import grade
from evals.documents.markdown import check_text
from evals.registry import OWN
from evals.sample import sample_draft, sample_view

REASON = "Evidence of this draft was erased on request on 2026-02-03 (receipt era_0)."
NOBODY = ErasedWords((), (), ())


def redacted(draft: Draft, record_id: str) -> Redacted:
    said = [quote.text for quote in draft.quotes.values() if quote.record_id == record_id]
    others = [quote.text for quote in draft.quotes.values() if quote.record_id != record_id]
    return redact_draft(draft, ErasedWords(said, (), others), frozenset([record_id]), REASON)


@pytest.fixture
def draft() -> Draft:
    return sample_draft()


def record_ids(draft: Draft) -> list[str]:
    return sorted({quote.record_id for quote in draft.quotes.values()})


def test_quotes_and_ids_of_the_erased_record_are_gone(draft: Draft) -> None:
    for record_id in record_ids(draft):
        left = redacted(draft, record_id)
        text = left.draft.model_dump_json()
        gone = [name for name, quote in draft.quotes.items() if quote.record_id == record_id]
        assert left.quotes == len(gone) > 0
        assert record_id not in text
        assert all(left.draft.quotes[name].text == MARK for name in gone)
        assert all(left.draft.quotes[name].record_id == ERASED_RECORD for name in gone)
        assert all(
            left.draft.quotes[name] == quote for name, quote in draft.quotes.items() if name not in gone
        )


def test_the_draft_is_stale_and_says_why(draft: Draft) -> None:
    left = redacted(draft, record_ids(draft)[0]).draft
    assert (left.status, left.stale_reason) == (DraftStatus.stale, REASON)
    assert left.report is not None
    assert left.report.findings[0].message == REASON
    assert "stale_reason" not in draft.model_dump()
    assert Draft.model_validate_json(json.dumps(left.model_dump(mode="json"))) == left


@pytest.mark.parametrize("form", ["md", "html", "json", "docx"])
def test_what_is_left_renders(form: str, draft: Draft) -> None:
    for record_id in record_ids(draft):
        assert render(redacted(draft, record_id).draft, form, {})


def test_a_rendered_draft_says_why_it_is_stale_and_can_be_checked_as_it_is(draft: Draft) -> None:
    left = redacted(draft, record_ids(draft)[0]).draft
    text = render(left, "md", {}).decode()
    assert "Evidence of this draft was erased on request" in text
    report = check_text(text, left, sample_view(), text)
    assert report.findings == grade(left, sample_view(), OWN).findings
    older = check_text(render(draft, "md", {}).decode(), left, sample_view(), text)
    assert older.findings[0].fix.startswith("Remove this file") or older.findings[1].fix.startswith(
        "Remove this file"
    )


def test_a_check_says_what_happened_before_anything_else(draft: Draft) -> None:
    for record_id in record_ids(draft):
        left = redacted(draft, record_id).draft
        report = grade(left, sample_view(), OWN)
        assert report.findings[0].message == REASON
        assert report.verdict.value == "needs fixes"
        told = [one.message for one in report.findings if one.grader == "quote_verbatim"]
        assert any("was erased on request" in message for message in told)
        assert not any("cites erased" in message for message in told)


def test_a_claim_goes_with_all_of_its_quotes(draft: Draft) -> None:
    for claim in draft.claims.values():
        proof = {draft.quotes[name].record_id for name in (*claim.quote_ids, *claim.counter_quote_ids)}
        if len(proof) == 1:
            left = redacted(draft, proof.pop()).draft
            assert left.claims[claim.id].text == MARK
            return
    pytest.fail("the sample has no claim that rests on one record")


def test_in_a_draft_that_a_model_worded_one_quote_is_enough(draft: Draft) -> None:
    worded = draft.model_copy(
        update={"provenance": draft.provenance.model_copy(update={"writer": "openai:test"})}
    )
    claim = next(one for one in worded.claims.values() if one.quote_ids)
    record_id = worded.quotes[claim.quote_ids[0]].record_id
    assert redacted(worded, record_id).draft.claims[claim.id].text == MARK


def test_a_draft_rests_on_what_it_quotes_counts_or_repeats(draft: Draft) -> None:
    selected = next(one for one in draft.selections.values() if one.record_ids).record_ids[0]
    assert rests_on(draft, NOBODY, frozenset([selected]))
    assert rests_on(draft, NOBODY, frozenset(record_ids(draft)[:1]))
    assert not rests_on(draft, NOBODY, frozenset(["rec_elsewhere"]))
