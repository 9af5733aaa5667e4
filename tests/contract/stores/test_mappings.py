"""The contract of `MappingStore`."""

import pytest

from assistant.errors import UsageError
from assistant.stores.decisions import SavedMapping
from assistant.stores.port import Catalog

SUPPORT = SavedMapping("support", "csv", ("body", "größe"), {"text": "Body", "segment.size": "Größe"})


def test_a_mapping_is_read_as_it_was_saved_in_its_workspace_alone(catalog: Catalog) -> None:
    catalog.mappings.save("acme", SUPPORT)
    catalog.mappings.save("globex", SUPPORT)
    read = catalog.mappings.get("acme", "support")
    assert read == SUPPORT
    assert list(read.fields) == list(SUPPORT.fields) == ["text", "segment.size"]
    assert catalog.mappings.get("acme", "other") is None
    assert catalog.mappings.saved("nowhere") == []
    assert catalog.mappings.forget("acme", "support")
    assert not catalog.mappings.forget("acme", "support")
    assert catalog.mappings.saved("globex") == [SUPPORT]


def test_a_name_is_replaced_and_mappings_are_listed_by_name(catalog: Catalog) -> None:
    catalog.mappings.save("acme", SUPPORT)
    changed = SavedMapping("support", "csv", SUPPORT.columns, {"text": "Größe"})
    sales = SavedMapping("sales", "csv", ("note",), {"text": "note", "rating": ""})
    catalog.mappings.save("acme", changed)
    catalog.mappings.save("acme", sales)
    assert catalog.mappings.saved("acme") == [sales, changed]


def test_columns_that_have_a_mapping_are_not_saved_under_a_second_name(catalog: Catalog) -> None:
    catalog.mappings.save("acme", SUPPORT)
    with pytest.raises(UsageError, match="'support'"):
        catalog.mappings.save("acme", SavedMapping("again", "csv", SUPPORT.columns, {"text": "Body"}))
    assert catalog.mappings.saved("acme") == [SUPPORT]
