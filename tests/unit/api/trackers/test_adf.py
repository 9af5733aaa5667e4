"""What we write into Jira is read back byte for byte; what others wrote there survives, and stays where it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.tickets.texts import texts_of
from api.trackers.adf.reading import block, to_markdown
from api.trackers.adf.writing import to_adf
from assistant.domain.escaping import markdown_words
from assistant.drafting.formats.to_adf import AdfNode
from tests.support.drafts import valid_draft

_SIGNS = " \n\\`*_{}[]()<>#|~@&!-+=.:1a bÄ輸🙂\"'“”www.https://"
WORDS = st.text(
    st.sampled_from(_SIGNS) | st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30
)
SAID = WORDS.map(markdown_words).filter(lambda text: bool(text.strip()))
"""A text of somebody, as our texts show it."""
LINE = st.lists(
    SAID
    | SAID.map(lambda text: f" **{text.strip()}** ")
    | SAID.map(lambda text: f" *({text.strip()})* ")
    | SAID.map(lambda text: f" *US-1 of [{text.strip()}](http://desk/drafts/d_1), version 2* "),
    min_size=1,
    max_size=4,
).map("".join)
QUOTE = st.lists(WORDS.map(markdown_words), min_size=1, max_size=4).map(
    lambda lines: "\n".join([*(f"> {line}" for line in lines), "> — \\[Q1\\] app store · 2026-01-02"])
)
LIST = st.lists(LINE, min_size=1, max_size=4).map(lambda items: "\n".join(f"- {item}" for item in items))
STEPS = st.lists(LINE, min_size=1, max_size=4).map(
    lambda items: "\n".join(f"{place}. {item}" for place, item in enumerate(items, 1))
)
CODE = st.lists(WORDS.map(lambda text: text.replace("`", "")), min_size=1, max_size=4).map(
    lambda lines: "\n".join(["```sql", *lines, "```"])
)
TEXT = st.lists(
    LINE | LINE.map(lambda text: f"### {text.strip()}") | QUOTE | LIST | STEPS | CODE, min_size=1, max_size=5
)


def text_node(text: str) -> AdfNode:
    return {"type": "text", "text": text}


def paragraph(*inside: AdfNode) -> AdfNode:
    return {"type": "paragraph", "content": list(inside)}


def document(*content: AdfNode) -> AdfNode:
    return {"type": "doc", "version": 1, "content": list(content)}


@pytest.mark.parametrize("address", [None, "https://desk.example"])
def test_the_texts_of_a_draft_come_back_as_they_were_written(address: str | None) -> None:
    texts = [one.text.body for one in texts_of(valid_draft(), address)]
    assert len(texts) > 1
    assert [to_markdown(to_adf(text)) for text in texts] == texts


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_whatever_people_say_in_them_comes_back_too(blocks: list[str]) -> None:
    text = "\n\n".join(blocks)
    assert to_markdown(to_adf(text)) == text


def test_other_markdown_says_the_same_as_a_document() -> None:
    (listed,) = to_adf("* one\n* two\n  1. __inner__ <https://a.example>")["content"]
    assert listed["type"] == "bulletList"
    assert block(listed) == "- one\n- two\n  1. **inner** [https\\://a.example](https://a.example)"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_any_text_becomes_a_document_that_is_read_the_same_ever_after(text: str) -> None:
    read = to_markdown(to_adf(text))
    assert to_markdown(to_adf(to_markdown(to_adf(read)))) == to_markdown(to_adf(read))


FOREIGN: list[tuple[AdfNode, str]] = [
    (
        paragraph(text_node("Ask "), {"type": "mention", "attrs": {"id": "557058:1", "text": "@Ann"}}),
        "Ask \\@Ann",
    ),
    (
        {"type": "panel", "attrs": {"panelType": "warning"}, "content": [paragraph(text_node("Hot"))]},
        "> **Warning**\n> Hot",
    ),
    (
        {"type": "mediaSingle", "content": [{"type": "media", "attrs": {"id": "m-1", "alt": "screen.png", "type": "file"}}]},
        "![screen.png](media:m-1)",
    ),
    (
        {
            "type": "table",
            "content": [
                {"type": "tableRow", "content": [{"type": "tableHeader", "content": [paragraph(text_node("a|b"))]}]},
                {"type": "tableRow", "content": [{"type": "tableCell", "content": [paragraph(text_node("1"))]}]},
            ],
        },
        "| a\\|b |\n|---|\n| 1 |",
    ),
    (
        {"type": "taskList", "content": [{"type": "taskItem", "attrs": {"state": "DONE"}, "content": [text_node("ship")]}]},
        "- [x] ship",
    ),
    (paragraph({"type": "inlineCard", "attrs": {"url": "https://a.example/x"}}), "<https://a.example/x>"),
    (paragraph({"type": "date", "attrs": {"timestamp": "1767225600000"}}), "2026-01-01"),
    (paragraph({"type": "text", "text": "bold ", "marks": [{"type": "strong"}]}, text_node("x")), "**bold** x"),
    (
        {"type": "expand", "attrs": {"title": "More"}, "content": [paragraph(text_node("inside"))]},
        "> **More**\n> inside",
    ),
    ({"type": "somethingNew", "content": [paragraph(text_node("kept"))]}, "kept"),
]  # fmt: skip


@pytest.mark.parametrize(("node", "shown"), FOREIGN, ids=[node["type"] for node, _ in FOREIGN])
def test_what_others_wrote_is_readable_and_stays_as_it_is_when_we_write_beside_it(
    node: AdfNode, shown: str
) -> None:
    held = document(paragraph(text_node("ours")), node, paragraph())
    assert to_markdown(held) == f"ours\n\n{shown}"
    written = to_adf(f"ours, changed\n\n{shown}\n\nnew", held)
    assert written["content"] == [paragraph(text_node("ours, changed")), node, paragraph(text_node("new"))]


def test_a_document_of_ours_has_what_jira_asks_of_one() -> None:
    made = to_adf("## Title\n\n> said\n> twice\n\n- **a** `b`\n\n```\n\n```")
    assert made == document(
        {"type": "heading", "attrs": {"level": 2}, "content": [text_node("Title")]},
        {
            "type": "blockquote",
            "content": [paragraph(text_node("said"), {"type": "hardBreak"}, text_node("twice"))],
        },
        {
            "type": "bulletList",
            "content": [
                {
                    "type": "listItem",
                    "content": [
                        paragraph(
                            {"type": "text", "text": "a", "marks": [{"type": "strong"}]},
                            text_node(" "),
                            {"type": "text", "text": "b", "marks": [{"type": "code"}]},
                        )
                    ],
                }
            ],
        },
        {"type": "codeBlock", "attrs": {}, "content": []},
    )
