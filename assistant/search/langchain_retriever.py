"""Voxspec's search as a LangChain retriever, for chains of your own."""

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field

from assistant.domain.evidence import Hit, Scope
from assistant.domain.personal.views import masked_hit
from assistant.search.query import search
from assistant.workbench import Workbench


class EvidenceRetriever(BaseRetriever):
    """Gives verbatim quotes as documents, best first.

    `page_content` is the quote, with personal data masked unless the workspace shows it (`show_personal_data`); `metadata` says where
    the whole of it stands in the raw record: `record_id`, `revision`, `start`, `end` (code points), `score`, `source`. Other keys of the
    quote are there if known.

    Example:
        >>> with open_workbench(Settings.load()) as bench:
        ...     chain = EvidenceRetriever(bench=bench, k=5) | my_prompt | my_model
    """

    bench: Workbench
    """An opened workspace; closing it is the caller's."""
    scope: Scope = Scope()
    k: int = Field(default=10, ge=1)
    """At most so many documents; `invoke(query, k=3)` asks for other many once."""

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        hits = search(self.bench, query, self.scope, self.k if k is None else k)
        # A chain gives its documents to a model: they leave the machine as a search result does.
        shown = hits if self.bench.settings.show_personal_data else map(masked_hit, hits)
        return [_document(hit) for hit in shown]


def _document(hit: Hit) -> Document:
    quote = hit.quote
    known = {
        "person": quote.person,
        "said_at": quote.said_at.isoformat() if quote.said_at else None,
        "anchor": quote.anchor,
    }
    return Document(
        id=hit.passage_id,
        page_content=quote.text,
        metadata={
            "record_id": quote.record_id,
            "revision": quote.revision,
            "start": quote.start,
            "end": quote.end,
            "score": hit.score,
            "source": quote.source,
            "language": quote.language,
            **{key: value for key, value in known.items() if value is not None},
        },
    )
