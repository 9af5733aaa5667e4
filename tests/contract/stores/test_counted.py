"""The contract of `CountedStore`."""

from assistant.stores.port import Catalog
from tests.support.store_samples import WORKSPACE, batch, ids, numbered


def test_what_was_counted_is_replaced_as_a_whole_in_its_workspace_alone(catalog: Catalog) -> None:
    assert catalog.counted.stamp(WORKSPACE) is None
    assert catalog.counted.read(WORKSPACE, "map") is None
    catalog.counted.keep(WORKSPACE, "one", {"map": b"\0\xff", "overview": b"{}"})
    catalog.counted.keep("other", "theirs", {"map": b"theirs"})
    assert catalog.counted.stamp(WORKSPACE) == "one"
    assert catalog.counted.read(WORKSPACE, "map") == b"\0\xff"
    catalog.counted.keep(WORKSPACE, "two", {"overview": b"[]"})
    assert catalog.counted.stamp(WORKSPACE) == "two"
    assert catalog.counted.read(WORKSPACE, "map") is None
    assert catalog.counted.read("other", "map") == b"theirs"


def test_an_erasure_takes_the_counts_along(catalog: Catalog) -> None:
    held = numbered(2)
    catalog.records.add(WORKSPACE, batch(held))
    catalog.counted.keep(WORKSPACE, "one", {"overview": b"names of sources and themes"})
    catalog.pages.erase(WORKSPACE, ids(held)[:1])
    assert catalog.counted.stamp(WORKSPACE) is None
    assert catalog.counted.read(WORKSPACE, "overview") is None
