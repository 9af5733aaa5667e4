"""Which format of a draft a request asks for: by the suffix of the address, by `?format=`, or by the `Accept` header."""

import re
from http import HTTPStatus
from urllib.parse import quote

from api.errors import HttpProblem

TYPES = {
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "adf": "application/vnd.atlassian.adf+json",
    "confluence": "application/vnd.atlassian.storage+xml",
    "feature": "text/x-gherkin; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "reqif": "application/reqif+xml",
}
"""Format → media type. The first one is what a request gets that accepts anything."""
NAMES = {
    "docx": "Word (.docx)",
    "pdf": "PDF",
    "html": "Web page (.html)",
    "md": "Markdown (.md)",
    "confluence": "Confluence",
    "adf": "Jira (ADF)",
    "feature": "Gherkin (.feature)",
    "xlsx": "Excel (.xlsx)",
    "csv": "CSV",
    "reqif": "ReqIF",
    "json": "JSON",
}
"""Format → what people call it, in the order in which most of them look for one."""
SHOWN_IN_BROWSERS = frozenset({"json", "md", "html", "pdf"})
"""Others are offered as a download."""
_MAX_RANGES = 50
_LONGEST_NAME = 56
"""Characters of a title in a file's name: 224 bytes of UTF-8 at most, and file systems take 255 with what follows."""


def file_name(title: str, version: int, form: str) -> str:
    """What a file of a draft is called in somebody's folder: words of any language, joined by hyphens."""
    words = "-".join(re.findall(r"\w+", title))[:_LONGEST_NAME].strip("-_")
    return f"{words or 'draft'}-v{version}.{form}"


def disposition(form: str, name: str, plain: str) -> str:
    """`Content-Disposition` (RFC 6266). Args: name: of any characters; plain: for clients that read ASCII only."""
    place = "inline" if form in SHOWN_IN_BROWSERS else "attachment"
    return f"{place}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def chosen(suffix: str, query: str | None, accept: str | None) -> str:
    """The format that the request names; the address wins over the query, and that over the header.

    Raises: HttpProblem 422 for an unknown format or two different ones, 406 where nothing of `accept` can be had.
    """
    if query is not None and query not in TYPES:
        raise HttpProblem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "unknown-format",
            f"A draft can't be had as '{query[:20]}'.",
            f"Use one of: {', '.join(TYPES)}.",
        )
    if suffix and query and suffix != query:
        raise HttpProblem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "two-formats",
            "The address and ?format= name different formats.",
            "Say it in one of them.",
        )
    return suffix or query or _accepted(accept or "*/*")


def _accepted(accept: str) -> str:
    """The format that an `Accept` header likes best (RFC 9110, 12.5.1): by weight, then in the order of the header."""
    ranges = [_weighed(part) for part in accept.split(",")[:_MAX_RANGES]]
    refused = {name for name, weight in ranges if weight <= 0}
    for wanted, weight in sorted(ranges, key=lambda pair: -pair[1]):
        for form, media_type in TYPES.items():
            plain = media_type.partition(";")[0]
            fits = wanted in {"*/*", plain, f"{plain.partition('/')[0]}/*"}
            if weight > 0 and fits and plain not in refused:
                return form
    raise HttpProblem(
        HTTPStatus.NOT_ACCEPTABLE,
        "not-acceptable",
        "A draft can't be had in any of the types that the request accepts.",
        f"Accept one of: {', '.join(one.partition(';')[0] for one in TYPES.values())}.",
    )


def _weighed(part: str) -> tuple[str, float]:
    media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return media_range, float(value)
            except ValueError:
                return media_range, 0.0
    return media_range, 1.0
