"""A checked draft as the message of a chat: Markdown with footnotes, and the same citations as annotations.

In a chat there is no page below the message to which `#q1` could lead: citations are footnotes, numbers lead to the draft's page.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.domain.draft import Draft
from assistant.domain.escaping import markdown_words as escape
from assistant.domain.evidence import Quote
from assistant.drafting.formats.nodes import (
    Cite,
    Code,
    Heading,
    Items,
    Node,
    Paragraph,
    QuoteEntry,
    Span,
    Table,
)
from assistant.drafting.formats.to_markdown import Marks, blocks_of
from assistant.drafting.formats.tree import tree

# Texts of records are escaped, so an unescaped mark is one of ours; code blocks, which hold texts as they are, are not looked at.
_MARK = re.compile(r"(?<!\\)\[\^(Q\d+)\]")

Address = Callable[[str], str]
"""Path of a page of ours → its whole address, in the workspace."""


@dataclass(frozen=True)
class Answer:
    """The message of an assistant."""

    blocks: tuple[str, ...]
    """Blocks of Markdown; joined by empty lines they are the text."""
    annotations: tuple[dict[str, Any], ...]
    """`url_citation`s; indexes count code points of the text."""
    draft_id: str
    version: int
    verdict: str
    url: str
    thread_id: str = ""
    """Of a chat."""

    @property
    def text(self) -> str:
        return "\n\n".join(self.blocks)


def answer_of(draft: Draft, address: Address) -> Answer:
    """The draft as a message. Args: draft: masked already, where personal data is not shown."""
    url = address(f"/drafts/{draft.id}?version={draft.version}")
    marks = Marks(
        cite=lambda quote_id: f"[^{quote_id}]",
        number=lambda fact_id, value: f"[{value}][{fact_id}]",
        fact=lambda fact_id: f"[{fact_id}]",
    )
    nodes = tree(draft)
    cited = list(dict.fromkeys(quote_id for node in nodes for quote_id in _cited(node)))
    blocks: list[str] = []
    annotations: list[dict[str, Any]] = []
    position = 0
    for node in _without_emptied_sections(nodes, frozenset(cited)):
        for block in blocks_of(draft, node, marks):
            # Where single numbers were read stands in the record, not in a sentence: such a quote stays in its section.
            shown = _entry(draft.quotes[node.quote_id], address) if isinstance(node, QuoteEntry) else block
            if not isinstance(node, Code):
                annotations += annotations_of(draft.quotes, shown, position, address)
            blocks.append(shown)
            position += len(shown) + 2
    notes = footnotes(draft.quotes, cited, address)
    # As references, so that the text can be read also where nothing renders it.
    queries = "\n".join(f"[{name}]: {url}#{name.casefold()}" for name in draft.facts)
    closing = f"[Open this draft, with every number and its query]({url})"
    verdict = draft.report.verdict.value if draft.report else ""
    ends = (closing, *notes, *([queries] if queries else []))
    return Answer((*blocks, *ends), tuple(annotations), draft.id, draft.version, verdict, url)


def annotations_of(
    quotes: Mapping[str, Quote], block: str, position: int, address: Address
) -> list[dict[str, Any]]:
    """The citations in a block that stands at that place of the text."""
    found = []
    for match in _MARK.finditer(block):
        quote = quotes.get(match[1])
        if quote is not None:
            citation = {
                "start_index": position + match.start(),
                "end_index": position + match.end(),
                "title": f"{match[1]}: {_about(quote)}",
                "url": _page(quote, address),
            }
            found.append({"type": "url_citation", "url_citation": citation})
    return found


def footnotes(quotes: Mapping[str, Quote], cited: Sequence[str], address: Address) -> list[str]:
    """What the marks of a text lead to."""
    return [f"[^{name}]: {_note(quotes[name], address)}" for name in cited if name in quotes]


def _without_emptied_sections(nodes: Sequence[Node], cited: frozenset[str]) -> list[Node]:
    """Quotes that are cited become footnotes; a heading under which nothing else stands goes with them."""
    kept: list[Node] = []
    for node in reversed(nodes):
        if isinstance(node, QuoteEntry) and node.quote_id in cited:
            continue
        below = kept[-1] if kept else None
        if isinstance(node, Heading) and (
            below is None or (isinstance(below, Heading) and below.level <= node.level)
        ):
            continue
        kept.append(node)
    return kept[::-1]


def _cited(node: Node) -> list[str]:
    runs: list[Sequence[Span]] = []
    if isinstance(node, Heading | Paragraph):
        runs = [node.spans]
    elif isinstance(node, Items):
        runs = list(node.items)
    elif isinstance(node, Table):
        runs = [*node.header, *(cell for row in node.rows for cell in row)]
    return [span.quote_id for run in runs for span in run if isinstance(span, Cite)]


def _note(quote: Quote, address: Address) -> str:
    return f"“{escape(quote.text)}” — [{escape(_about(quote))}]({_page(quote, address)})"


def _entry(quote: Quote, address: Address) -> str:
    return f"- {_note(quote, address)}"


def _about(quote: Quote) -> str:
    day = quote.said_at.date().isoformat() if quote.said_at else ""
    parts = [quote.source.replace("_", " "), day, quote.anchor or ""]
    return " · ".join(part for part in parts if part) or quote.record_id


def _page(quote: Quote, address: Address) -> str:
    path = f"/records/{quote.record_id}?quote={quote.start}-{quote.end}&revision={quote.revision}"
    return f"{address(path)}#quote"
