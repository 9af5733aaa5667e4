"""Names of sources: told apart by their path, whatever the order."""

from itertools import permutations
from pathlib import Path

import pytest

from ingest.sources import source_names


@pytest.mark.parametrize(
    ("files", "names"),
    [
        ({"a.csv": "1", "b.csv": "2"}, ["a", "b"]),
        ({"jan/a.csv": "1", "feb/a.csv": "2", "b.csv": "3"}, ["jan/a", "feb/a", "b"]),
        ({"x/jan/a.csv": "1", "y/jan/a.csv": "2", "z/a.csv": "3"}, ["x/jan/a", "y/jan/a", "z/a"]),
        ({"a.csv": "1", "a.json": "2"}, ["a.csv", "a.json"]),
        ({"jan/a.csv": "1", "jan/a.json": "2", "feb/a.csv": "3"}, ["jan/a.csv", "a.json", "feb/a"]),
        ({"jan/a.csv": "1", "copy/a.csv": "1"}, ["a", "a"]),
        ({"jan/a.csv": "1", "copy/a.csv": "1", "feb/a.csv": "2"}, ["copy/a", "copy/a", "feb/a"]),
    ],
)
def test_namesakes_are_told_apart_by_as_little_of_their_path_as_does_it(
    tmp_path: Path, files: dict[str, str], names: list[str]
) -> None:
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    paths = [tmp_path / name for name in files]
    for order in permutations(paths):
        assert source_names(order) == dict(zip(paths, names, strict=True))


def test_a_namesake_that_is_not_there_has_a_name_too(tmp_path: Path) -> None:
    paths = [tmp_path / "gone" / "a.csv", tmp_path / "lost" / "a.csv"]
    assert list(source_names(paths).values()) == ["gone/a", "lost/a"]
