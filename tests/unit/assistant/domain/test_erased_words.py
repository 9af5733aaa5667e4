"""Whose words they are, and finding them where they were repeated."""

import pytest

from assistant.domain.erased_words import ErasedWords
from assistant.domain.erasure import MARK

SAID = "The zorblatt exporter ate my whole quarterly spreadsheet and never gave it back."


def words(*others: str, said: str = SAID, names: tuple[str, ...] = ()) -> ErasedWords:
    return ErasedWords([said], names, others)


def test_a_run_of_six_words_is_taken_out_wherever_it_stands() -> None:
    text = "They say: Zorblatt exporter ate my whole, quarterly spreadsheet; thus it goes."
    assert words().redacted(text, nearby=False) == f"They say: {MARK}; thus it goes."


def test_what_others_said_as_well_is_theirs_to_keep() -> None:
    assert words(SAID).redacted(SAID, nearby=True) == SAID
    assert words(SAID).pieces() == []


def test_single_words_count_only_where_her_words_are_known_to_have_been_used() -> None:
    text = "An exporter called zorblatt."
    assert words("Our exporter is slow.").redacted(text, nearby=False) == text
    assert words("Our exporter is slow.").redacted(text, nearby=True) == f"An exporter called {MARK}."


@pytest.mark.parametrize("kept", ["{F1}", "{Q12}", MARK])
def test_placeholders_and_marks_are_no_words(kept: str) -> None:
    known = words(said="F1 and Q12 were erased on request by the steward of the race.")
    assert known.redacted(f"see {kept} here", nearby=True) == f"see {kept} here"


def test_redacting_twice_changes_nothing_more() -> None:
    once = words().redacted(f"So: {SAID} Right.", nearby=True)
    assert words().redacted(once, nearby=True) == once


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("ボードの書き出しが遅すぎて月次報告に間に合いません。", "彼女は「書き出しが遅すぎて」と言う"),
        ("Mail me at ann.o.nym@else.example, or don't.", "Write to ann.o.nym@else.example."),
        ("The serial is ZX-99418-QR7 since May.", "Ask for ZX-99418-QR7."),
    ],
)
def test_other_scripts_addresses_and_serial_numbers_are_found_anywhere(said: str, shown: str) -> None:
    assert words(said=said).occur_in(shown)


def test_a_name_of_one_word_is_not_taken_out_of_everything() -> None:
    known = words(names=("Customer",))
    assert not known.occur_in("The customer can export the board.")
    assert words(names=("Ada Lovelace",)).occur_in("as ADA  Lovelace puts it")


def test_a_name_that_others_mention_stays_and_is_counted() -> None:
    known = words("Ada Lovelace told me so.", names=("Ada Lovelace",))
    assert not known.occur_in("as Ada Lovelace puts it")
    assert known.shared == 1


def test_a_short_text_is_found_as_a_whole() -> None:
    assert words(said="Splendid moth catcher!").pieces() == ["Splendid moth catcher"]


def test_the_pieces_to_search_for_are_what_is_taken_out_everywhere() -> None:
    known = words("The exporter ate my whole lunch today.")
    for piece in known.pieces():
        assert piece in SAID
        assert known.occur_in(piece)
