"""Running the service: uvicorn on one process, which owns the vector indexes, and a worker beside it."""

import gc
import os
import signal
import socket
import sys
import threading
from contextlib import suppress
from types import FrameType

import uvicorn

from api.access.gate import demand_key
from api.app import create_app
from api.deps import Service
from api.metrics import Metrics
from api.opening import open_service
from api.web.counts import warm
from assistant.errors import UsageError, VoxspecError
from assistant.settings import Settings

_GRACE_S = 3
_KEEP_ALIVE_S = 30
_MAX_CONNECTIONS = 512
_SWITCH_S = 0.0005
"""How long a thread computes while others wait for the interpreter; Python's 5 ms, times the pages that are made, is what `/healthz` waited."""
_COLLECT_AFTER = (5_000, 20, 50)
"""New objects between two looks for cyclic garbage, and how often a look goes further back. A look through all took 0.3 s,
in which nobody was answered, and came every 10 s under load."""
_INTERRUPTED = 130
_UNAVAILABLE = 3


class _Server(uvicorn.Server):
    """Ends open event streams at the first signal: uvicorn alone would wait for their readers to go."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self._service.stopping.set()
        for worker in self._service.workers:
            worker.ask_to_end()
        if sig == signal.SIGTERM:
            # A service that was told to stop has done well; uvicorn would raise the signal again at its end.
            self._captured_signals.remove(sig)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listening in sockets or []:
            host, port = listening.getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            sys.stderr.write(f"Voxspec is at http://{shown}:{port}/\n")
            sys.stderr.flush()


def serve(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT, then stop within a few seconds.

    Returns: 0 after SIGTERM; 3 where the server never came to listen.

    Raises:
        UsageError: others could reach the server without a key, or the address can't be had.
        StoreError: the default workspace can't be opened.
        KeyboardInterrupt: after SIGINT, when everything is closed.
    """
    demand_key(settings)
    listening = _bind(settings.host, settings.port)
    # Opened here, not by uvicorn: it would answer a locked or broken store with a stack trace.
    service = open_service(settings, Metrics(), own_workers=settings.workers)
    config = uvicorn.Config(
        create_app(settings, service),
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
        limit_concurrency=_MAX_CONNECTIONS,
        ws="none",
    )
    server = _Server(config, service)
    sys.setswitchinterval(_SWITCH_S)
    gc.set_threshold(*_COLLECT_AFTER)
    # A daemon: what it makes is kept in memory alone, so that it may be cut off at any time.
    threading.Thread(target=_warm, args=(service,), name="first pages", daemon=True).start()
    try:
        server.run(sockets=[listening])
    finally:
        others = [thread for thread in threading.enumerate() if thread is not threading.main_thread()]
        if any(not thread.daemon for thread in others):
            # A job that doesn't come to its next progress call would hold the process. It is durable: it runs again.
            sys.stderr.flush()
            sys.stdout.flush()
            os._exit(_INTERRUPTED if isinstance(sys.exception(), KeyboardInterrupt) else 0)
    return 0 if server.started else _UNAVAILABLE


def demand_address(settings: Settings) -> None:
    """Raises: UsageError where the address can't be had: to be heard of before a long work that ends in serving."""
    _bind(settings.host, settings.port).close()


def _warm(service: Service) -> None:
    # What is broken is told by the page that needs it.
    with suppress(VoxspecError), service.benches.use(service.settings.workspace) as bench:
        warm(bench)
    # What is there by now stays: 350,000 objects that no later look goes through again.
    gc.collect()
    gc.freeze()


def _bind(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as problem:
        raise UsageError(
            f"Can't listen on {host}, port {port}: {problem.strerror or 'no such address'}.",
            hint="Stop what uses the port, or choose another with --port (0 takes a free one).",
        ) from problem
