"""Which format of a draft a request gets, and what its file is called."""

import pytest

from api.errors import HttpProblem
from api.formats import NAMES, TYPES, chosen, disposition, file_name

DOCX = TYPES["docx"]


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, "json"),
        ("", "json"),
        ("*/*", "json"),
        ("application/*", "json"),
        ("text/markdown", "md"),
        ("text/*", "md"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("application/json;q=0.5, text/markdown", "md"),
        ("text/html;q=0.1, text/markdown;q=0.2", "md"),
        ("application/json;q=0, */*", "md"),
        (f"{DOCX}, application/json", "docx"),
        ("TEXT/HTML", "html"),
        ("application/pdf, */*;q=0.1", "pdf"),
        ("application/msword, */*;q=0.1", "json"),
    ],
)
def test_the_header_chooses_what_it_likes_best(accept: str | None, form: str) -> None:
    assert chosen("", None, accept) == form


@pytest.mark.parametrize("accept", ["application/msword", "image/*", "application/json;q=0", "text/html;q=x"])
def test_a_header_that_nothing_fits_is_refused_with_what_there_is(accept: str) -> None:
    with pytest.raises(HttpProblem) as caught:
        chosen("", None, accept)
    assert caught.value.status == 406
    assert "text/markdown" in caught.value.hint


def test_the_address_wins_over_the_query_and_that_over_the_header() -> None:
    assert chosen("md", None, "text/html") == "md"
    assert chosen("", "docx", "text/html") == "docx"
    assert chosen("md", "md", "application/msword") == "md"


@pytest.mark.parametrize(("suffix", "query"), [("", "odt"), ("md", "html")])
def test_an_unknown_or_a_second_format_is_refused(suffix: str, query: str) -> None:
    with pytest.raises(HttpProblem) as caught:
        chosen(suffix, query, None)
    assert caught.value.status == 422


def test_every_format_has_a_name_for_people() -> None:
    assert set(NAMES) == set(TYPES)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("PRD: exports of large boards fail", "PRD-exports-of-large-boards-fail-v2.md"),
        ("検索：結果が出ない", "検索-結果が出ない-v2.md"),
        ("../../etc/passwd\r\nSet-Cookie: a=b", "etc-passwd-Set-Cookie-a-b-v2.md"),
        ("🎉 “…”", "draft-v2.md"),
        ("", "draft-v2.md"),
    ],
)
def test_a_file_is_called_by_the_words_of_its_title(title: str, name: str) -> None:
    assert file_name(title, 2, "md") == name


def test_the_longest_name_fits_into_a_folder() -> None:
    assert len(file_name("𠮷" * 500, 1_000_000, "confluence").encode()) <= 255


def test_a_header_stays_ascii() -> None:
    told = disposition("docx", file_name("検索", 1, "docx"), "dra_1-v1.docx")
    assert told == "attachment; filename=\"dra_1-v1.docx\"; filename*=UTF-8''%E6%A4%9C%E7%B4%A2-v1.docx"
    assert disposition("pdf", "a.pdf", "b.pdf").startswith("inline;")
