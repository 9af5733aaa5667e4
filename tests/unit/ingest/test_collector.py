import gc

import pytest

from ingest.collector import rare_collections


def test_garbage_is_collected_as_often_as_before_once_the_last_import_has_ended() -> None:
    before = gc.get_threshold()
    with rare_collections():
        with rare_collections():
            assert gc.get_threshold()[0] > before[0]
        assert gc.get_threshold()[0] > before[0]
    assert gc.get_threshold() == before


def test_a_failed_import_leaves_the_collector_as_it_was() -> None:
    before = gc.get_threshold()
    with pytest.raises(OSError, match="gone"), rare_collections():
        raise OSError("gone")
    assert gc.get_threshold() == before


def test_a_collector_that_somebody_turned_off_stays_off() -> None:
    before = gc.get_threshold()
    gc.set_threshold(0, *before[1:])
    try:
        with rare_collections():
            assert gc.get_threshold()[0] == 0
    finally:
        gc.set_threshold(*before)
