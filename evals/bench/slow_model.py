"""A language model for measurements of streams: it repeats the sentence that it is asked to word, a token each 20 ms."""

import asyncio
import json
import re
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

TOKEN_S = 0.020
_TOKEN = re.compile(r".{1,4}", re.DOTALL)
"""About four characters, as in the tokens of the usual models."""
_ABOUT = re.compile(r"It is about: (\"(?:[^\"\\]|\\.)*\")")


@dataclass
class Told:
    """What the model sent for one brief."""

    tokens: int = 0
    calls: int = 0
    first_at: float = 0.0
    last_at: float = 0.0


@dataclass
class SlowModel:
    """An OpenAI-compatible server on 127.0.0.1, on an event loop in a thread of its own."""

    told: dict[str, Told] = field(default_factory=lambda: defaultdict(Told))
    """Brief → what was sent for it; times of `time.perf_counter`."""
    base_url: str = ""

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        ready.wait(30)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=512))
        self.base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        ready.set()
        self._loop.run_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = re.search(rb"(?i)content-length: *(\d+)", head)
                body = json.loads(await reader.readexactly(int(length[1]) if length else 0) or b"{}")
                await self._answer(writer, body)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, body: dict[str, Any]) -> None:
        system, user = (str(message["content"]) for message in body["messages"][-2:])
        about = _ABOUT.search(system)
        told = self.told[json.loads(about[1]) if about else ""]
        tokens = _TOKEN.findall(answer_to(user))
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        due = time.perf_counter()
        for token in tokens:
            # Against the clock: sleeps that each come late would add up to a slower model.
            due += TOKEN_S
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            _send(writer, {"choices": [{"index": 0, "delta": {"content": token}, "finish_reason": None}]})
            told.last_at = time.perf_counter()
            told.first_at = told.first_at or told.last_at
            told.tokens += 1
        _send(writer, {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        usage = {"prompt_tokens": 1, "completion_tokens": len(tokens), "total_tokens": len(tokens) + 1}
        _send(writer, {"choices": [], "usage": usage})
        _send(writer, "[DONE]")
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        told.calls += 1


def answer_to(user: str) -> str:
    """The reply: the sentence as it was, or the want of a story that rests on its first sentence."""
    material = json.loads(user.split("\n", 1)[1].rsplit("\n", 1)[0])
    if "sentence" in material:
        return json.dumps({"text": material["sentence"]}, ensure_ascii=False)
    first = next(iter(material["sentences"].values()))
    return json.dumps({"want": "to " + first, "benefit": first, "sentences": [1]}, ensure_ascii=False)


def _send(writer: asyncio.StreamWriter, data: str | dict[str, Any]) -> None:
    if isinstance(data, dict):
        data = json.dumps({"id": "r", "object": "chat.completion.chunk"} | data)
    event = f"data: {data}\n\n".encode()
    writer.write(f"{len(event):x}\r\n".encode() + event + b"\r\n")
