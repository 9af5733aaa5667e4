"""One tree, many formats."""

import json
from collections.abc import Mapping
from typing import Literal, get_args

from assistant.domain.draft import Draft
from assistant.domain.personal.views import masked_draft
from assistant.domain.record import Record
from assistant.drafting.excerpts import excerpts_of
from assistant.drafting.to_html import Href, body_html, document_html
from assistant.drafting.to_markdown import markdown
from assistant.errors import UsageError

Format = Literal["md", "html", "json", "docx"]


def render(
    draft: Draft, fmt: str, records: Mapping[str, Record] | None = None, *, show_personal: bool = False
) -> bytes:
    """Write a draft out.

    Args:
        fmt: `md`, `html`, `json` or `docx`.
        records: records by id; with them, the HTML shows each quote inside its record.
        show_personal: without masks for personal data.

    Raises: UsageError for another format.
    """
    excerpts = excerpts_of(draft, records, show_personal=show_personal) if fmt == "html" else {}
    draft = draft if show_personal else masked_draft(draft)
    if fmt == "md":
        return markdown(draft).encode("utf-8", "surrogatepass")
    if fmt == "html":
        return document_html(draft, excerpts).encode("utf-8", "surrogatepass")
    if fmt == "json":
        text = json.dumps(draft.model_dump(mode="json"), ensure_ascii=False, indent=2, sort_keys=True)
        return f"{text}\n".encode("utf-8", "surrogatepass")
    if fmt == "docx":
        # python-docx takes 0.2 s to load, which only this format needs.
        from assistant.drafting.to_docx import docx

        return docx(draft)
    raise UsageError(
        f"A draft can't be written as '{fmt[:20]}'.", hint=f"Use one of: {', '.join(get_args(Format))}."
    )


def render_body_html(draft: Draft, href: Href, *, show_personal: bool = False) -> str:
    """The draft as a safe HTML fragment whose citations lead to `href(quote_id)`."""
    return body_html(draft if show_personal else masked_draft(draft), href)
