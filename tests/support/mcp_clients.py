"""A real service on a port of this machine, and the official client of the Model Context Protocol that talks to it."""

import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx2
import uvicorn
from fastapi import FastAPI
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult

from tests.support.waiting import until


@contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """Serve an application from a thread; gives its address."""
    port = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(app, lifespan="on", log_level="warning", timeout_graceful_shutdown=3)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [port]}, daemon=True)
    thread.start()
    until(lambda: server.started or not thread.is_alive())
    try:
        yield f"http://127.0.0.1:{port.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)


@asynccontextmanager
async def connected(url: str, key: str = "", mode: str = "auto", **headers: str) -> AsyncIterator[Client]:
    """A client of the service. Args: mode: `legacy` for the handshake of before 2026."""
    sent = headers | ({"Authorization": f"Bearer {key}"} if key else {})
    async with httpx2.AsyncClient(headers=sent, timeout=60) as http:
        transport = streamable_http_client(f"{url}/mcp", http_client=http)
        async with Client(transport, mode=mode, cache=None) as client:
            yield client


async def told(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """What a tool answers; an error fails the test."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    answer: dict[str, Any] = result.structured_content
    return answer


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    """The sentence with which a tool refuses."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error, result.structured_content
    return said(result)


def said(result: CallToolResult) -> str:
    """The text of an answer."""
    return "\n".join(block.text for block in result.content if block.type == "text")
