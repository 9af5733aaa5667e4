"""What holds for all tests."""

import gc

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first: a worker takes whole files, and one that began such a file last would end alone."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish() -> None:
    """Leave the imported modules out of garbage collection: walking over them took a seventh of the unit tests' time."""
    gc.collect()
    gc.freeze()
