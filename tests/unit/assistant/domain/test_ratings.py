"""The scale of a source's ratings, and what a rating on it says."""

import pytest

from assistant.domain.facets import Sentiment
from assistant.domain.ratings import Scale, scale_of, sentiment_of, share_of

STARS = {1.0: 3, 2.0: 1, 3.0: 2, 4.0: 8, 5.0: 20}


@pytest.mark.parametrize(
    ("counts", "scale"),
    [
        (STARS, (1, 5)),
        ({5.0: 1}, (1, 5)),
        ({0.0: 1} | STARS, (1, 5)),
        ({45.0: 1} | STARS, (1, 5)),
        ({0.0: 9, 3.0: 9, 5.0: 9}, (0, 5)),
        ({0.0: 4, 6.0: 3, 9.0: 9, 10.0: 9}, (0, 10)),
        ({0.0: 30, 3.0: 20, 5.0: 10, 9.0: 1}, (0, 10)),
        ({20.0: 4, 80.0: 9, 95.0: 9}, (0, 100)),
        ({300.0: 4, 800.0: 9}, (0, 800)),
        ({}, (1, 5)),
    ],
)
def test_the_scale_is_what_nearly_all_ratings_keep_to(counts: dict[float, int], scale: Scale) -> None:
    assert scale_of(counts) == scale


@pytest.mark.parametrize(
    ("rating", "scale", "sentiment"),
    [
        (1, (1, 5), "negative"),
        (2, (1, 5), "negative"),
        (3, (1, 5), "neutral"),
        (4, (1, 5), "positive"),
        (0, (1, 5), "negative"),
        (4, (0, 10), "negative"),
        (5, (0, 10), "neutral"),
        (6, (0, 10), "neutral"),
        (7, (0, 10), "positive"),
        (95, (0, 100), "positive"),
    ],
)
def test_a_rating_says_how_its_author_feels(rating: float, scale: Scale, sentiment: str) -> None:
    share = share_of(rating, scale)
    assert share is not None
    assert sentiment_of(share) == Sentiment(sentiment)


def test_a_rating_above_its_scale_and_none_at_all_say_nothing() -> None:
    assert share_of(45, (1, 5)) is None
    assert share_of(None, (1, 5)) is None
