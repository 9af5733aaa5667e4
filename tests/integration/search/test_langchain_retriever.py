"""The retriever inside a LangChain chain of a user's own."""

from pathlib import Path

from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda

from assistant.domain.evidence import Scope
from assistant.search.langchain_retriever import EvidenceRetriever
from tests.support.search_corpus import a_bench, a_record

RECORDS = [
    a_record("  Export loses columns 😀.\r\nThe rest is fine.", author="ana"),
    a_record("Pricing is fair for a small team.", author="ben"),
    a_record("Export of large boards crashes.", author="cho", source="tickets"),
]


def test_documents_are_verbatim_quotes_with_their_place_in_the_record(tmp_path: Path) -> None:
    with a_bench(tmp_path, RECORDS) as bench:
        documents = EvidenceRetriever(bench=bench, k=2).invoke("export columns")
    records = {record.id: record for record in RECORDS}
    assert 1 <= len(documents) <= 2
    for document in documents:
        record = records[document.metadata["record_id"]]
        assert document.page_content == record.raw[document.metadata["start"] : document.metadata["end"]]
        assert document.metadata["revision"] == record.revision
        assert document.metadata["source"] == record.source
        assert document.metadata["score"] > 0


def test_personal_data_is_masked_unless_the_workspace_shows_it(tmp_path: Path) -> None:
    said = a_record("The export went to ana.lee@example.com instead of me.", author="ana")
    for shows in (False, True):
        with a_bench(tmp_path / str(shows), [said], show_personal_data=shows) as bench:
            [document] = EvidenceRetriever(bench=bench).invoke("export")
        place = slice(document.metadata["start"], document.metadata["end"])
        assert said.raw[place] == said.raw
        expected = said.raw if shows else "The export went to [e-mail] instead of me."
        assert document.page_content == expected


def test_a_scope_restricts_what_is_found(tmp_path: Path) -> None:
    with a_bench(tmp_path, RECORDS) as bench:
        retriever = EvidenceRetriever(bench=bench, scope=Scope(sources=("tickets",)))
        assert {document.metadata["source"] for document in retriever.invoke("export")} == {"tickets"}


def test_it_is_a_step_of_a_chain(tmp_path: Path) -> None:
    def first_words(documents: list[Document]) -> str:
        return documents[0].page_content

    with a_bench(tmp_path, RECORDS) as bench:
        chain = EvidenceRetriever(bench=bench) | RunnableLambda(first_words)
        assert chain.invoke("large boards") == "Export of large boards crashes."
