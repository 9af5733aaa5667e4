"""A child process that adds and drains until it is killed: prints a line for every batch that was acknowledged.

Usage: python writer.py HOME FIRST_BATCH
"""

import sys
from pathlib import Path

from assistant.stores.catalog import open_catalog
from assistant.stores.chroma import open_chroma_index
from assistant.stores.port import Checkpoint
from assistant.stores.sync import drain, open_checked_index
from tests.support.store_samples import WORKSPACE, batch, numbered

SIZE = 40


def main(home: Path, first: int) -> None:
    """Add batch after batch, each with its checkpoint."""
    catalog = open_catalog(home / "catalog.sqlite3")
    index = open_checked_index(catalog, WORKSPACE, open_chroma_index, home / "index")
    _say("ready")
    for number in range(first, first + 10_000):
        done = Checkpoint("file", (number + 1) * SIZE)
        catalog.records.add(WORKSPACE, batch(numbered(SIZE, start=number * SIZE), checkpoint=done))
        _say(number)
        drain(catalog, index, WORKSPACE)


def _say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
