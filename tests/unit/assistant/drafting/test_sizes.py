"""The sizes that people name: of the thing itself, in the unit that most use."""

from pathlib import Path

from assistant.drafting.sizes import stated_size
from tests.support.desks import a_desk
from tests.support.search_corpus import a_record

TEXTS = [
    "The export of 12,000 cards is blank.",
    "An export with 38,000 cards times out.",
    "Export of 9,000 cards fails.",
    "Moving 90,000 cards to the archive took a while.",
]


def _size(folder: Path, words: tuple[str, ...]) -> str:
    desk = a_desk(folder, [a_record(text, key=str(place)) for place, text in enumerate(TEXTS)])
    sayings = desk.reader.read(list(range(len(desk.reader.matrix.rows.passage_ids))))
    shown = stated_size(desk, sayings, words)
    (fact,) = desk.book.facts.values()
    assert shown == f"{{{fact.id}}} cards"
    return fact.display


def test_the_largest_one_is_shown(tmp_path: Path) -> None:
    assert _size(tmp_path, ()) == "90,000"


def test_a_size_of_something_else_is_left_out(tmp_path: Path) -> None:
    assert _size(tmp_path, ("export", "card")) == "38,000"
