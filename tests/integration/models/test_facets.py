"""Types and tones of written sentences with the vectors of the built-in embedder."""

import pytest

from assistant.domain.clean import clean
from assistant.domain.facets import Wording
from assistant.domain.record import Record
from assistant.llm.minilm import OnnxEmbedder, open_minilm
from ingest.facets import wordings_of
from ingest.passages import slices_of


@pytest.fixture(scope="module")
def embedder() -> OnnxEmbedder:
    return open_minilm(threads=1)


def _told(embedder: OnnxEmbedder, *texts: str) -> list[Wording]:
    records = [
        Record(workspace="w", id=f"rec_{n}", source="s", raw=text, voice="v") for n, text in enumerate(texts)
    ]
    slices = [piece for one in records for piece in slices_of(one, clean(one.raw))]
    hashes = {piece.passage.text_hash: piece.text for piece in slices}
    vectors = dict(zip(hashes, embedder.embed(list(hashes.values())), strict=True))
    told = wordings_of(records, slices, vectors, embedder.identity)
    return [told[one.id] for one in records]


@pytest.mark.parametrize(
    ("text", "kind", "tone"),
    [
        ("After the update the timeline never finishes loading on my tablet.", "problem", "negative"),
        ("My parcel was left outside in the snow and everything in it was ruined.", "problem", "negative"),
        ("Great app. But since the update it won't connect to my watch.", "problem", "negative"),
        ("Die Kamera startet nicht mehr.", "problem", "negative"),
        ("L'appli se ferme toute seule depuis ce matin.", "problem", "negative"),
        ("更新以后经常闪退，打不开", "problem", "negative"),
        ("Please make the columns sortable.", "request", "neutral"),
        ("I wish I could pause a booking.", "request", "neutral"),
        ("Es wäre toll, wenn man Ordner umbenennen könnte.", "request", None),
        ("Me gustaría poder cambiar el color.", "request", "neutral"),
        ("Absolutely love how easily I can plan my week.", "praise", "positive"),
        ("No problem at all, everything just works.", "praise", "positive"),
        ("Never had an issue in three years.", "praise", "positive"),
        ("Très pratique, je recommande.", "praise", "positive"),
        ("とても便利で毎日使っています。", "praise", "positive"),
        ("How do I reset my password?", "question", "neutral"),
        ("Where can I download last year's statement", "question", "neutral"),
        ("Wie lösche ich einen Eintrag?", "question", "neutral"),
        ("¿Cuánto cuesta el envío?", "question", "neutral"),
        ("We moved to a new office in March.", "other", "neutral"),
        ("See attachment.", "other", "neutral"),
    ],
)
def test_a_sentence_is_of_its_type(embedder: OnnxEmbedder, text: str, kind: str, tone: str | None) -> None:
    told = _told(embedder, text)[0]
    assert told.type.value == kind
    assert tone is None or told.tone.value == tone


def test_a_complaint_at_the_end_of_a_long_review_isnt_outvoted_by_the_journey(embedder: OnnxEmbedder) -> None:
    journey = "We booked in May, flew on a Tuesday and stayed for a week with my parents. " * 9
    complaint = (
        "The heating was broken for the whole stay, nobody came to repair it and we froze every night. " * 4
    )
    assert _told(embedder, journey + complaint)[0].type.value == "problem"
    assert _told(embedder, journey)[0].type.value == "other"


def test_a_record_is_told_the_same_alone_and_in_company(embedder: OnnxEmbedder) -> None:
    texts = ["It crashes at night.", "Love it!", "Please add a map.", "Where is it?", "It's on the table."]
    assert _told(embedder, *texts) == [_told(embedder, text)[0] for text in texts]
