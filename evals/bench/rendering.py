"""Naughty strings and XSS payloads through the renderer of drafts: nothing active comes out, and how long one takes."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from selectolax.lexbor import LexborHTMLParser

from assistant.domain.draft import Claim, Draft
from assistant.drafting.formats.render import render_body_html
from evals.bench.measure import Result, Setting, at_most
from evals.sample import sample_draft

_PLAIN = frozenset(
    [
        "html",
        "head",
        "body",
        "p",
        "ul",
        "ol",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "b",
        "strong",
        "em",
        "i",
        "q",
        "cite",
        "code",
        "pre",
        "blockquote",
        "figure",
        "figcaption",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "div",
        "span",
        "section",
        "a",
        "mark",
        "abbr",
        "sup",
        "hr",
        "br",
        "dl",
        "dt",
        "dd",
    ]
)
_ATTRIBUTES = frozenset(
    ["class", "id", "dir", "lang", "title", "href", "name", "colspan", "scope", "role", "tabindex"]
)
_FILES = ("text/blns.json", "text/xss-payload-list.txt")


def measure_rendering(setting: Setting) -> Iterator[Result]:
    """Each string stands as title, brief and claim of a draft, which is rendered whole."""
    texts = payloads(setting.data)
    texts = texts[:50] if setting.quick else texts
    spent, active, foreign, lost = [], 0, 0, 0
    for text in texts:
        draft = holding(text)
        started = perf_counter()
        html = render_body_html(draft, _href, show_personal=True)
        spent.append(1000 * (perf_counter() - started))
        active += _active(html)
        foreign += _foreign(html)
        lost += not _is_shown(html, text)
    number = f"{len(texts):,} strings"
    yield Result(
        bench="rendering", what="active elements and attributes", value=active, target=at_most(0), note=number
    )
    yield Result(bench="rendering", what="addresses elsewhere", value=foreign, target=at_most(0), note=number)
    yield Result(
        bench="rendering",
        what="strings that aren't shown as they are",
        value=lost,
        target=at_most(0),
        note=number,
    )
    yield Result(
        bench="rendering",
        what="a draft with the string, median",
        value=median(spent),
        unit="ms",
        target=at_most(1),
    )
    yield Result(bench="rendering", what="a draft with the string, slowest", value=max(spent), unit="ms")


def payloads(data: Path) -> list[str]:
    """Every string of the lists that isn't blank, each once."""
    naughty, payload_file = (data / name for name in _FILES)
    held: list[str] = json.loads(naughty.read_text(encoding="utf-8"))
    held += payload_file.read_text(encoding="utf-8", errors="replace").splitlines()
    return [text for text in dict.fromkeys(held) if text.strip()]


def holding(text: str) -> Draft:
    """The sample draft with a text in its title and in every claim. Braces are for placeholders, so they become others."""
    plain = text.replace("{", "(").replace("}", ")")
    draft = sample_draft()
    claims: dict[str, Claim] = {
        name: claim.model_copy(update={"text": plain}) for name, claim in draft.claims.items()
    }
    return draft.model_copy(update={"title": plain, "brief": text, "claims": claims})


def _href(quote_id: str) -> str:
    return f"/records/rec_1?quote={quote_id}"


def _nodes(html: str) -> Sequence[tuple[str, dict[str, str | None]]]:
    root = LexborHTMLParser(html).root
    return [(node.tag or "", dict(node.attributes)) for node in root.traverse()] if root else []


def _active(html: str) -> int:
    """Elements and attributes that a draft has no use for."""
    nodes = _nodes(html)
    return sum(tag not in _PLAIN for tag, _ in nodes) + sum(
        name not in _ATTRIBUTES for _, attributes in nodes for name in attributes
    )


def _foreign(html: str) -> int:
    return sum(
        not (attributes["href"] or "").startswith(("/records/", "#"))
        for _, attributes in _nodes(html)
        if "href" in attributes
    )


def _is_shown(html: str, text: str) -> bool:
    """Whether a reader sees the string's own characters, white space apart."""
    plain = text.replace("{", "(").replace("}", ")").replace("\0", "\N{REPLACEMENT CHARACTER}")
    body = LexborHTMLParser(html).body
    return "".join(plain.split()) in "".join((body.text() if body else "").split())
