"""Kept embeddings are the inner embedder's, and are asked for once."""

from contextlib import closing
from pathlib import Path

import numpy as np

from evals.bench.embeddings import KeptEmbedder
from tests.support.hash_embedder import HashEmbedder


def test_texts_are_embedded_once_across_openings_and_come_back_bit_for_bit(tmp_path: Path) -> None:
    inner = HashEmbedder()
    texts = ["the export fails", "slow boards", "the export fails"]
    with closing(KeptEmbedder(inner, tmp_path)) as kept:
        first = kept.embed(texts)
    with closing(KeptEmbedder(inner, tmp_path)) as kept:
        again = kept.embed([*texts, "new one"])
        assert kept.embed([]).shape == (0, inner.dimension)
    assert inner.embedded == ["the export fails", "slow boards", "new one"]
    assert np.array_equal(again[:3], first)
    assert np.array_equal(again, HashEmbedder().embed([*texts, "new one"]))


def test_another_embedder_does_not_get_these_vectors(tmp_path: Path) -> None:
    with closing(KeptEmbedder(HashEmbedder(), tmp_path)) as kept:
        kept.embed(["slow boards"])
    other = HashEmbedder(name="other")
    with closing(KeptEmbedder(other, tmp_path)) as kept:
        kept.embed(["slow boards"])
        assert kept.identity == other.identity
    assert other.embedded == ["slow boards"]
