"""Small corpora for tests of search: synthetic columns, and a workbench over a real catalog."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.domain.clean import clean
from assistant.domain.ids import passage_id, person_id, record_id, text_hash
from assistant.domain.record import Passage, Record, RecordKind
from assistant.domain.text import index_terms
from assistant.llm.port import ChatModel, Embedder
from assistant.settings import Settings
from assistant.stores.catalog import open_catalog
from assistant.stores.index_port import VectorIndex
from assistant.stores.port import Catalog, CorpusRows, RecordBatch
from assistant.stores.stack import Stack
from assistant.workbench import Workbench

DIMENSION = 64


class WordEmbedder:
    """Texts that share words are near: each stem points in a direction of its own. Fast, and good enough to rank by."""

    identity = f"words:0:{DIMENSION}"
    dimension = DIMENSION

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.array([self._vector(text) for text in texts], dtype=np.float32).reshape(
            len(texts), DIMENSION
        )

    def _vector(self, text: str) -> npt.NDArray[np.float64]:
        vector = np.full(DIMENSION, 1e-3)
        for term in index_terms(text):
            seed = int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "big")
            vector += np.random.default_rng(seed).standard_normal(DIMENSION)
        return vector / np.linalg.norm(vector)


def a_record(raw: str, key: str | None = None, *, author: str | None = None, **given: object) -> Record:
    """A record of workspace `default`; its id follows from the source and the key."""
    source = str(given.pop("source", "reviews"))
    person = person_id("default", author) if author else None
    fields: dict[str, object] = {
        "workspace": "default",
        "id": record_id("default", source, key or f"{author}:{raw}"),
        "source": source,
        "raw": raw,
        "person": person,
        "voice": text_hash(f"{author}:{clean(raw).text}") if author else text_hash(f"{key}:{raw}"),
        "language": "en",
    }
    return Record.model_validate(fields | given)


def passages_of(record: Record) -> list[Passage]:
    """The whole record as its one passage."""
    return [
        Passage(
            id=passage_id(record.id, 0),
            record_id=record.id,
            start=0,
            end=len(record.raw),
            text_hash=text_hash(clean(record.raw).text),
        )
    ]


def add_records(catalog: Catalog, embedder: Embedder, records: Sequence[Record]) -> None:
    passages = [passage for record in records for passage in passages_of(record)]
    texts = {p.text_hash: clean(r.raw).text for r, p in zip(records, passages, strict=True)}
    vectors = embedder.embed(list(texts.values()))
    catalog.records.add(
        "default",
        RecordBatch(
            records=records,
            passages=passages,
            vectors=dict(zip(texts, vectors, strict=True)),
            terms={p.id: " ".join(index_terms(texts[p.text_hash])) for p in passages},
            embedder=embedder.identity,
        ),
    )


def no_model() -> ChatModel | None:
    return None


def a_bench(
    folder: Path,
    records: Sequence[Record] = (),
    *,
    embedder: Embedder | None = None,
    open_index: Callable[[Catalog], VectorIndex | None] = lambda _: None,
    show_personal_data: bool = False,
) -> Workbench:
    """A workbench over a real catalog that holds the records."""
    folder.mkdir(exist_ok=True)
    uses = embedder or WordEmbedder()
    catalog = open_catalog(folder / "catalog.db")
    if records:
        add_records(catalog, uses, records)
    return Workbench(
        Settings(home=folder, show_personal_data=show_personal_data),
        open_catalog=lambda: catalog,
        open_index=lambda: open_index(catalog),
        open_embedder=lambda: uses,
        open_model=no_model,
    )


def some_rows(
    vectors: npt.NDArray[np.floating],
    *,
    passage_record: Sequence[int] | None = None,
    voices: Sequence[str] | None = None,
    segments: Sequence[Mapping[str, str]] | None = None,
    **columns: Sequence[object],
) -> CorpusRows:
    """Columns with one passage per record, unless told otherwise."""
    owners = list(range(len(vectors))) if passage_record is None else list(passage_record)
    count = max(owners, default=-1) + 1
    ids = tuple(f"rec_{i:06d}" for i in range(count))
    seen: dict[int, int] = {}
    names = []
    for owner in owners:
        names.append(f"{ids[owner]}.{seen.setdefault(owner, 0)}")
        seen[owner] += 1

    def column(name: str, default: object) -> tuple[object, ...]:
        return tuple(columns.get(name, [default] * count))

    return CorpusRows(
        snapshot="test",
        record_ids=ids,
        kind=column("kind", RecordKind.customer.value),
        source=column("source", "reviews"),
        person=column("person", None),
        account=column("account", None),
        voice=tuple(voices or ids),
        language=column("language", "en"),
        rating=column("rating", None),
        said_at=column("said_at", None),
        segments=tuple(segments or [{}] * count),
        passage_ids=tuple(names),
        passage_record=np.array(owners, dtype=np.int32),
        stack=Stack(np.asarray(vectors, dtype=np.float16)),
        places=np.arange(len(vectors)),
        type=tuple(columns.get("type", ())),
        sentiment=tuple(columns.get("sentiment", ())),
    )


def unix(text: str) -> int:
    """Unix seconds of an ISO date in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
