"""The courier's rounds: a thread of the service that sends what is due, also what a killed process left."""

import asyncio
import threading
from datetime import UTC, datetime

from api.pool import Benches
from api.trackers.courier import deliver_all
from api.trackers.registry import open_tracker
from assistant.errors import VoxspecError
from assistant.telemetry import get_logger
from assistant.workbench import Workbench

_EVERY_S = 1.0
_log = get_logger("trackers")


class Rounds:
    """Sends until it is told to stop. Several processes may: an effect is in one pair of hands.

    Args:
        home: a workspace whose catalog answers for all.
    """

    def __init__(self, benches: Benches, home: str) -> None:
        self._benches = benches
        self._home = home
        self._called = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._go, name="courier", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def call(self) -> None:
        """There is something to send: don't wait for the next round."""
        self._called.set()

    def stop(self) -> None:
        """End after what is being sent."""
        self._stopping = True
        self._called.set()
        self._thread.join()

    def _go(self) -> None:
        while not self._stopping:
            try:
                self._round()
            except VoxspecError as problem:
                _log.warning("A round of the courier failed.", problem=problem.code)
            self._called.wait(_EVERY_S)
            self._called.clear()

    def _round(self) -> None:
        with self._benches.use(self._home) as bench:
            due = bench.catalog.effects.due(datetime.now(UTC))
        for workspace, connection in due:
            if self._stopping:
                return
            try:
                with self._benches.use(workspace) as bench:
                    asyncio.run(deliver(bench, connection))
            except VoxspecError as problem:
                _log.warning("Nothing was sent.", connection=connection, problem=problem.code)


async def deliver(bench: Workbench, connection: str) -> int:
    """Send what is due to one connection. Returns: how many effects came to an end.

    Raises: NotFound, UsageError for a connection that is gone or lacks its secret: its effects wait.
    """
    known = bench.catalog.connections.get(bench.workspace, connection)
    async with open_tracker(known) as tracker:
        return await deliver_all(bench.catalog, bench.workspace, connection, tracker)
