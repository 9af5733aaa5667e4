"""Exports with anything in any place: every row is text by column or a reason, the same each time."""

import json
import random
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.connectors.json_source import JsonSource
from ingest.layouts.elements import ElementRows
from ingest.layouts.json_layouts import JSON_LAYOUTS
from ingest.layouts.slack import SlackRows
from ingest.port import Connector
from tests.support.json_exports import EXPORTS, elements_of
from tests.support.mutations import fresh
from tests.support.slack_export import channels, users

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
    | st.sampled_from(["false", "<p>a", "&lt;", "2026-03-01", "1e999", "bot", "note", "agent", "\x00", "https://x.example/issues/1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
ELEMENTS = {name: elements_of(make())[:3] for name, make in EXPORTS.items()}
FOLDER = tempfile.TemporaryDirectory()


def spoiled(value: Any, odd: list[Any], chance: random.Random) -> Any:
    """The same with a few values exchanged for odd ones, wherever they are."""
    if odd and chance.random() < 0.08:
        return chance.choice(odd)
    if isinstance(value, dict):
        return {key: spoiled(inner, odd, chance) for key, inner in value.items() if chance.random() > 0.03}
    return [spoiled(inner, odd, chance) for inner in value] if isinstance(value, list) else value


def check(connector: Connector, start: int) -> None:
    rows = list(connector.rows())
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    assert all(bool(row.problem) != bool(row.cells) for row in rows)
    assert all(isinstance(cell, str) and "\x00" not in cell for row in rows for cell in row.cells.values())
    assert list(connector.rows(start)) == rows[start:]


@given(odd=st.lists(VALUES, max_size=4), seed=st.integers(0, 1 << 32), start=st.integers(0, 9))
@settings(max_examples=2_000, deadline=None, suppress_health_check=list(HealthCheck))
def test_exports_of_any_shape_are_read(odd: list[Any], seed: int, start: int) -> None:
    # To think of odd values takes twice as long as to read all these exports.
    for layout in JSON_LAYOUTS:
        chance = random.Random(seed)
        path = Path(FOLDER.name, "a.json")
        fresh(path).write_text(
            json.dumps([*(spoiled(element, odd, chance) for element in ELEMENTS[layout.name]), *odd]),
            encoding="utf-8",
        )
        source = JsonSource(path, "utf-8", 500, 1 << 20, lines=False)
        check(ElementRows(source, layout, 500), start)
    chance = random.Random(seed)
    path = Path(FOLDER.name, "a.zip")
    with zipfile.ZipFile(fresh(path), "w") as archive:
        archive.writestr("users.json", json.dumps(spoiled(users(), odd, chance)))
        for name, messages in channels().items():
            archive.writestr(name, json.dumps([spoiled(message, odd, chance) for message in messages]))
    check(SlackRows(path, 500), start)
