"""Type and tone by the cues alone, which need no embedder. With vectors: tests/integration/models/test_facets.py."""

import numpy as np
import pytest

from assistant.domain.facets import RecordType, Sentiment, Wording
from assistant.errors import ModelError
from assistant.search import facet_weights, facets
from assistant.search.facets import open_weights, wordings
from assistant.search.marks import marks_of
from assistant.stores.port import Uttered

NO_VECTOR = np.zeros(0, dtype=np.float16)


def _told(*passages: str) -> Wording:
    said = [Uttered(text, marks_of(text), NO_VECTOR) for text in passages]
    return wordings([said], "hash:32")[0]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The export fails with an error.", RecordType.problem),
        ("Please add a dark mode.", RecordType.request),
        ("Great app, I love it.", RecordType.praise),
        ("How do I change my password?", RecordType.question),
        ("The hotel is next to the station.", RecordType.other),
    ],
)
def test_cues_alone_tell_plain_cases(text: str, kind: RecordType) -> None:
    assert _told(text).type is kind


def test_a_complaint_between_a_greeting_and_a_journey_makes_a_long_record_a_problem() -> None:
    told = _told(
        "We flew from Lisbon to Zurich in May with two children and stayed for four nights at the lake.",
        "The shower was broken, the staff were rude and the food was terrible.",
        "We went home on a Sunday and took the train to the office on Monday.",
    )
    assert told == Wording(RecordType.problem, Sentiment.negative)


def test_asking_politely_is_no_complaint() -> None:
    assert _told("Please add a dark mode.").tone is Sentiment.neutral
    assert _told("Please add a dark mode, this is terrible, awful and useless.").tone is Sentiment.negative


def test_a_record_without_passages_is_of_no_sort() -> None:
    assert _told() == Wording(RecordType.other, Sentiment.neutral)


def test_a_record_is_told_the_same_in_any_company() -> None:
    texts = ["It crashes.", "Love it!", "Please add a map.", "Where is it?"]
    said = [[Uttered(text, marks_of(text), NO_VECTOR)] for text in texts]
    together = wordings(said, "hash:32")
    assert together == [wordings([one], "hash:32")[0] for one in said]
    assert together[::-1] == wordings(said[::-1], "hash:32")


def test_weights_that_were_changed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = facet_weights.CUES_ONLY._replace(sha256="0" * 64)
    monkeypatch.setattr(facets, "CUES_ONLY", wrong)
    open_weights.cache_clear()
    with pytest.raises(ModelError, match=r"facets\.minilm\.json is damaged"):
        open_weights("hash:32")
    open_weights.cache_clear()
