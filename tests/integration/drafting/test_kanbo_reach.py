"""The duplicates that the Kanbo sample plants are in the ledger, and nobody is lost to it."""

import pytest

from tests.support.kanbo_workspace import Kanbo

pytestmark = pytest.mark.slow  # Embeds two thousand records once.


def _pairs(kanbo: Kanbo, attribute: str) -> list[tuple[str, str]]:
    """(record id, record id of what it repeats), as far as the file gives ids to both."""
    by_key = {row.key: record.id for record in kanbo.records() if (row := kanbo.truth_of(record)) is not None}
    pairs = [(row.key, getattr(row, attribute)) for row in kanbo.truth.rows if getattr(row, attribute)]
    return [(by_key[one], by_key[other]) for one, other in pairs if one in by_key and other in by_key]


def test_every_planted_exact_duplicate_is_one_voice_with_its_original(kanbo: Kanbo) -> None:
    rows = kanbo.bench.corpus()
    voice = dict(zip(rows.record_ids, rows.voice, strict=True))
    pairs = _pairs(kanbo, "duplicate_of")
    assert len(pairs) >= 60
    assert [pair for pair in pairs if voice[pair[0]] != voice[pair[1]]] == []


def test_no_exact_link_is_made_up(kanbo: Kanbo) -> None:
    text = {record.id: " ".join(record.raw.casefold().split()) for record in kanbo.records()}
    exact = [one for one in kanbo.bench.catalog.twins.links("default") if one.rule == "exact"]
    assert len(exact) >= 60
    assert all(text[one.record_id] == text[one.first_id] for one in exact)


def test_planted_edits_are_in_the_group_of_their_original(kanbo: Kanbo) -> None:
    links = {one.record_id: one.first_id for one in kanbo.bench.catalog.twins.links("default")}
    pairs = _pairs(kanbo, "near_of")
    assert len(pairs) >= 40
    together = sum(one in links and links[one] == links.get(other) for one, other in pairs)
    assert together / len(pairs) >= 0.8


def test_people_who_say_the_same_stay_people(kanbo: Kanbo) -> None:
    rows = kanbo.bench.corpus()
    assert rows.person == rows.authors, "the sample writes nobody under two names"
    groups: dict[str, set[str | None]] = {}
    for voice, person in zip(rows.voice, rows.person, strict=True):
        groups.setdefault(voice, set()).add(person)
    assert all(len(people) == 1 for people in groups.values())
