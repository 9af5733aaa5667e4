"""A draft is shown whole in every format, and nothing that came from a record can act in any of them."""

from typing import Literal

import pytest

from assistant.domain.draft import ClaimsBlock, Draft, Section, TableBlock
from assistant.domain.record import Record
from assistant.drafting.formats.render import render, render_body_html
from assistant.drafting.formats.tree import plain
from assistant.errors import UsageError
from tests.support.drafts import valid_draft, valid_records
from tests.support.naughty import NAUGHTY, draft_holding
from tests.support.reading import (
    docx_text,
    html_dangers,
    html_text,
    markdown_text,
    markdown_tokens,
    squeezed,
)

FORMATS = {
    "md": lambda content: markdown_text(content.decode()),
    "html": html_text,
    "docx": docx_text,
}


def _sentences(draft: Draft) -> list[str]:
    """What a reader must find: claims with their numbers filled, quotes, values, and the texts of the blocks."""
    texts = [plain(draft, claim.text) for claim in draft.claims.values()]
    texts += [quote.text for quote in draft.quotes.values()]
    texts += [fact.display for fact in draft.facts.values()]
    for block in draft.blocks():
        held = block.model_dump()
        names = ("text", "title", "want", "benefit", "role", "name", "reason", "mitigation", "ask")
        texts += [plain(draft, held[name]) for name in names if held.get(name)]
    return [squeezed(text.replace("“", "").replace("”", "")) for text in texts]


def _unquoted(text: str) -> str:
    return squeezed(text.replace("“", "").replace("”", ""))


@pytest.mark.parametrize("fmt", FORMATS)
def test_every_sentence_number_and_quote_is_in_every_format(fmt: str) -> None:
    draft = valid_draft(checked=True)
    seen = _unquoted(FORMATS[fmt](render(draft, fmt)))
    seen = seen.replace(" Q4 ", " ").replace(" [Q4] ", " ")
    for sentence in _sentences(draft):
        assert sentence.rstrip(".") in seen


@pytest.mark.parametrize("style", ["paragraph", "list"])
@pytest.mark.parametrize("fmt", FORMATS)
def test_the_lead_of_claims_is_shown(fmt: str, style: Literal["paragraph", "list"]) -> None:
    block = ClaimsBlock(claim_ids=("C4",), lead="Seen from the pool:", style=style)
    draft = valid_draft().model_copy(update={"sections": (Section(id="x", title="X", blocks=(block,)),)})
    assert "Seen from the pool: Pools keep their slow lines" in FORMATS[fmt](render(draft, fmt))


def test_json_is_the_draft_itself() -> None:
    for draft in (valid_draft(checked=True), draft_holding(NAUGHTY)):
        assert Draft.model_validate_json(render(draft, "json", show_personal=True)) == draft


@pytest.mark.parametrize("fmt", ["odt", "", "HTML", "../md"])
def test_another_format_is_a_usage_error(fmt: str) -> None:
    with pytest.raises(UsageError):
        render(valid_draft(), fmt)


def test_a_cell_survives_pipes_and_line_breaks() -> None:
    cells = ["a|b", "a\nb", "\\|", "a\\", "|", "\n|\n", "x\r\ny", "`a|b`"]
    table = TableBlock(header=("one", "two"), rows=tuple((cell, "end") for cell in cells))
    draft = valid_draft().model_copy(
        update={"sections": (Section(id="x", title="X", blocks=(table,)),), "facts": {}}
    )
    tokens = markdown_tokens(render(draft, "md").decode())
    rows = sum(token.type == "tr_open" for token in tokens)
    assert rows == len(cells) + 1
    assert sum(token.type == "td_open" for token in tokens) == 2 * len(cells)
    seen = markdown_text(render(draft, "md").decode())
    for cell in cells:
        assert f"{squeezed(cell)} end" in seen.replace("  ", " ")


def test_a_scenario_cannot_leave_its_fence() -> None:
    draft = draft_holding(["```\n# out", "~~~", "````\n```", "`", "</code></pre>"])
    fences = [token for token in markdown_tokens(render(draft, "md").decode()) if token.type == "fence"]
    assert len(fences) == 1
    assert fences[0].info == "gherkin"
    assert fences[0].content.count("Scenario: title") == 5
    assert "# out" in fences[0].content


def test_scripts_and_emoji_are_the_same_characters_in_every_format() -> None:
    texts = [
        "שלום עולם",
        "مرحبا بالعالم",
        "遅い。とても困ります！",
        "🏊\u200d♀️👩🏽\u200d🚒",
        "Zażółć gęślą",
        "e\u0301",
    ]
    draft = draft_holding(texts)
    for fmt in ("md", "html", "json"):
        content = render(draft, fmt).decode()
        assert all(text in content for text in texts)
    assert all(text in docx_text(render(draft, "docx")) for text in texts)


def test_control_characters_and_lone_surrogates_do_not_break_any_format() -> None:
    draft = draft_holding(["a\x00b\x0bc\x1bd\x7fe\ufffef", "\ud800 lone"])
    for fmt in ("md", "html", "json"):
        assert render(draft, fmt)


def test_html_shows_a_quote_inside_its_record_escaped() -> None:
    records = {record.id: record for record in valid_records()}
    page = render(valid_draft(), "html", records).decode()
    assert "<mark>The timetable does not load on a slow line.</mark> I wish I could keep it" in page
    evil = {name: _with_raw(record, "<script>x</script>") for name, record in records.items()}
    assert html_dangers(render(valid_draft(), "html", evil)) == []


def _with_raw(record: Record, tail: str) -> Record:
    return record.model_copy(update={"raw": f"{record.raw} {tail}"})


def test_html_marks_nothing_in_a_record_that_reads_otherwise_now() -> None:
    records = {
        record.id: record.model_copy(update={"raw": "changed " + record.raw}) for record in valid_records()
    }
    page = render(valid_draft(), "html", records).decode()
    assert "<mark>The timetable does not load on a slow line.</mark>" in page
    assert "changed" not in page


def test_links_of_a_fragment_are_escaped_too() -> None:
    body = render_body_html(valid_draft(), lambda quote: f'/q/{quote}?"><script>x</script>&y=1')
    assert "<script" not in body
    assert 'href="/q/Q1?&quot;&gt;' in body


def test_every_citation_leads_to_a_place_in_the_document() -> None:
    for content in (render(valid_draft(), "html").decode(), render(valid_draft(), "md").decode()):
        for name in ("q1", "q2", "q3", "f1", "f6"):
            assert f"#{name}" in content
            assert f'id="{name}"' in content
