"""What is the same wherever the catalog lies, in a SQLite file or in a Postgres database."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import URL

from assistant.errors import InputRejected
from assistant.stores.catalog import open_catalog
from assistant.stores.database import open_database
from assistant.stores.port import Catalog, CorpusRows
from assistant.stores.tables import metadata, passages
from tests.support.postgres import postgres_server
from tests.support.store_samples import WORKSPACE, batch, ids, numbered, record

ODD = [
    "a\0b",
    "\0",
    "\x1a",
    "\x1a0",
    "\x1a1\0\x1a\x1a0",
    "tab\tand\r\nnew line\u2028",
    "é e\u0301 ﷺ \U0001f469\u200d\U0001f680 \ufffe \U0010ffff",
]


@pytest.mark.parametrize("raw", ODD)
def test_every_character_comes_back(catalog: Catalog, raw: str) -> None:
    said = record("1", raw, title=raw, account=raw, external_id=raw, segments={"tier": raw})
    catalog.records.add(WORKSPACE, batch([said]))
    found = catalog.records.get(WORKSPACE, [said.id])[said.id]
    assert found == said
    assert found.raw.encode() == raw.encode()
    assert catalog.eraser.texts(WORKSPACE, [said.id]).count(raw) == 1


def test_half_a_surrogate_pair_is_refused_and_nothing_is_kept(catalog: Catalog) -> None:
    said = record("1", "fine", title="\ud83d")
    with pytest.raises(InputRejected, match="surrogate"):
        catalog.records.add(WORKSPACE, batch([said]))
    assert catalog.records.known(WORKSPACE, [said.id]) == {}


def test_moments_far_away_are_kept(catalog: Catalog) -> None:
    said = [
        record(str(year), f"in {year}", said_at=f"{year}-06-01T12:00:00+02:00")
        for year in (1815, 1970, 2039, 9998)
    ]
    catalog.records.add(WORKSPACE, batch(said))
    found = catalog.records.get(WORKSPACE, ids(said))
    assert [found[one.id].said_at for one in said] == [one.said_at for one in said]


def test_two_writers_of_a_workspace_lose_nothing(place: Path | URL) -> None:
    """Each moves the same snapshot, head and counts."""
    catalogs = [open_catalog(place) for _ in range(2)]

    def write(number: int) -> int:
        added = [
            catalogs[number].records.add(WORKSPACE, batch(numbered(4, start=100 * number + 4 * part)))
            for part in range(5)
        ]
        return sum(added)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(write, range(2))) == [20, 20]
    alone = open_catalog(postgres_server().new_catalog())
    alone.records.add(WORKSPACE, batch([*numbered(20), *numbered(20, start=100)]))
    assert catalogs[0].records.snapshot(WORKSPACE) == alone.records.snapshot(WORKSPACE)
    assert catalogs[0].outbox.head(WORKSPACE) == 40
    assert [change.seq for change in catalogs[1].outbox.pending(WORKSPACE, 0, 100)] == list(range(1, 41))
    assert len(catalogs[0].lexical.search(WORKSPACE, ["export"], 100)) == 40
    for catalog in (*catalogs, alone):
        catalog.close()


def test_a_reader_sees_one_state_while_another_writes(place: Path | URL) -> None:
    catalog, database = open_catalog(place), open_database(place)
    catalog.records.add(WORKSPACE, batch(numbered(2)))
    with database.read() as connection:
        before = len(connection.execute(select(passages.c.id)).all())
        catalog.records.add(WORKSPACE, batch(numbered(2, start=2)))
        assert len(connection.execute(select(passages.c.id)).all()) == before == 2
    with database.read() as connection:
        assert len(connection.execute(select(passages.c.id)).all()) == 4
    database.close()
    catalog.close()


def test_the_same_input_is_the_same_corpus_in_the_same_order(tmp_path: Path) -> None:
    said = [
        *(
            record(str(n), f"Export {n} fails\0", account="Zebra ä a B", rating=n % 5, language="de")
            for n in range(30)
        ),
        *numbered(30, start=50),
    ]
    found: list[CorpusRows] = []
    others: list[object] = []
    for where in (tmp_path / "catalog.sqlite3", postgres_server().new_catalog()):
        catalog = open_catalog(where)
        for start in range(0, 60, 7):
            catalog.records.add(WORKSPACE, batch(said[start : start + 7]))
        catalog.records.add(WORKSPACE, batch([record("3", "Export 3 works now")]))
        found.append(catalog.records.corpus(WORKSPACE))
        others.append(
            (
                catalog.lexical.search(WORKSPACE, ["export", "fail", "only51"], 70),
                [one.id for one in catalog.pages.page(WORKSPACE, None, 9)],
                sorted(catalog.pages.voices(WORKSPACE)),
                [names for names, _ in catalog.outbox.rows(WORKSPACE, 7)],
                catalog.pages.languages(WORKSPACE),
                [one.id for one in catalog.vectors.lacking(WORKSPACE, "another:0:4", 50)],
            )
        )
        catalog.close()
    # Each place numbers passages and keeps vectors in an order of its own.
    own = {"stack", "places", "passage_keys"}
    one, other = ({name: value for name, value in vars(rows).items() if name not in own} for rows in found)
    assert repr(one) == repr(other)
    assert found[0].vectors.tobytes() == found[1].vectors.tobytes()
    assert others[0] == others[1]


def test_texts_sort_by_bytes_and_numbers_are_long_whatever_the_language_of_the_database() -> None:
    database = open_database(postgres_server().new_database())
    with database.read() as connection:
        kinds = connection.execute(
            text(
                "SELECT DISTINCT data_type, collation_name FROM information_schema.columns"
                " WHERE table_schema = current_schema() AND table_name = ANY(:ours)"
            ),
            {"ours": sorted(metadata.tables)},
        ).all()
        ordered = connection.execute(
            text("SELECT string_agg(n, '' ORDER BY n) FROM unnest(ARRAY['b','a','B','_']) n")
        ).scalar()
    database.close()
    assert ordered == "_abB", "this database should sort by its language"
    assert {tuple(kind) for kind in kinds} == {
        ("bigint", None),
        ("text", "C"),
        ("boolean", None),
        ("double precision", None),
        ("bytea", None),
    }


def test_vectors_come_back_bit_for_bit(catalog: Catalog) -> None:
    said = numbered(3)
    given = batch(said)
    catalog.records.add(WORKSPACE, given)
    stored = catalog.vectors.get(WORKSPACE, given.embedder, list(given.vectors))
    for name, vector in given.vectors.items():
        assert np.array_equal(stored[name], vector.astype(np.float16).astype(np.float32))
