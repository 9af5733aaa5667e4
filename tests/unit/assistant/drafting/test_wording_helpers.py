"""Small helpers of grammar, and stories that rest on what people wrote."""

from pathlib import Path

import pytest

from assistant.domain.draft import PLACEHOLDER
from assistant.domain.quantities import stated_quantities
from assistant.drafting.criteria import article
from assistant.drafting.needs import COARSE
from assistant.drafting.prd import gerund, third_person
from assistant.drafting.profile import TOO_FEW, profile
from assistant.drafting.stories import write_stories
from assistant.drafting.themes import theme_map
from assistant.search.scope import record_mask
from tests.support.desks import a_desk
from tests.support.search_corpus import a_record


@pytest.mark.parametrize(
    ("verb", "noun"),
    [
        ("export", "exporting"),
        ("use", "using"),
        ("get", "getting"),
        ("plan", "planning"),
        ("see", "seeing"),
        ("tie", "tying"),
        ("open", "opening"),
        ("share", "sharing"),
        ("agree", "agreeing"),
        ("run", "running"),
        ("sort", "sorting"),
        ("edit", "editing"),
        ("view", "viewing"),
    ],
)
def test_a_verb_becomes_a_noun(verb: str, noun: str) -> None:
    assert gerund(verb) == noun


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("export my board", "export their board"),
        ("I can see what we did", "they can see what they did"),
        ("send me our list", "send them their list"),
        ("Export the board", "Export the board"),
        ("{F3} cards", "{F3} cards"),
        ("", ""),
    ],
)
def test_the_first_person_becomes_the_third(said: str, told: str) -> None:
    assert third_person(said) == told


@pytest.mark.parametrize(
    ("noun", "told"), [("admin", "an admin"), ("team lead", "a team lead"), ("Engineer", "an Engineer")]
)
def test_a_noun_gets_its_article(noun: str, told: str) -> None:
    assert article(noun) == told


WISHES = [
    "I wish I could export the whole board to a spreadsheet.",
    "We need to export the whole board to a spreadsheet every week.",
    "Please let us export the whole board to a spreadsheet, so that I can plan the week.",
    "I can't export the whole board to a spreadsheet, I have to copy it by hand.",
]


def _stories(folder: Path, texts: list[str], limit: int = 10):  # type: ignore[no-untyped-def]
    desk = a_desk(folder, [a_record(text, key=str(n), author=f"p{n}") for n, text in enumerate(texts)])
    mask = record_mask(desk.reader.matrix, desk.book.scope)
    groups = theme_map(desk.reader, mask, COARSE).groups
    return desk, write_stories(desk, [profile(desk, groups, "export")], limit) if groups else []


def test_a_story_rests_on_the_words_of_those_who_wish(tmp_path: Path) -> None:
    desk, written = _stories(tmp_path, WISHES * 2)
    assert written
    story, seed = written[0]
    assert story.id == "US-1"
    assert seed.people >= TOO_FEW
    assert story.want.startswith("to ")
    assert "export the whole board" in story.want
    (claim_id,) = story.claim_ids
    claim = desk.claims[claim_id]
    assert claim.quote_ids
    assert any("export the whole board" in desk.quotes[name].text for name in claim.quote_ids)


def test_every_story_has_a_happy_and_a_failure_path(tmp_path: Path) -> None:
    _, written = _stories(tmp_path, WISHES * 2)
    assert written
    for story, _ in written:
        assert {criterion.path for criterion in story.criteria} == {"happy", "failure"}


def test_no_story_states_a_number_that_is_not_a_fact(tmp_path: Path) -> None:
    texts = [
        f"I need to export {n} cards to a spreadsheet, it took 3 hours and failed." for n in range(200, 212)
    ]
    desk, written = _stories(tmp_path, texts)
    assert written
    for story, _ in written:
        for text in (story.title, story.want, story.benefit, story.role):
            assert stated_quantities(PLACEHOLDER.sub(" ", text)) == [], text
            assert set(PLACEHOLDER.findall(text)) <= {*desk.book.facts, *desk.quotes}


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_people_give_no_story(tmp_path: Path, count: int) -> None:
    _, written = _stories(tmp_path, WISHES[:count])
    assert written == []


def test_no_more_stories_than_asked_for(tmp_path: Path) -> None:
    _, written = _stories(tmp_path, WISHES * 3, limit=1)
    assert len(written) == 1
