"""What holds for all tests."""

import gc
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.scratch import use_memory

if TYPE_CHECKING:
    from xdist.scheduler import LoadFileScheduling

_APART = (
    "tests/property/ingest/",
    "tests/fault/ingest/test_attacks.py",
    "tests/integration/cli/test_readme_commands.py",
)
"""Tests that share nothing, and take minutes a file."""
_TOGETHER = (
    "tests/integration/drafting/test_kanbo",
    "tests/integration/drafting/test_proof",
    "tests/integration/drafting/test_carried_over",
    "tests/integration/synthesis/",
    "tests/integration/trackers/test_polling",
    "tests/integration/trackers/test_publishing",
)
"""All of them read one workspace, which takes a quarter of a minute to make: one worker makes it."""


use_memory()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is slow comes first, so that no worker begins it last and ends alone."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (item.path not in slow, not item.nodeid.startswith(_APART)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "LoadFileScheduling | None":
    """A worker takes whole files, whose tests share what is slow to make; where they share nothing, single tests."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class ByWhatIsShared(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            if nodeid.startswith(_APART):
                return nodeid
            return "together" if nodeid.startswith(_TOGETHER) else super()._split_scope(nodeid)

    return ByWhatIsShared(config, log)


def pytest_collection_finish() -> None:
    """Leave the imported modules out of garbage collection: walking over them took a seventh of the unit tests' time."""
    gc.collect()
    gc.freeze()
