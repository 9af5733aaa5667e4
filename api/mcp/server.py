"""The protocol's server: tools, resources and prompts for one source of callers. What they do is `api/tools`."""

import asyncio
import json
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import anyio
from mcp.server.caching import CacheHint
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    BlobResourceContents,
    CallToolRequestParams,
    CallToolResult,
    EmbeddedResource,
    GetPromptRequestParams,
    GetPromptResult,
    ListPromptsResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    PaginatedRequestParams,
    PromptMessage,
    ReadResourceRequestParams,
    ReadResourceResult,
    TextContent,
    TextResourceContents,
    ToolAnnotations,
)
from mcp_types import Tool as ToolCard
from pydantic import BaseModel, JsonValue, ValidationError
from starlette.concurrency import run_in_threadpool

from api.errors import HttpProblem, status_of
from api.mcp import prompts, resources
from api.tools.caller import Caller
from api.tools.drafts import FileTold
from api.tools.shapes import Asked, Told, draft_uri
from api.tools.table import TOOLS, Tool
from assistant.errors import VoxspecError
from assistant.telemetry import get_logger
from prompts.loader import load

Context = ServerRequestContext[Any, Any]
_HIDDEN = re.compile("[\u200b\u2060-\u2064\ufeff\u202a-\u202e\u2066-\u2069\U000e0000-\U000e01ef]")
"""Characters that a person doesn't see and a model does. As escapes of JSON they can't hide, and nothing is lost."""
_TEXTS = ("text/", "application/json", "application/vnd.atlassian.", "application/reqif")
_LISTS_LAST_MS = 60_000
"""Tools and prompts change with an upgrade alone."""


class Source(Protocol):
    """Where callers come from."""

    def caller(self, request: Any) -> Caller:
        """Who sends it. Args: request: what the transport attached; None on stdio."""
        ...

    def note(self, caller: Caller, tool: str, status: int) -> None:
        """Write down that a tool which changes something was used, with its outcome as an HTTP status."""
        ...


def build_server(source: Source, began: Callable[[Context, str], None] | None = None) -> Server[Any]:
    """The server.

    Args:
        began: told of each call that waits for the run of a draft, with the run's id.
    """
    asked = _Handlers(source, began)
    lasting = CacheHint(ttl_ms=_LISTS_LAST_MS, scope="public")
    return Server(
        "voxspec",
        title="Voxspec",
        version=version("voxspec"),
        description="Customer feedback in, specifications out: every quote and number proven by code.",
        instructions=load("mcp/instructions").body.strip(),
        cache_hints={"tools/list": lasting, "prompts/list": lasting, "resources/templates/list": lasting},
        get_tool_input_schema=lambda name: _schema(TOOLS[name].takes) if name in TOOLS else None,
        on_list_tools=asked.list_tools,
        on_call_tool=asked.call_tool,
        on_list_resources=asked.list_resources,
        on_list_resource_templates=asked.list_templates,
        on_read_resource=asked.read_resource,
        on_list_prompts=asked.list_prompts,
        on_get_prompt=asked.get_prompt,
    )


class _Handlers:
    def __init__(self, source: Source, began: Callable[[Context, str], None] | None) -> None:
        self._source = source
        self._began = began
        self._cards = [_card(tool) for tool in TOOLS.values()]

    async def list_tools(self, context: Context, params: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=self._cards)

    async def call_tool(self, context: Context, params: CallToolRequestParams) -> CallToolResult:
        tool = TOOLS.get(params.name)
        if tool is None:
            raise MCPError(INVALID_PARAMS, f"There is no tool '{params.name[:60]}'.", {"tools": list(TOOLS)})
        try:
            asked = tool.takes.model_validate(params.arguments or {})
        except ValidationError as problem:
            return _refused(_sentence(problem), f"{tool.name} takes: {', '.join(tool.takes.model_fields)}.")
        try:
            return _result(await self._answer(context, tool, asked))
        except (VoxspecError, HttpProblem) as problem:
            return _refused(*_told(problem))
        except Exception as problem:  # noqa: BLE001 - boundary of a call: a bug is told by its class alone, it may quote a record
            return _refused(*_bug(f"tool {tool.name}", problem))

    async def _answer(self, context: Context, tool: Tool, asked: Asked) -> Told:
        caller = await run_in_threadpool(self._source.caller, context.request)
        if tool.changes:
            caller = self._attended(context, caller)
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        try:
            told = await tool.answer(caller, asked)
            status = HTTPStatus.OK
        except (VoxspecError, HttpProblem) as problem:
            status = problem.status if isinstance(problem, HttpProblem) else status_of(problem)
            raise
        except asyncio.CancelledError:
            status = HTTPStatus.ACCEPTED
            raise
        finally:
            if tool.changes:
                # What was asked for goes on although nobody waits any more, so it is noted all the same.
                with anyio.CancelScope(shield=True):
                    await run_in_threadpool(self._source.note, caller, tool.name, status)
        return told

    def _attended(self, context: Context, caller: Caller) -> Caller:
        async def report(done: float, message: str) -> None:
            await context.session.report_progress(done, None, message)

        began = self._began
        heard = caller if began is None else replace(caller, began=lambda run: began(context, run))
        return replace(heard, report=report)

    async def list_resources(
        self, context: Context, params: PaginatedRequestParams | None
    ) -> ListResourcesResult:
        return ListResourcesResult(resources=await self._looked(context, resources.listed))

    async def list_templates(
        self, context: Context, params: PaginatedRequestParams | None
    ) -> ListResourceTemplatesResult:
        return ListResourceTemplatesResult(resource_templates=resources.TEMPLATES)

    async def read_resource(self, context: Context, params: ReadResourceRequestParams) -> ReadResourceResult:
        uri = str(params.uri)
        media_type, text = await self._looked(context, lambda caller: resources.read(caller, uri), uri)
        content = TextResourceContents(uri=uri, mime_type=media_type, text=_visible(text))
        return ReadResourceResult(contents=[content])

    async def _looked(self, context: Context, look: Callable[[Caller], Any], uri: str = "") -> Any:
        def looked() -> Any:
            return look(self._source.caller(context.request))

        try:
            return await run_in_threadpool(looked)
        except (VoxspecError, HttpProblem) as problem:
            raise MCPError(
                INVALID_PARAMS, " ".join(_told(problem)).strip(), {"uri": uri} if uri else None
            ) from problem
        except Exception as problem:  # noqa: BLE001 - boundary of a resource: a bug is told by its class alone, its text may quote a record
            raise MCPError(INTERNAL_ERROR, " ".join(_bug("resource", problem))) from None

    async def list_prompts(
        self, context: Context, params: PaginatedRequestParams | None
    ) -> ListPromptsResult:
        return ListPromptsResult(prompts=prompts.listed())

    async def get_prompt(self, context: Context, params: GetPromptRequestParams) -> GetPromptResult:
        try:
            text = prompts.filled(params.name, params.arguments or {})
        except VoxspecError as problem:
            raise MCPError(INVALID_PARAMS, " ".join(_told(problem)).strip()) from problem
        return GetPromptResult(messages=[PromptMessage(role="user", content=TextContent(text=text))])


def _card(tool: Tool) -> ToolCard:
    return ToolCard(
        name=tool.name,
        title=tool.title,
        description=tool.tells,
        input_schema=_schema(tool.takes),
        output_schema=_schema(tool.gives),
        annotations=ToolAnnotations(
            title=tool.title,
            read_only_hint=not tool.changes,
            destructive_hint=False,
            idempotent_hint=tool.repeats,
            open_world_hint=False,
        ),
    )


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema without the titles that only repeat names: models read every word of it, and somebody pays for that."""
    untitled = _untitled(
        model.model_json_schema(mode="serialization" if issubclass(model, Told) else "validation")
    )
    assert isinstance(untitled, dict)
    return untitled


def _untitled(held: JsonValue) -> JsonValue:
    if isinstance(held, list):
        return [_untitled(one) for one in held]
    if not isinstance(held, dict):
        return held
    # A property may be called so, too: its value is a schema, not a text.
    return {name: _untitled(one) for name, one in held.items() if name != "title" or not isinstance(one, str)}


def _result(told: Told) -> CallToolResult:
    shown = told.model_dump(mode="json")
    text = TextContent(text=_visible(json.dumps(shown, ensure_ascii=False)))
    attached = [_attached(told)] if isinstance(told, FileTold) else []
    return CallToolResult(content=[text, *attached], structured_content=shown)


def _attached(file: FileTold) -> EmbeddedResource:
    uri = f"{draft_uri(file.draft_id)}/{file.name}"
    if file.media_type.startswith(_TEXTS):
        text = file.content.decode()
        return EmbeddedResource(resource=TextResourceContents(uri=uri, mime_type=file.media_type, text=text))
    blob = b64encode(file.content).decode()
    return EmbeddedResource(resource=BlobResourceContents(uri=uri, mime_type=file.media_type, blob=blob))


def _refused(message: str, hint: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=f"{message} {hint}".strip())], is_error=True)


def _told(problem: VoxspecError | HttpProblem) -> tuple[str, str]:
    return (problem.detail if isinstance(problem, HttpProblem) else problem.message), problem.hint


def _sentence(problem: ValidationError) -> str:
    first = problem.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "arguments"
    return f"The argument '{where[:80]}' can't be used: {first['msg']}."


def _bug(what: str, problem: Exception) -> tuple[str, str]:
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    at = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    get_logger("mcp").error("request failed", what=what, error=type(problem).__name__, at=at)
    return (
        f"Voxspec stopped on an unexpected error ({type(problem).__name__}).",
        "Its log says where. Please report it.",
    )


def _visible(text: str) -> str:
    return _HIDDEN.sub(lambda match: json.dumps(match[0])[1:-1], text)
