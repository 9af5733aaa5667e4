"""A worker looks into a queue when it hears of a job, takes as many as it heard of, and leaves the others alone."""

import threading

import pytest

from assistant.jobs import looks
from tests.support.waiting import until


def test_a_ring_is_a_look_into_that_queue_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "_QUIET_S", 600.0)
    looked: list[str] = []

    def loop(bell: threading.Event, name: str) -> None:
        while not bell.wait(0.001):
            looked.append(name)

    bounds: list[tuple[str, int | None]] = []
    held = looks.Looks(loop, lambda *told: bounds.append(told), {"drafts": 2, "imports": 1}, is_told=True)
    held.start()
    try:
        # What came before the start was told to nobody.
        until(lambda: sorted(looked) == ["drafts", "imports"])
        held.ring("drafts")
        held.ring("elsewhere")
        until(lambda: looked.count("drafts") == 2)
        assert looked.count("imports") == 1
        assert [jobs for name, jobs in bounds if name == "drafts"] == [None, 1]
        with held.doing("imports"):
            # Nobody tells of the job that waits for its place.
            held.ring("imports")
            until(lambda: looked.count("imports") > 3)
        assert [jobs for name, jobs in bounds if name == "imports"][-2:] == [None, None]
    finally:
        held.close()
