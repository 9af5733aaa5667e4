"""One tree, many formats."""

import json
from collections.abc import Callable, Mapping
from typing import Literal, get_args

from assistant.domain.draft import Draft
from assistant.domain.personal.views import masked_draft
from assistant.domain.record import Record
from assistant.drafting.formats.behind import Behind
from assistant.drafting.formats.excerpts import excerpts_of
from assistant.drafting.formats.to_html import Href, body_html, document_html
from assistant.drafting.formats.to_markdown import markdown
from assistant.errors import UsageError

Format = Literal["md", "html", "json", "docx", "pdf", "adf", "confluence", "feature", "csv", "xlsx", "reqif"]


def render(
    draft: Draft,
    fmt: str,
    records: Mapping[str, Record] | None = None,
    *,
    behind: Behind | None = None,
    show_personal: bool = False,
) -> bytes:
    """Write a draft out.

    Args:
        fmt: the whole draft as `md`, `html`, `json`, `docx`, `pdf`, `adf` (Jira) or `confluence` (storage format); its
            criteria as `feature` (Gherkin); its stories, requirements and questions as `csv`, `xlsx` or `reqif`.
        records: records by id; with them, the HTML shows each quote inside its record.
        behind: with it, `md`, `html`, `docx` and `pdf` show the records behind each number.
        show_personal: without masks for personal data.

    Raises: UsageError for another format, and for `pdf` without its extra.
    """
    if fmt not in get_args(Format):
        raise UsageError(
            f"A draft can't be written as '{fmt[:20]}'.", hint=f"Use one of: {', '.join(get_args(Format))}."
        )
    excerpts = excerpts_of(draft, records, show_personal=show_personal) if fmt == "html" else {}
    draft = draft if show_personal else masked_draft(draft)
    if fmt == "html":
        return _bytes(document_html(draft, excerpts, behind))
    return _WITH_RECORDS[fmt](draft, behind) if fmt in _WITH_RECORDS else _WRITERS[fmt](draft)


def render_body_html(draft: Draft, href: Href, *, show_personal: bool = False) -> str:
    """The draft as a safe HTML fragment whose citations lead to `href(quote_id)`."""
    return body_html(draft if show_personal else masked_draft(draft), href)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _json(draft: Draft) -> bytes:
    text = json.dumps(draft.model_dump(mode="json"), ensure_ascii=False, indent=2, sort_keys=True)
    return _bytes(f"{text}\n")


# What follows is loaded when it is asked for: python-docx alone takes 0.2 s.


def _docx(draft: Draft, behind: Behind | None) -> bytes:
    from assistant.drafting.formats.to_docx import docx

    return docx(draft, behind)


def _pdf(draft: Draft, behind: Behind | None) -> bytes:
    from assistant.drafting.formats.to_pdf import pdf

    return pdf(draft, behind)


def _adf(draft: Draft) -> bytes:
    from assistant.drafting.formats.to_adf import adf

    return _bytes(f"{json.dumps(adf(draft), ensure_ascii=False, indent=1)}\n")


def _confluence(draft: Draft) -> bytes:
    from assistant.drafting.formats.to_confluence import confluence

    return _bytes(confluence(draft))


def _feature(draft: Draft) -> bytes:
    from assistant.drafting.formats.to_feature import feature

    return _bytes(feature(draft))


def _csv(draft: Draft) -> bytes:
    from assistant.drafting.formats.to_sheet import csv_sheet

    return csv_sheet(draft)


def _xlsx(draft: Draft) -> bytes:
    from assistant.drafting.formats.to_sheet import xlsx_sheet

    return xlsx_sheet(draft)


def _reqif(draft: Draft) -> bytes:
    from assistant.drafting.formats.to_reqif import reqif

    return reqif(draft)


_WITH_RECORDS: dict[str, Callable[[Draft, Behind | None], bytes]] = {
    "md": lambda draft, behind: _bytes(markdown(draft, behind)),
    "docx": _docx,
    "pdf": _pdf,
}
_WRITERS: dict[str, Callable[[Draft], bytes]] = {
    "json": _json,
    "adf": _adf,
    "confluence": _confluence,
    "feature": _feature,
    "csv": _csv,
    "xlsx": _xlsx,
    "reqif": _reqif,
}
