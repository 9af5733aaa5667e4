"""HTML for browsers: one Jinja environment with autoescape and strict variables."""

from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.web.assets import address
from assistant.settings import WORKSPACE_NAME

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
    environment.globals["asset"] = address
    return environment


def verbatim(text: str) -> Markup:
    """Escape a raw text so that a browser holds the same characters.

    A parser would turn CR LF into LF; as a character reference, CR stays. NUL can't be written in HTML at all.
    """
    return Markup(str(escape(text)).replace("\r", "&#13;").replace("\0", "\N{REPLACEMENT CHARACTER}"))  # noqa: S704


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
