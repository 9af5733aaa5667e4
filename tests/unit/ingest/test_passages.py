"""Passages: whole sentences, exact offsets, nothing left out."""

from assistant.domain.clean import clean
from assistant.domain.ids import text_hash
from assistant.domain.record import Anchor, Record
from ingest.passages import MAX_CHARS, Slice, slices_of


def record(raw: str, anchors: tuple[Anchor, ...] = ()) -> Record:
    return Record(workspace="w", id="rec_1", source="s", raw=raw, voice="v", anchors=anchors)


def cut(raw: str, *, is_document: bool = False, anchors: tuple[Anchor, ...] = ()) -> list[Slice]:
    return slices_of(record(raw, anchors), clean(raw), is_document=is_document)


def test_a_short_text_is_one_passage_of_its_own() -> None:
    raw = "  The export\r\nfails &amp; hangs. "
    [only] = cut(raw)
    assert raw[only.passage.start : only.passage.end] == "The export\r\nfails &amp; hangs."
    assert only.text == "The export fails & hangs."
    assert only.passage.text_hash == text_hash(only.text)
    assert only.terms == "export fail hang"
    assert only.passage.id == "rec_1.0"


def test_a_text_of_nothing_has_no_passage() -> None:
    assert cut(" \u200b\r\n") == []


def test_long_texts_are_cut_between_sentences() -> None:
    raw = " ".join(f"Sentence number {i} is about export." for i in range(60))
    pieces = cut(raw)
    assert len(pieces) > 3
    assert all(len(piece.text) <= MAX_CHARS and piece.text.endswith(".") for piece in pieces)
    assert " ".join(raw[p.passage.start : p.passage.end] for p in pieces) == raw
    assert [p.passage.id for p in pieces] == [f"rec_1.{i}" for i in range(len(pieces))]


def test_a_sentence_without_end_is_cut_between_words() -> None:
    pieces = cut("word " * 400)
    assert all(len(piece.text) <= MAX_CHARS for piece in pieces)
    assert " ".join(piece.text for piece in pieces) == ("word " * 400).strip()


def test_emoji_families_and_marked_letters_are_never_parted() -> None:
    family = "👨\u200d👩\u200d👧\u200d👦"
    for shift in range(len(family)):
        pieces = cut("x" * shift + family * 120)
        assert all(piece.text.removeprefix("x" * shift).replace(family, "") == "" for piece in pieces)
    marked = cut("q\u0323" * 700)
    assert all(piece.text.startswith("q") and piece.text.endswith("\u0323") for piece in marked)


def test_passages_of_a_document_do_not_cross_its_anchors() -> None:
    raw = "# One\nText of one.\n# Two\nText of two.\n"
    anchors = (Anchor(start=0, end=19, label="§ One"), Anchor(start=19, end=len(raw), label="§ Two"))
    pieces = cut(raw, is_document=True, anchors=anchors)
    assert [raw[p.passage.start : p.passage.end] for p in pieces] == [
        "# One\nText of one.",
        "# Two\nText of two.",
    ]


def test_a_long_document_is_split_without_losing_a_character() -> None:
    raw = "\n\n".join(f"Paragraph {i}. " + "same words again and again. " * (i % 9) for i in range(400))
    pieces = cut(raw, is_document=True)
    covered = "".join(raw[p.passage.start : p.passage.end] for p in pieces)
    assert "".join(covered.split()) == "".join(raw.split())
    assert all(clean(raw[p.passage.start : p.passage.end]).text == p.text for p in pieces)
