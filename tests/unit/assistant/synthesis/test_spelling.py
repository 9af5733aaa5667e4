import numpy as np

from assistant.synthesis.spelling import spelling


def test_texts_that_share_a_rare_name_are_alike_and_others_are_not() -> None:
    strava, synced, crash = spelling(["no sync to Strava", "strava never syncs", "it crashes daily"])

    assert strava @ synced > 0.5
    assert strava @ crash == 0


def test_a_text_without_a_piece_of_another_is_a_row_of_zeros() -> None:
    rows = spelling(["xyz", "", "!!!", "the watch face", "a watch face"])

    assert not rows[:3].any()
    assert np.allclose(np.linalg.norm(rows[3:], axis=1), 1.0)


def test_case_repeats_and_the_order_of_texts_change_no_row() -> None:
    texts = ["Bluetooth drops", "BLUETOOTH drops", "synchronisation perdue", "la synchronisation est lente"]

    rows = spelling(texts)

    assert np.array_equal(rows[0], rows[1])
    assert np.array_equal(spelling(texts[::-1]), rows[::-1])


def test_no_texts_give_no_rows() -> None:
    assert spelling([]).shape == (0, 4096)
