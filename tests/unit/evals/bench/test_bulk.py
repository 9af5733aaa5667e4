"""What large imports are measured with."""

import numpy as np

from evals.bench.bulk_import import ReadyVectors


def test_ready_vectors_have_unit_length_and_depend_on_the_text_alone() -> None:
    embedder = ReadyVectors()
    rows = embedder.embed(["The export hangs.", "Dark mode is a joy.", "The export hangs."])
    assert rows.shape == (3, embedder.dimension)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    assert np.array_equal(rows[0], rows[2])
    assert abs(float(rows[0] @ rows[1])) < 0.5
    assert np.array_equal(
        rows, ReadyVectors().embed(["The export hangs.", "Dark mode is a joy.", "The export hangs."])
    )
    assert embedder.cpu_s > 0
