"""Quotes: verbatim, in their record and scope, not cut so that they turn around, and never typed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assistant.domain.draft import Draft
from assistant.domain.evidence import Quote, Scope
from assistant.domain.facets import RecordType
from assistant.domain.record import Record, RecordKind
from evals.graders.quote_verbatim import quote_verbatim
from evals.sample import sample_quote, sample_view, with_claim, with_quote
from tests.support.drafts import valid_draft, valid_records, valid_view


def _messages(draft: Draft) -> list[str]:
    return [finding.message for finding in quote_verbatim(draft, valid_view())]


@pytest.mark.parametrize(
    "forge",
    [
        lambda text: text.replace("does not", "does so"),
        lambda text: text.replace("slow", "s1ow"),
        lambda text: text.replace(" ", "\u00a0", 1),
        lambda text: text.replace("line.", "line!"),
        lambda text: text.upper(),
    ],
)
def test_a_quote_that_differs_by_one_character_blocks(forge: Callable[[str], str]) -> None:
    quote = valid_draft().quotes["Q1"]
    text = forge(quote.text)
    forged = with_quote(valid_draft(), "Q1", text=text, end=quote.start + len(text))
    assert "Q1 differs" in _messages(forged)[0]


def test_shifted_offsets_block() -> None:
    quote = valid_draft().quotes["Q1"]
    assert _messages(with_quote(valid_draft(), "Q1", start=quote.start + 1, end=quote.end + 1))


@pytest.mark.parametrize(
    "change",
    [
        {"record_id": "rec_z"},
        {"record_id": "rec_b"},
        {"revision": "0" * 16},
        {"person": "per_Ben"},
        {"source": "survey"},
        {"said_at": datetime(2020, 1, 1, tzinfo=UTC)},
    ],
)
def test_a_quote_of_another_record_revision_or_person_blocks(change: dict[str, object]) -> None:
    assert _messages(with_quote(valid_draft(), "Q1", **change))


def test_a_quote_of_another_workspace_blocks() -> None:
    foreign = tuple(r.model_copy(update={"workspace": "other"}) for r in valid_records())
    found = quote_verbatim(valid_draft(), sample_view(foreign))
    assert {finding.target for finding in found} == {"Q1", "Q2", "Q3", "Q4"}


def test_a_quote_outside_of_the_scope_blocks() -> None:
    draft = valid_draft().model_copy(update={"scope": Scope(max_rating=4)})
    assert [finding.target for finding in quote_verbatim(draft, valid_view())] == ["Q4"]


def test_a_quote_of_a_record_of_another_type_blocks() -> None:
    draft = valid_draft().model_copy(update={"scope": Scope(types=(RecordType.problem,))})
    view = valid_view()
    ids = view.corpus.record_ids
    assert ids == tuple(sorted(ids))
    cited = draft.quotes["Q4"].record_id
    told = tuple("praise" if one == cited else "problem" for one in ids)
    typed = replace(view, corpus=replace(view.corpus, type=told, sentiment=("neutral",) * len(ids)))
    assert [finding.target for finding in quote_verbatim(draft, typed)] == ["Q4"]
    assert len(quote_verbatim(draft, view)) == len(draft.quotes)


def test_a_competitors_document_can_be_quoted_in_its_own_section_only() -> None:
    records = tuple(
        r.model_copy(update={"kind": RecordKind.competitor}) if r.id == "rec_d" else r
        for r in valid_records()
    )
    revision = records[3].revision
    draft = with_quote(valid_draft(), "Q4", revision=revision)
    draft = draft.model_copy(update={"scope": Scope(kinds=(RecordKind.customer,))})
    assert [finding.target for finding in quote_verbatim(draft, sample_view(records))] == ["Q4"]
    problem = draft.sections[0].model_copy(update={"id": "competitors"})
    moved = draft.model_copy(update={"sections": (problem, *draft.sections[1:])})
    assert quote_verbatim(moved, sample_view(records)) == []


def _cut(raw: str, words: str, language: str) -> list[str]:
    record = Record(workspace="default", id="rec_x", source="reviews", raw=raw, language=language, voice="v")
    start = raw.index(words)
    quote = Quote(
        record_id="rec_x",
        revision=record.revision,
        start=start,
        end=start + len(words),
        text=words,
        source="reviews",
        language=language,
    )
    draft = valid_draft().model_copy(update={"quotes": {"Q1": quote}})
    return [f.message for f in quote_verbatim(draft, sample_view((record,))) if f.target == "Q1"]


@pytest.mark.parametrize(
    ("raw", "words", "language"),
    [
        ("The export does not work offline.", "work offline.", "en"),
        ("It doesn't work offline.", "work offline.", "en"),
        ("I can’t recommend this app.", "recommend this app.", "en"),
        ("I would never buy it again", "buy it again", "en"),
        ("it no longer syncs my boards", "syncs my boards", "en"),
        ("The export works not at all.", "The export works", "en"),
        ("I would recommend it to nobody.", "I would recommend it", "en"),
        ("There is no export to PDF", "export to PDF", "en"),
        ("it fails to load the list", "load the list", "en"),
        ("Der Export funktioniert leider nicht.", "Der Export funktioniert", "de"),
        ("Es gibt keinen Export nach PDF", "Export nach PDF", "de"),
        ("L'export ne marche pas", "L'export", "fr"),
        ("La exportación no funciona", "funciona", "es"),
        ("エクスポートできない", "エクスポートでき", "ja"),
        ("我不喜欢这个", "喜欢这个", "zh"),
    ],
)
def test_a_cut_that_leaves_out_the_negation_blocks(raw: str, words: str, language: str) -> None:
    assert "leaves out" in _cut(raw, words, language)[0]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("I can't export. The app hangs.", "The app hangs."),
        ("I can't export, the app hangs.", "the app hangs."),
        ("The export is empty. I wasn't sure why.", "The export is empty."),
        ("We hide the lists! Legal won't let us.", "We hide the lists!"),
        ("The app is great but not cheap.", "The app is great"),
        ("It's not only slow, it hangs.", "it hangs."),
        ("Nobody answered me; support is slow.", "support is slow."),
        ("The export does not work offline.", "The export does not work offline."),
        ("It took a year, but now it just works and I am happy with all of it.", "now it just works"),
    ],
)
def test_a_cut_beside_another_clause_is_fine(raw: str, words: str) -> None:
    assert _cut(raw, words, "en") == []


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("This is unusable", "usable"),
        ("I dislike it", "like it"),
        ("takes 150 s", "takes 15"),
        ("it costs 1.5 k", "costs 1"),
    ],
)
def test_a_cut_inside_of_a_word_or_number_blocks(raw: str, words: str) -> None:
    assert "inside a word" in _cut(raw, words, "en")[0]


def test_typed_speech_blocks_and_a_cited_one_does_not() -> None:
    typed = with_claim(valid_draft(), "C4", text="As one says: “I love this app so much”.")
    assert "Nobody is on record" in _messages(typed)[0]
    said = with_claim(valid_draft(), "C4", text="As one says: “I wish I could keep it on the phone”.")
    whole = sample_quote("rec_a", "I wish I could keep it on the phone.")
    cited = with_quote(said, "Q1", start=whole.start, end=whole.end, text=whole.text)
    assert _messages(cited) == []


def test_a_name_in_quotation_marks_is_no_speech() -> None:
    assert (
        _messages(with_claim(valid_draft(), "C4", text="Trouble with “slow lines, pool, phone” stays.")) == []
    )
