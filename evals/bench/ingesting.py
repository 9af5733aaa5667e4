"""Ingest, end to end, against embedding alone and against LangChain + Chroma with Chroma's own embedder."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from zlib import crc32

import numpy as np
import numpy.typing as npt

from assistant.llm.minilm import open_minilm
from evals.bench.measure import Result, Setting, at_least, at_most
from evals.bench.peer import OwnEmbeddings, Peer
from evals.bench.texts import reviews, short_texts, write_csv
from evals.bench.timing import Cost, interleaved, median
from evals.bench.workspaces import fill, open_at, say

SHARE_ABOVE_EMBEDDING = 1.15
TIMES_FASTER = 5.0


def measure_ingest(setting: Setting) -> list[Result]:
    """20,000 short texts, and every third of the long reviews of skytrax."""
    quick = setting.quick
    short = short_texts(setting.data, 1500 if quick else 20_000)
    long = reviews(setting.data)[:: 24 if quick else 3]
    results = _compare("short texts", short, peer_rows=16 if quick else 128, setting=setting)
    return results + _compare("skytrax reviews", long, peer_rows=8 if quick else 64, setting=setting)


def _compare(name: str, texts: Sequence[str], peer_rows: int, setting: Setting) -> list[Result]:
    repetitions = 1 if setting.quick else 3
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_csv(folder / "all.csv", texts)
        write_csv(folder / "some.csv", texts[:: max(1, len(texts) // peer_rows)][:peer_rows])
        passages = _passages(folder)
        embedder = open_minilm()
        embedder.embed(["warm"])
        own = OwnEmbeddings(folder / "weights")
        own.embed_query("warm")
        say(f"ingest, {name}: {len(texts):,} texts, {len(passages):,} passages, {repetitions} rounds")
        costs = interleaved(
            {
                "ours": lambda: _ingest(folder),
                "embedding": lambda: embedder.embed(passages),
                "peer": lambda: _peer(folder, own),
            },
            repetitions,
        )
    return _results(name, len(texts), peer_rows, {key: median(value) for key, value in costs.items()})


def _results(name: str, rows: int, peer_rows: int, costs: dict[str, Cost]) -> list[Result]:
    ours, alone, peer = costs["ours"], costs["embedding"], costs["peer"]
    is_target = name == "short texts"
    above = at_most(SHARE_ABOVE_EMBEDDING) if is_target else None
    scaled = f"the peer did {peer_rows} of the {rows:,} texts; records per CPU-second compared"
    per_cpu = (rows / ours.cpu, peer_rows / peer.cpu)
    return [
        Result(
            bench="ingest",
            what=f"{name}: CPU time of ingest over that of embedding the same passages",
            value=ours.cpu / alone.cpu,
            unit="x",
            target=above,
            note=f"{ours.cpu:.1f} against {alone.cpu:.1f} CPU-s",
        ),
        Result(
            bench="ingest",
            what=f"{name}: wall time of ingest over that of embedding the same passages",
            value=ours.wall / alone.wall,
            unit="x",
            target=above,
            note="one call that embeds everything at once, two threads on both sides",
        ),
        Result(
            bench="ingest",
            what=f"{name}: ingest against LangChain + Chroma with Chroma's own embedder",
            value=per_cpu[0] / per_cpu[1],
            unit="x",
            target=at_least(TIMES_FASTER),
            note=scaled,
        ),
        Result(bench="ingest", what=f"{name}: ours", value=per_cpu[0], unit="records/CPU-s"),
        Result(bench="ingest", what=f"{name}: LangChain + Chroma", value=per_cpu[1], unit="records/CPU-s"),
        Result(
            bench="ingest",
            what=f"{name}: ingest against LangChain + Chroma, wall time",
            value=(rows / ours.wall) / (peer_rows / peer.wall),
            unit="x",
        ),
    ]


def _ingest(folder: Path) -> None:
    """A fresh workspace each time: catalog, lexical index and vector index, all durable when it returns."""
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    with open_at(home) as bench:
        fill(bench, [folder / "all.csv"], None)


def _peer(folder: Path, own: OwnEmbeddings) -> None:
    store = folder / "peer"
    peer = Peer(store, own)
    try:
        peer.add_file(folder / "some.csv")
    finally:
        peer.close()
        shutil.rmtree(store)


def _passages(folder: Path) -> list[str]:
    """What ingest embeds for the file, once per distinct text."""
    home = folder / "passages"
    with open_at(home) as bench:
        embedder = _Listening()
        bench.embedder = embedder
        fill(bench, [folder / "all.csv"], None)
    shutil.rmtree(home)
    return sorted(embedder.heard)


class _Listening:
    """Hears what ingest embeds, and answers at once."""

    identity = "listening:16"
    dimension = 16

    def __init__(self) -> None:
        self.heard: set[str] = set()

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.heard.update(texts)
        vectors = [np.random.default_rng(crc32(text.encode())).normal(size=self.dimension) for text in texts]
        rows = np.array(vectors, dtype=np.float32).reshape(len(texts), self.dimension)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows
