"""One grouping of given vectors in a process of its own: CPU time, memory and labels.

`python -m evals.bench.themes_run HOW FOLDER` reads `vectors.npy` (and `texts.json`) there, writes `labels.npy` and prints one line of JSON.
HOW: `ours`; `bertopic`: BERTopic as it comes, on texts and vectors, and its outliers reduced by embeddings (`reduced.npy`);
`stage`: only the two steps of BERTopic that find themes, warm, as it sets them up.
"""

import hashlib
import json
import sys
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

from evals.bench.timing import peak_mb

_WARM = 2_000
Vectors = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Arrays = Ints | Vectors


def ours(vectors: Vectors) -> tuple[dict[str, Arrays], float]:
    """Level 1, 2 and 3, and the CPU-seconds."""
    from assistant.synthesis.hierarchy import cluster

    started = time.process_time()
    found = cluster(vectors)
    took = time.process_time() - started
    named = zip(("broad", "themes", "parts"), found.layers, strict=True)
    return {
        "labels": found.themes.labels,
        **{
            f"{name}_{what}": getattr(layer, what)
            for name, layer in named
            for what in ("labels", "centroids")
        },
    }, took


def bertopic(vectors: Vectors, texts: list[str]) -> tuple[dict[str, Arrays], float]:
    """Topics as BERTopic finds them, -1 for outliers, and the same with outliers reduced."""
    from bertopic import BERTopic

    model = BERTopic(embedding_model=None)
    started = time.process_time()
    topics, _ = model.fit_transform(texts, embeddings=vectors)
    took = time.process_time() - started
    reduced = (
        model.reduce_outliers(texts, topics, strategy="embeddings", embeddings=vectors)
        if -1 in topics
        else topics
    )
    return {"labels": np.array(topics), "reduced": np.array(reduced)}, took


def stage(vectors: Vectors) -> tuple[dict[str, Arrays], float]:
    """BERTopic's reduction (UMAP) and clustering (HDBSCAN), compiled beforehand; nothing of its words and names."""
    from bertopic import BERTopic

    def run(some: Vectors) -> Ints:
        model = BERTopic(embedding_model=None)
        reduced = model.umap_model.fit_transform(some)
        labels: Ints = model.hdbscan_model.fit(reduced).labels_
        return labels

    run(vectors[:_WARM])
    started = time.process_time()
    labels = run(vectors)
    return {"labels": labels}, time.process_time() - started


def main(how: str, folder: Path) -> None:
    """Group, and tell."""
    vectors = np.load(folder / "vectors.npy")
    if how == "bertopic":
        found, took = bertopic(vectors, json.loads((folder / "texts.json").read_text(encoding="utf-8")))
    else:
        found, took = ours(vectors) if how == "ours" else stage(vectors)
    for name, labels in found.items():
        np.save(folder / f"{name}.npy", labels)
    bytes_of = b"".join(np.ascontiguousarray(found[name]).tobytes() for name in sorted(found))
    told = {"cpu_s": took, "peak_mb": peak_mb(), "sha256": hashlib.sha256(bytes_of).hexdigest()}
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
