"""Voxspec in LangChain chains and agents of other people: `from api.langchain import EvidenceRetriever, tools_of`.

They work on a workbench that the caller opened and closes. What they give is masked as elsewhere, and repeats words of strangers:
`notice` says so in each answer.
"""

from collections.abc import Callable
from typing import Any

from langchain_core.tools import BaseTool, StructuredTool, ToolException
from pydantic import BaseModel, Field

from api.routes.checks import report_on
from api.tools.checks import CheckAsked, checked, demand_one
from api.tools.checks import check_text as check_written
from api.tools.drafts import DraftRead, Order, draft_text, request_of
from api.tools.evidence import SearchAsked
from api.tools.evidence import search_feedback as find
from api.tools.shapes import Told
from api.tools.table import TOOLS
from assistant.domain.draft import Draft
from assistant.errors import NotFound, VoxspecError
from assistant.search.langchain_retriever import EvidenceRetriever
from assistant.workbench import Workbench
from evals.gate import produce
from evals.release import judged

__all__ = ["EvidenceRetriever", "tools_of"]

_WHOLE = DraftRead(limit=200_000)


class DraftOrder(Order):
    """A draft that is wanted."""

    kind: str = Field(
        default="prd", max_length=100, description="`prd`, `user_stories` or `insight_summary`."
    )


def tools_of(bench: Workbench) -> list[BaseTool]:
    """`search_feedback`, `draft` and `check` over a workspace, for an agent.

    Each answers with JSON; the same as a dict is the message's artifact. An error that a person can mend is an answer, too.

    Example:
        >>> with open_workbench(Settings.load()) as bench:
        ...     agent = create_agent(model, tools_of(bench))
    """

    def search_feedback(**asked: Any) -> Told:
        return find(bench, SearchAsked.model_validate(asked))

    def draft(**asked: Any) -> Told:
        return draft_text(bench, produce(bench, request_of(bench, DraftOrder.model_validate(asked))), _WHOLE)

    def check(**asked: Any) -> Told:
        wanted = CheckAsked.model_validate(asked)
        demand_one(wanted)
        if wanted.text is not None:
            return check_written(bench, wanted.text)
        return checked(bench.settings, report_on(bench, _stored(bench, str(wanted.draft_id), wanted.version)))

    return [_tool(search_feedback, SearchAsked), _tool(draft, DraftOrder), _tool(check, CheckAsked)]


def _tool(function: Callable[..., Told], takes: type[BaseModel]) -> BaseTool:
    def answer(**asked: Any) -> tuple[str, dict[str, Any]]:
        try:
            told = function(**asked)
        except VoxspecError as problem:
            raise ToolException(f"{problem.message} {problem.hint}".strip()) from problem
        return told.model_dump_json(), told.model_dump(mode="json")

    name = function.__name__
    return StructuredTool.from_function(
        answer,
        name=name,
        description=TOOLS[name].tells,
        args_schema=takes,
        response_format="content_and_artifact",
        handle_tool_error=True,
    )


def _stored(bench: Workbench, draft_id: str, version: int | None) -> Draft:
    found = bench.catalog.drafts.get(bench.workspace, draft_id, version)
    if found is None:
        raise NotFound(
            f"There is no draft {draft_id[:60]}.", hint="draft gives the id of each draft that it writes."
        )
    return judged(bench, found)
