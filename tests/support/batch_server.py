"""The model server with a Batch API beside it: files, batches that take a few looks to be done, and lines that fail.

with BatchServer(says("never asked"), words=lambda request: "…") as server:
    batches = OpenAIBatches(name="any", base_url=server.base_url)
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.support.model_server import ModelRequest, ModelServer

Words = Callable[[ModelRequest], str | None]
"""The reply to a line; None: the line fails."""


@dataclass
class BatchServer(ModelServer):
    """Serves `/v1/files` and `/v1/batches` too."""

    words: Words = lambda request: None
    looks: int = 2
    """How often a batch is looked at before it is over."""
    ends_as: str = "completed"
    has_batches: bool = True
    submitted: list[dict[str, Any]] = field(default_factory=list)
    """The batches that were begun, in order, as they stand."""
    files: dict[str, bytes] = field(default_factory=dict)

    def lines(self, place: int = 0) -> list[ModelRequest]:
        """The calls of a batch."""
        return [_request(line) for line in self.submitted[place]["lines"]]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self
        plain: Any = super()._handler()

        class Handler(plain, BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if "/files/" in self.path:
                    self._send(outer.files.get(self.path.split("/")[-2]))
                elif "/batches" in self.path:
                    self._json(
                        None
                        if not outer.has_batches
                        else outer._look(self.path.split("?")[0].rpartition("/")[2])
                    )
                else:
                    super().do_GET()

            def do_POST(self) -> None:
                if not outer.has_batches:
                    self._body()
                    self._json(None)
                elif self.path.endswith("/files"):
                    self._json(outer._uploaded(self._body(), self.headers["Content-Type"]))
                elif self.path.endswith("/batches"):
                    self._json(outer._begun(json.loads(self._body())))
                else:
                    super().do_POST()

            def do_DELETE(self) -> None:
                name = self.path.rpartition("/")[2]
                gone = outer.files.pop(name, None) is not None
                self._json({"id": name, "object": "file", "deleted": True} if gone else None)

            def _body(self) -> bytes:
                return bytes(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

            def _json(self, body: object) -> None:
                self._send(None if body is None else json.dumps(body).encode())

            def _send(self, content: bytes | None) -> None:
                self.close_connection = True
                missing = json.dumps({"error": {"message": "no such thing"}}).encode()
                shown = missing if content is None else content
                self.send_response(404 if content is None else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(shown)))
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(shown)

        return Handler

    def _uploaded(self, body: bytes, kind: str) -> dict[str, Any]:
        name = f"file-{len(self.submitted)}-{len(self.files)}"
        form = BytesParser().parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
        parts = {part.get_param("name", header="content-disposition"): part for part in form.walk()}
        self.files[name] = bytes(parts["file"].get_payload(decode=True))
        return _file(name, len(self.files[name]))

    def _begun(self, asked: dict[str, Any]) -> dict[str, Any]:
        lines = [json.loads(line) for line in self.files[asked["input_file_id"]].splitlines()]
        batch = {"id": f"batch_{len(self.submitted)}", "lines": lines, "looks": 0, **asked}
        self.submitted.append(batch)
        return self._told(batch)

    def _look(self, name: str) -> dict[str, Any] | None:
        if name == "batches":
            told = [self._told(batch) for batch in reversed(self.submitted)]
            return {"object": "list", "data": told, "has_more": False}
        batch = next((one for one in self.submitted if one["id"] == name), None)
        if batch is None:
            return None
        batch["looks"] += 1
        if batch["looks"] == self.looks and self.ends_as == "completed":
            output = f"out-{name}"
            self.files[output] = "".join(
                f"{json.dumps(self._done(line))}\n" for line in batch["lines"]
            ).encode()
            batch["output_file_id"] = output
        return self._told(batch)

    def _done(self, line: dict[str, Any]) -> dict[str, Any]:
        words = self.words(_request(line))
        if words is None:
            return {"custom_id": line["custom_id"], "response": None, "error": {"message": "out of luck"}}
        message = {"role": "assistant", "content": words}
        usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
        body = {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": usage}
        return {"custom_id": line["custom_id"], "response": {"status_code": 200, "body": body}, "error": None}

    def _told(self, batch: dict[str, Any]) -> dict[str, Any]:
        over = batch["looks"] >= self.looks
        count = len(batch["lines"])
        return {
            "id": batch["id"],
            "object": "batch",
            "endpoint": batch["endpoint"],
            "completion_window": "24h",
            "created_at": 0,
            "input_file_id": batch["input_file_id"],
            "output_file_id": batch.get("output_file_id"),
            "metadata": batch.get("metadata"),
            "status": self.ends_as if over else "in_progress",
            "request_counts": {"total": count, "completed": count if over else 0, "failed": 0},
        }


def _request(line: dict[str, Any]) -> ModelRequest:
    return ModelRequest(line["url"], line["body"], {})


def _file(name: str, size: int) -> dict[str, Any]:
    return {
        "id": name,
        "object": "file",
        "bytes": size,
        "created_at": 0,
        "filename": "voxspec.jsonl",
        "purpose": "batch",
        "status": "processed",
    }
