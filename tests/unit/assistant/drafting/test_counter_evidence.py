"""Who counts as content: praise by words, for the thing itself, that names no failure and asks for nothing."""

from pathlib import Path

import numpy as np
import pytest

from tests.support.desks import a_desk
from tests.support.search_corpus import a_record


@pytest.mark.parametrize(
    ("text", "rating", "is_praise"),
    [
        ("Exports work fine here, a few hundred cards in seconds.", None, True),
        ("Great app, works like a charm.", None, True),
        # A good rating beside a complaint, a wish or a plain statement is no counter-evidence.
        ("empty export files. No error, nothing.", 3.0, False),
        ("Great app, but please add an export of the whole board.", 5.0, False),
        ("We moved the board to another workspace.", 5.0, False),
        ("Good tool until you need to export more than a few cards", 4.0, False),
    ],
)
def test_praise_is_what_the_words_say(
    tmp_path: Path, text: str, rating: float | None, *, is_praise: bool
) -> None:
    desk = a_desk(tmp_path, [a_record(text, rating=rating)])
    passages = np.arange(len(desk.reader.matrix.rows.passage_ids))
    assert bool(len(desk.reader.hear(passages).praise)) is is_praise
