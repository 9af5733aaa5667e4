"""Texts that are known to break renderers: shown as they are in every format, and acting in none."""

import pytest

from assistant.drafting.formats.render import render
from tests.support.naughty import NAUGHTY, draft_holding, prose
from tests.support.reading import (
    docx_text,
    html_dangers,
    html_text,
    markdown_dangers,
    markdown_text,
    markdown_tokens,
    squeezed,
)

FORMATS = {"md": lambda content: markdown_text(content.decode()), "html": html_text}


@pytest.mark.parametrize("text", NAUGHTY)
def test_a_naughty_text_cannot_act_in_html(text: str) -> None:
    assert html_dangers(render(draft_holding([text]), "html", show_personal=True)) == []


@pytest.mark.parametrize("text", NAUGHTY)
def test_a_naughty_text_cannot_act_in_markdown(text: str) -> None:
    assert markdown_dangers(render(draft_holding([text]), "md", show_personal=True).decode()) == []


@pytest.mark.parametrize("fmt", ["md", "html"])
@pytest.mark.parametrize("text", NAUGHTY)
def test_a_naughty_text_is_shown_as_it_is(text: str, fmt: str) -> None:
    seen = FORMATS[fmt](render(draft_holding([text]), fmt, show_personal=True))
    assert squeezed(text) in seen
    assert squeezed(f"Text {prose(text)} end.") in seen
    assert squeezed(f"cell {prose(text)} c") in seen
    assert squeezed(f"shall {prose(text)} do") in seen


def test_a_word_file_shows_naughty_texts_as_they_are() -> None:
    seen = docx_text(render(draft_holding(NAUGHTY), "docx", show_personal=True))
    for text in NAUGHTY:
        assert squeezed(text) in seen
        assert squeezed(f"say {prose(text)} here:") in seen


def test_the_structure_of_a_page_does_not_depend_on_its_texts() -> None:
    def shape(text: str) -> list[tuple[str, str]]:
        content = render(draft_holding([text]), "md", show_personal=True).decode()
        return [
            (token.type, token.tag)
            for token in markdown_tokens(content)
            if token.type not in {"text", "text_special"}
        ]

    for text in NAUGHTY:
        assert shape(text) == shape("harmless"), text
