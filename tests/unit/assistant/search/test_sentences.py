import pytest
from pydantic import ValidationError

from assistant.domain.record import Anchor, Passage, Record
from assistant.domain.text import index_terms
from assistant.search.sentences import LONGEST, best_sentence, quote_of
from tests.support.search_corpus import a_record, passages_of


def quoted(raw: str, question: str, record: Record | None = None) -> str:
    record = record or a_record(raw)
    quote = best_sentence(record, passages_of(record)[0], frozenset(index_terms(question)))
    assert quote.text == record.raw[quote.start : quote.end]
    assert len(quote.text) <= LONGEST + 20
    return quote.text


def test_the_sentence_that_speaks_of_the_question_is_quoted() -> None:
    raw = "I like the app a lot. The CSV export fails above 10,000 rows.  Support was friendly."
    assert quoted(raw, "exporting to csv") == "The CSV export fails above 10,000 rows."


def test_offsets_survive_entities_zero_width_characters_and_line_breaks() -> None:
    raw = "Hello\u200b there &amp; welcome.\r\n\r\nThe ex\u200bport   to&nbsp;Excel is\tbroken \U0001f621!\r\nBye."
    assert quoted(raw, "excel") == "The ex\u200bport   to&nbsp;Excel is\tbroken \U0001f621!"


def test_scripts_without_spaces_are_quoted_by_sentence() -> None:
    assert quoted("アプリは好きです。同期が遅いです。ありがとう。", "同期") == "同期が遅いです。"


def test_where_no_word_occurs_the_first_real_sentence_is_quoted() -> None:
    raw = "Hi. Nothing loads since the last update. Please look into it soon."
    assert quoted(raw, "billing") == "Nothing loads since the last update."
    assert quoted("Ok.", "billing") == "Ok."


def test_list_bullets_and_heading_marks_are_left_out() -> None:
    assert quoted("Wishes:\n- Dark mode for the board view\n- Faster search", "dark mode") == (
        "Dark mode for the board view"
    )


def test_a_long_sentence_is_cut_at_its_clauses() -> None:
    clauses = [f"in room {i} we had a discussion about the thing that matters" for i in range(12)]
    clauses[7] = "the offline mode lost two hours of inspection notes"
    text = quoted(", ".join(clauses) + ".", "offline inspection")
    assert "the offline mode lost two hours of inspection notes" in text
    assert len(text) <= LONGEST
    assert text.startswith(("in room", "the offline"))


def test_a_long_run_without_clauses_is_cut_between_words_or_characters() -> None:
    assert quoted("export " * 100, "export").endswith("export")
    flags = "\U0001f469\u200d\U0001f680" * 150
    text = quoted(flags, "rocket")
    assert text.startswith("\U0001f469")
    assert not text.endswith("\u200d")


def test_a_passage_without_words_is_quoted_whole() -> None:
    record = a_record("\u200b\u200b")
    assert best_sentence(record, passages_of(record)[0], frozenset()).text == "\u200b\u200b"


def test_only_the_passage_is_quoted() -> None:
    record = a_record("The export is slow. The export is broken.")
    passage = Passage(id="p", record_id=record.id, start=20, end=41, text_hash="h")
    assert best_sentence(record, passage, frozenset({"export"})).start == 20


def test_a_quote_carries_what_is_known_of_its_record() -> None:
    anchors = (Anchor(start=0, end=20, label="page 1"), Anchor(start=4, end=9, label="§ Limits"))
    record = a_record(
        "The export is slow today.", author="Ann", anchors=anchors, said_at="2026-03-01T00:00:00Z"
    )
    quote = quote_of(record, 4, 10)
    assert quote.text == "export"
    assert quote.revision == record.revision
    assert (quote.source, quote.person, quote.said_at) == (record.source, record.person, record.said_at)
    assert quote.anchor == "§ Limits"
    assert quote_of(record, 10, 13).anchor == "page 1"
    assert quote_of(record, 21, 25).anchor is None


def test_an_empty_or_outside_span_is_no_quote() -> None:
    record = a_record("Short.")
    for start, end in ((2, 2), (3, 2), (0, 99), (-2, 3)):
        with pytest.raises(ValidationError):
            quote_of(record, start, end)
