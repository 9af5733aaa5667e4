"""A ticket's text before it is a record: cut as records are, so that both are compared alike."""

from assistant.domain.clean import clean
from assistant.domain.text import sentences

PASSAGE_CHARS = 400
MOST_PASSAGES = 8
"""A ticket's later passages are logs and traces: of 3,579 tickets of gitbugs, 90 % have no more."""


def passages_of(text: str) -> list[str]:
    """Whole sentences together, up to 400 characters; longer sentences by themselves, cut. At most eight; none of an empty text."""
    cleaned = clean(text[: 20 * PASSAGE_CHARS]).text
    if len(cleaned) <= PASSAGE_CHARS:
        return [cleaned] if cleaned else []
    found: list[str] = []
    start = end = -1
    for first, last in sentences(cleaned):
        if start >= 0 and last - start > PASSAGE_CHARS:
            found.append(cleaned[start:end])
            start = -1
        if start < 0:
            start = first
        end = last
    if start >= 0:
        found.append(cleaned[start:end])
    return [piece[at : at + PASSAGE_CHARS] for piece in found for at in range(0, len(piece), PASSAGE_CHARS)][
        :MOST_PASSAGES
    ]
