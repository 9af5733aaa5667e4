"""Words of others do nothing in any issue system, are read as they were, and are found again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.tickets.inert import as_said, inert, inert_words
from api.tickets.texts import texts_of
from assistant.domain.escaping import markdown_words
from assistant.drafting.formats.words import legal
from tests.support.bait import BAIT, bites, shown
from tests.support.naughty import NAUGHTY, draft_holding
from tests.support.reading import squeezed

_UNSEEN = "\u200b"
_PARTS = st.sampled_from(
    [*"@#!$&^%~<>[]{}/:*-_`\\ \n\"'.", _UNSEEN, "kim", "12", "KAN", "GH", "deadbeef", "https://", "www", "voxspec-0123456789abcdef0123", *BAIT]
)  # fmt: skip
WORDS = st.lists(_PARTS | st.text(max_size=4), max_size=12).map("".join)


@pytest.mark.parametrize("text", BAIT)
def test_bait_acts_where_it_is_only_escaped_and_never_as_it_is_written(text: str) -> None:
    words = markdown_words(text)
    assert bites(words) or _UNSEEN in text, "the rules of this test see nothing in it"
    assert bites(inert_words(text)) == set()
    assert bites(f"> {inert_words(text)}") == set()


@given(WORDS)
def test_whatever_it_is_made_of_it_does_nothing_and_is_found_again(text: str) -> None:
    assert bites(inert_words(text)) == set()
    assert as_said(inert(text)) == legal(text)
    assert inert(text).replace(_UNSEEN, "") == legal(text).replace(_UNSEEN, ""), "a reader sees no difference"


@given(WORDS)
def test_a_page_of_it_says_the_words_again(text: str) -> None:
    seen = as_said(" ".join(shown(f"Said: {inert_words(text)}.")))
    assert squeezed(seen) == squeezed(f"Said: {legal(text)}.")


@pytest.mark.parametrize("text", [*BAIT, *NAUGHTY])
def test_tickets_of_a_draft_that_holds_it_everywhere_do_nothing(text: str) -> None:
    for item in texts_of(draft_holding([text]), "https://voxspec.example", show_personal=True):
        body = item.text.body.replace("https://voxspec.example/drafts/dra_odd", "there")
        assert bites(body) == set(), body
        assert bites(markdown_words(item.text.title)) == set(), item.text.title
