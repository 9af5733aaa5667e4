"""HTML for browsers: one Jinja environment with autoescape and strict variables."""

from functools import lru_cache
from typing import Any

import nh3
from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.web.assets import address
from assistant.settings import WORKSPACE_NAME

_PROSE = {
    "p",
    "em",
    "strong",
    "s",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
    "h3",
    "hr",
    "br",
}
_PROSE |= {"table", "thead", "tbody", "tr", "th", "td"}
"""Elements of rendered Markdown: no link, no picture, nothing that loads or acts."""
_HTML = ("text/html", "application/xhtml+xml")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("api.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["thousands"] = lambda number: f"{number:,}"
    environment.filters["verbatim"] = verbatim
    environment.filters["markdown"] = markdown_prose
    environment.filters["kind"] = kind_words
    environment.globals["asset"] = address
    return environment


def verbatim(text: str) -> Markup:
    """Escape a raw text so that a browser holds the same characters.

    A parser would turn CR LF into LF; as a character reference, CR stays. NUL can't be written in HTML at all.
    """
    return Markup(str(escape(text)).replace("\r", "&#13;").replace("\0", "\N{REPLACEMENT CHARACTER}"))  # noqa: S704


def markdown_prose(text: str) -> Markup:
    """Markdown as the prose of a page: no links, no pictures, each heading of level 3."""
    rendered = _parser().render(text)
    return Markup(nh3.clean(rendered, tags=_PROSE, attributes={}))  # noqa: S704


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    # Prose stands below a heading of level 2, and its own levels may leave some out.
    parser.core.ruler.push("lower_headings", _lower_headings)
    return parser


def _lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h3"


def kind_words(kind: str) -> str:
    """A kind of draft in words: `prd` is a PRD, `user_stories` are User stories."""
    return "PRD" if kind == "prd" else kind.replace("_", " ").capitalize()


def page(template: str, status: int = 200, **values: Any) -> Response:
    """Fill a template of `api/web/templates`."""
    return HTMLResponse(_environment().get_template(template).render(**values), status)


def wants_html(request: Request) -> bool:
    """Whether a browser shows the answer to a person: not under /v1, and HTML is among what it asks for."""
    if request.url.path.startswith("/v1"):
        return False
    accepted = request.headers.get("accept", "").lower().split(",")
    return any(one.partition(";")[0].strip() in _HTML for one in accepted)


def error_page(request: Request, status: int, detail: str, hint: str) -> Response:
    """A refusal as a page."""
    named = request.query_params.get("workspace", "")
    workspace = named if WORKSPACE_NAME.match(named) else ""
    return page("error.html", status, detail=detail, hint=hint, workspace=workspace, query="")


def part(template: str, **values: Any) -> str:
    """A template that is a part of pages, for an answer that replaces it."""
    return _environment().get_template(template).render(**values)
