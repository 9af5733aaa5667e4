"""Whatever a customer, a file name or a model writes, every format shows exactly that and does nothing else."""

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.draft import Draft
from assistant.drafting.formats.render import render
from tests.support.naughty import NAUGHTY, draft_holding, prose
from tests.support.reading import (
    docx_text,
    html_dangers,
    html_text,
    markdown_dangers,
    markdown_text,
    squeezed,
)

MARKS = "\\`*_{}[]()<>#+-.!|~@&:/\"'=$%^;, \n"
CHARACTERS = st.one_of(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"]), st.sampled_from(MARKS), st.sampled_from("abc xyz")
)
TEXTS = st.one_of(
    st.text(CHARACTERS, min_size=1, max_size=60),
    st.lists(
        st.sampled_from([*NAUGHTY, "word", "|", "\n", "<", "](", "www.", "http://x"]), min_size=1, max_size=3
    ).map("".join),
).filter(lambda text: bool(text.strip()))


@given(TEXTS)
def test_nothing_in_html_acts_and_the_words_are_there(text: str) -> None:
    page = render(draft_holding([text]), "html", show_personal=True)
    assert html_dangers(page) == []
    seen = html_text(page)
    assert squeezed(text) in seen
    assert squeezed(f"C1 say {prose(text)} here:".removeprefix("C1 ")) in seen


@given(TEXTS)
def test_nothing_in_markdown_acts_and_the_words_are_there(text: str) -> None:
    content = render(draft_holding([text]), "md", show_personal=True).decode()
    assert markdown_dangers(content) == []
    seen = markdown_text(content)
    assert squeezed(text) in seen
    assert squeezed(f"cell {prose(text)} c") in seen
    assert squeezed(f"say {prose(text)} here:") in seen


@settings(max_examples=15)
@given(TEXTS)
def test_a_word_file_opens_and_holds_the_words(text: str) -> None:
    seen = docx_text(render(draft_holding([text]), "docx", show_personal=True))
    assert squeezed(text) in seen
    assert squeezed(f"say {prose(text)} here:") in seen


@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_json_gives_back_the_same_draft(texts: list[str]) -> None:
    draft = draft_holding(texts)
    assert Draft.model_validate_json(render(draft, "json", show_personal=True)) == draft
