"""Web pages: what surrounds the content is left out, the content never is."""

from pathlib import Path

import pytest

from assistant.errors import InputRejected
from ingest.parse import markup
from ingest.parse.html import html_text, parse_html
from ingest.port import Document

CONTENT = """<h1>Pricing</h1><p>The team plan costs 9 euros a month and includes unlimited boards for everyone.</p>
<h2>Limits</h2><p>Free boards hold a hundred cards, and exports are limited to one a day for each member.</p>"""


def parsed(path: Path, body: str) -> Document:
    page = path / "a.html"
    page.write_text(f"<!doctype html><html><head><title>Kanbo</title></head><body>{body}</body></html>")
    return parse_html(page)


WANTED = (
    "Pricing\n\nThe team plan costs 9 euros a month and includes unlimited boards for everyone.\n\nLimits\n\n"
    "Free boards hold a hundred cards, and exports are limited to one a day for each member."
)


@pytest.mark.parametrize(
    "around",
    [
        "<nav><a href=/>Home</a></nav>{}",
        "<header><div class=topbar>Call us now</div></header>{}",
        "{}<footer>All rights reserved</footer>",
        "{}<div id=site-footer>All rights reserved</div>",
        '<div class="c-cookieBanner is-open"><p>We value your privacy.</p><a href=#>Accept all</a></div>{}',
        '<div id="onetrust-consent-sdk">We use cookies</div>{}',
        '<div role="dialog">Sign up for news</div>{}',
        '{}<section class="newsletter-signup">Get our news</section>',
        "<ul>" + "".join(f"<li><a href=/{i}>Product {i}</a></li>" for i in range(6)) + "</ul>{}",
        "<div>Try the new app</div><main>{}</main><div>Ask our sales team</div>",
        '<div>Try the new app</div><div role="main">{}</div>',
        "<div>Blog</div><article>{}</article>",
        '<a class="skiplink" href=#main>Skip to content</a>{}',
    ],
)
def test_what_surrounds_the_content_is_left_out(tmp_path: Path, around: str) -> None:
    assert parsed(tmp_path, around.replace("{}", CONTENT)).text == WANTED


@pytest.mark.parametrize(
    "around",
    [
        '<div class="cookie-policy">{}</div>',
        '<div class="modal"><div id="footer-less">{}</div></div>',
        "<main></main>{}",
        "<section>{}</section>",
        "<!-- start --><div><!-- inner -->{}</div><!-- never closed",
        "<article>Teaser</article><article>{}</article>",
    ],
)
def test_content_stays_whatever_it_is_called(tmp_path: Path, around: str) -> None:
    assert WANTED in parsed(tmp_path, around.replace("{}", CONTENT)).text


def test_a_paragraph_with_links_in_it_is_content(tmp_path: Path) -> None:
    text = " ".join(
        f"<a href=/{i}>link {i}</a> explains what part {i} of the product does." for i in range(8)
    )
    assert parsed(tmp_path, f"<p>{text}</p>{CONTENT}").text.startswith("link 0 explains")


def test_anchors_are_heading_paths_and_begin_where_the_heading_stands(tmp_path: Path) -> None:
    document = parsed(tmp_path, f"<main>{CONTENT}</main>")
    assert {a.label: document.text[a.start : a.end].split("\n")[0] for a in document.anchors} == {
        "§ Pricing": "Pricing",
        "§ Pricing › Limits": "Limits",
    }


def test_a_page_of_navigation_alone_holds_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputRejected, match="no text"):
        parsed(tmp_path, "<nav><a href=/>Home</a></nav>")


def test_a_flood_of_tags_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "_MAX_TAGS", 1_000)
    with pytest.raises(InputRejected, match="more than 1,000 tags") as refused:
        parsed(tmp_path, "<b>" * 1_000)
    assert refused.value.hint


def test_a_piece_of_html_becomes_lines() -> None:
    assert html_text("<p>Hello <b>you</b></p><style>p {}</style>Bye<br>now") == "Hello you\nBye\nnow"
