"""What all tickets share is taken out of their vectors before they are compared."""

import numpy as np
import pytest

from assistant.stores.index_port import Vectors
from assistant.triage.background import DIRECTIONS, Common, worked_out


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    """Unit rows: noise, much of one direction in all of them, and some of three more in a different share each."""
    dice = np.random.default_rng(1)
    rows = dice.normal(size=(600, 32)).astype(np.float32) * 0.1
    rows[:, 0] += 2
    rows[:, 1:4] += dice.normal(size=(600, 3)).astype(np.float32)
    unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def test_two_that_share_the_template_alone_are_no_longer_alike(vectors: Vectors) -> None:
    before = float((vectors[0::2] * vectors[1::2]).sum(axis=1).mean())
    left = worked_out(vectors).without(vectors)
    after = float((left[0::2] * left[1::2]).sum(axis=1).mean())
    assert before > 0.6
    assert abs(after) < 0.05
    assert np.allclose(np.linalg.norm(left, axis=1), 1, atol=1e-5)


def test_what_is_taken_out_is_at_a_right_angle_to_what_is_left(vectors: Vectors) -> None:
    common = worked_out(vectors)
    assert common.directions.shape == (DIRECTIONS, 32)
    assert np.abs(common.without(vectors) @ common.directions.T).max() < 1e-5


def test_a_vector_that_holds_nothing_else_becomes_zero() -> None:
    common = Common(np.array([1.0, 0.0], np.float32), np.array([[0.0, 1.0]], np.float32))
    assert common.without(np.array([[1.0, 0.5], [0.0, 0.0]], np.float32)).tolist() == [
        [0.0, 0.0],
        [-1.0, 0.0],
    ]
