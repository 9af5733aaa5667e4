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
