"""`voxspec mcp` as a client starts it: stdout carries the protocol alone, a cancelled call stops its draft, a lost client doesn't."""

import threading
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from mcp import Client, StdioServerParameters

from api.tools.table import TOOLS
from tests.support.command_line import VOXSPEC, CommandLine
from tests.support.mcp_clients import refused, said, told
from tests.support.model_server import Exchange, ModelServer
from tests.support.service import done_job, ingest_feedback, running


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("home")
    with running(place) as client:
        ingest_feedback(client)
    return place


class SlowModel:
    """A model that answers one question for each time that it is let."""

    def __init__(self) -> None:
        self._permits = threading.Semaphore(0)
        self._over = False

    def answer(self, exchange: Exchange) -> None:
        """Wait to be let, then say nothing of use."""
        self._permits.acquire()
        if not self._over:
            exchange.send_completion(["{}"])

    def let(self) -> None:
        """Let it answer once."""
        self._permits.release()

    def end(self) -> None:
        """Let go of all who wait."""
        self._over = True
        self._permits.release(100)


@pytest.fixture
def slow() -> Iterator[SlowModel]:
    model = SlowModel()
    yield model
    model.end()


def _started(home: Path, model: ModelServer) -> StdioServerParameters:
    command = CommandLine(home, home)
    environment = command.environment | {
        "VOXSPEC_MODEL": "openai:silent",
        "OPENAI_BASE_URL": model.base_url,
        "OPENAI_API_KEY": "none",
        "VOXSPEC_MODEL_TIMEOUT_S": "600",
    }
    return StdioServerParameters(command=VOXSPEC, args=["mcp"], env=environment, cwd=str(home))


def test_a_client_is_served_on_stdin_and_stdout(home: Path, slow: SlowModel) -> None:
    noise: list[Exception] = []

    async def overhear(message: object) -> None:
        if isinstance(message, Exception):
            noise.append(message)

    async def talk(server: ModelServer) -> str:
        async with Client(_started(home, server), message_handler=overhear) as client:
            assert [card.name for card in (await client.list_tools()).tools] == list(TOOLS)
            found = await told(client, "search_feedback", question="slow export", limit=3)
            quote = found["quotes"][0]
            record = await told(client, "get_record", record_id=quote["record_id"])
            assert record["text"][quote["start"] : quote["end"]] == quote["text"]
            assert "no themes yet" in await refused(client, "get_theme", theme="export")
            assert (await client.list_prompts()).prompts
            await _cancel(client, slow)
            begun = await told(client, "draft", kind="prd", brief="slow export", wait_s=0)
            return str(begun["run_id"])

    with ModelServer(slow.answer) as server:
        run = anyio.run(talk, server)
    assert noise == []
    # The client has gone, the program with it: whoever works next writes what it had asked for.
    with running(home) as service:
        assert done_job(service, run)["result"]["draft_id"]


async def _cancel(client: Client, slow: SlowModel) -> None:
    """Cancel a call while it waits for its draft: the draft is stopped with the step that it is at, and says so."""
    order = {"kind": "prd", "brief": "slow export of boards", "wait_s": 0}
    run = (await told(client, "draft", **order))["run_id"]
    began = anyio.Event()

    async def hear(done: float, total: float | None, message: str | None) -> None:
        began.set()

    async def ask() -> None:
        await client.call_tool("draft", order | {"wait_s": 600}, progress_callback=hear)

    async with anyio.create_task_group() as calls:
        calls.start_soon(ask)
        with anyio.fail_after(60):
            await began.wait()
        calls.cancel_scope.cancel()
    for _ in range(60):
        slow.let()
        read = await client.call_tool("get_draft", {"draft_id": run, "wait_s": 1})
        if read.is_error:
            break
    # In the moment between the last event and the end of the job the event's words are told, after it the job's.
    assert any(word in said(read) for word in ("was stopped", "was cancelled")), read


def test_a_workspace_that_is_not_there_is_told_on_stderr(home: Path) -> None:
    ended = CommandLine(home, home).run("mcp", "-w", "typo", expect=2)
    assert ended.stdout == b""
    assert b"There is no workspace 'typo'" in ended.stderr
