"""The opened workbenches: one per workspace, few at a time."""

import threading
from pathlib import Path

import pytest

from api.pool import Benches
from assistant.errors import ModelUnavailable, StoreError
from assistant.settings import Settings
from assistant.stores.port import Catalog
from assistant.workbench import Workbench


def _fails() -> Catalog:
    raise ModelUnavailable("Not in this test.")


class Opener:
    """Opens benches whose seams can't be opened, and counts them."""

    def __init__(self) -> None:
        self.opened: list[str] = []

    def __call__(self, settings: Settings) -> Workbench:
        self.opened.append(settings.workspace)
        return Workbench(
            settings,
            open_catalog=_fails,
            open_index=lambda: None,
            open_embedder=_fails,
            open_model=lambda: None,
        )


@pytest.fixture
def opener() -> Opener:
    return Opener()


@pytest.fixture
def benches(tmp_path: Path, opener: Opener) -> Benches:
    return Benches(Settings.load(home=tmp_path), opener, max_open=2)


def test_a_workspace_is_opened_once_by_many_threads(benches: Benches, opener: Opener) -> None:
    seen: list[Workbench] = []
    start = threading.Barrier(8)

    def work() -> None:
        start.wait()
        with benches.use("acme") as bench:
            seen.append(bench)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opener.opened == ["acme"]
    assert len({id(bench) for bench in seen}) == 1
    assert seen[0].workspace == "acme"


def test_the_least_recently_used_one_makes_room(benches: Benches, opener: Opener) -> None:
    for name in ("a", "b", "a", "c", "a", "b"):
        with benches.use(name):
            pass
    assert opener.opened == ["a", "b", "c", "b"]


def test_a_workspace_in_use_stays_open(benches: Benches, opener: Opener) -> None:
    with benches.use("a"), benches.use("b"):
        with pytest.raises(StoreError), benches.use("c"):
            pass
        with benches.use("a"):
            pass
    with benches.use("c"):
        pass
    assert opener.opened == ["a", "b", "c"]


def test_whoever_wants_a_workspace_alone_waits_for_its_users_and_others_wait_for_them(opener: Opener) -> None:
    benches = Benches(Settings(), opener)
    order: list[str] = []
    entered, leave = threading.Event(), threading.Event()

    def use() -> None:
        with benches.use("a"):
            entered.set()
            leave.wait(10)
            order.append("used")

    def alone() -> None:
        with benches.alone("a") as settings:
            order.append(f"alone in {settings.workspace}")
            later.start()
            # Time enough for the third to come in, if nothing kept it out.
            later.join(0.2)
            order.append("still alone")

    def after() -> None:
        with benches.use("a"):
            order.append("used again")

    first, second, later = (threading.Thread(target=one) for one in (use, alone, after))
    first.start()
    assert entered.wait(10)
    second.start()
    second.join(0.2)
    assert order == []
    with benches.use("b"):
        leave.set()
    for thread in (first, second, later):
        thread.join(10)
    assert order == ["used", "alone in a", "still alone", "used again"]
    assert opener.opened == ["a", "b", "a"]
