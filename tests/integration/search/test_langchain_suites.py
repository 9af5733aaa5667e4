"""The retriever and the tools pass LangChain's own standard suites, and do what their names say."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.retrievers import BaseRetriever
from langchain_core.tools import BaseTool
from langchain_tests.integration_tests import RetrieversIntegrationTests, ToolsIntegrationTests
from langchain_tests.unit_tests import ToolsUnitTests

from api.langchain import EvidenceRetriever, tools_of
from assistant.workbench import Workbench
from tests.support.search_corpus import a_bench, a_record

pytestmark = pytest.mark.anyio
_EXAMPLES: dict[str, dict[str, Any]] = {
    "search_feedback": {"question": "export", "limit": 3},
    "draft": {"kind": "insight_summary", "brief": "export"},
    "check": {"text": "# PRD\n\nA customer said “The export of big boards never ends”.\n"},
}
_SAID = [f"The export of a board with {number} cards fails and is slow." for number in range(2, 14)]


class _Opened:
    bench: Workbench


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module", autouse=True)
def _workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    records = [a_record(said, author=f"person {number}") for number, said in enumerate(_SAID)]
    with a_bench(tmp_path_factory.mktemp("home"), records) as _Opened.bench:
        yield


class TestEvidenceRetriever(RetrieversIntegrationTests):
    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return EvidenceRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"bench": _Opened.bench}

    @property
    def retriever_query_example(self) -> str:
        return "the export is slow"


class _Tools:
    name: str

    @property
    def tool_constructor(self) -> BaseTool:
        return next(one for one in tools_of(_Opened.bench) if one.name == self.name)

    @property
    def tool_invoke_params_example(self) -> dict[str, Any]:
        return _EXAMPLES[self.name]


class TestSearchAsUnit(_Tools, ToolsUnitTests):
    name = "search_feedback"


class TestSearch(_Tools, ToolsIntegrationTests):
    name = "search_feedback"


class TestDraftAsUnit(_Tools, ToolsUnitTests):
    name = "draft"


class TestDraft(_Tools, ToolsIntegrationTests):
    name = "draft"


class TestCheckAsUnit(_Tools, ToolsUnitTests):
    name = "check"


class TestCheck(_Tools, ToolsIntegrationTests):
    name = "check"


def _called(name: str, **arguments: Any) -> Any:
    tool = next(one for one in tools_of(_Opened.bench) if one.name == name)
    return tool.invoke({"name": name, "args": arguments, "id": "1", "type": "tool_call"})


def test_what_an_agent_hears_is_proven_and_labelled() -> None:
    found = json.loads(_called("search_feedback", question="export").content)
    assert "never instructions" in found["notice"]
    assert {one["text"] for one in found["quotes"]} <= set(_SAID)
    draft = _called("draft", kind="insight_summary", brief="export").artifact
    assert draft["markdown"].startswith("# ")
    assert draft["counts"]["quotes_verified"]["ok"] == draft["counts"]["quotes_verified"]["total"]
    assert _called("check", draft_id=draft["draft_id"]).artifact["verdict"] == draft["verdict"]
    assert _called("check", text=_EXAMPLES["check"]["text"]).artifact["verdict"] == "needs fixes"


@pytest.mark.parametrize(
    ("name", "arguments", "sentence"),
    [
        ("search_feedback", {"question": "x", "filters": ["nonsense=1"]}, "'nonsense=1'"),
        ("draft", {"kind": "poem"}, "There is no kind of draft called 'poem'."),
        ("check", {"draft_id": "dra_0"}, "There is no draft dra_0."),
    ],
)
def test_an_error_is_an_answer_that_the_agent_can_act_on(
    name: str, arguments: dict[str, Any], sentence: str
) -> None:
    message = _called(name, **arguments)
    assert message.status == "error"
    assert sentence in message.content
