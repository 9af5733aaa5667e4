"""Alike texts are one theme whatever their order; a brief finds its own, and a brief about nothing finds none."""

import random
from pathlib import Path

import numpy as np
import pytest

from assistant.domain.record import Record
from assistant.drafting.desk import Desk
from assistant.drafting.needs import COARSE, Landscape, survey
from assistant.drafting.themes import Group, Space, theme_map, unit
from tests.support.desks import a_desk, three_topics
from tests.support.search_corpus import a_record


def _everyone(desk: Desk) -> np.ndarray:
    return np.ones(len(desk.reader.matrix.rows.record_ids), dtype=np.bool_)


def _groups(desk: Desk) -> tuple[Group, ...]:
    return theme_map(desk.reader, _everyone(desk), COARSE).groups


def _survey(desk: Desk, question: str) -> Landscape:
    return survey(desk.reader.bench, desk.reader, question, _everyone(desk))


def _topics(desk: Desk, group: Group) -> set[str]:
    return {(saying.external_id or "").split("-")[0] for saying in _records(desk, group)}


def _records(desk: Desk, group: Group) -> list[Record]:
    return [desk.reader.record(int(desk.reader.matrix.passage_record[row])) for row in group.passages]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return a_desk(tmp_path_factory.mktemp("topics"), three_topics())


def test_alike_texts_are_grouped_and_different_ones_are_not(desk: Desk) -> None:
    groups = _groups(desk)
    assert len(groups) == 3
    assert sorted(topic for group in groups for topic in _topics(desk, group)) == [
        "calendar",
        "export",
        "login",
    ]


def test_a_passage_is_in_one_group_at_most_and_the_central_ones_come_first(desk: Desk) -> None:
    groups = _groups(desk)
    rows = [row for group in groups for row in group.passages.tolist()]
    assert len(rows) == len(set(rows))
    assert [len(group.passages) for group in groups] == sorted(
        (len(g.passages) for g in groups), reverse=True
    )
    for group in groups:
        assert sorted(group.central) == group.passages.tolist() == sorted(group.passages.tolist())


def test_a_theme_is_named_by_words_that_its_members_say(desk: Desk) -> None:
    for group in _groups(desk):
        texts = " ".join(record.raw.casefold() for record in _records(desk, group))
        assert group.label
        assert all(word in texts for word in group.label.replace("/", " ").split())
        assert all(word in texts for word in group.keywords)
        (topic,) = _topics(desk, group)
        assert topic in " ".join([group.label, *group.keywords])


def test_the_order_of_arrival_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    shuffled = three_topics()
    random.Random(5).shuffle(shuffled)
    other = a_desk(tmp_path, shuffled)
    for one, two in zip(_groups(desk), _groups(other), strict=True):
        assert one.passages.tolist() == two.passages.tolist()
        assert (one.central, one.keywords, one.label, one.told) == (
            two.central,
            two.keywords,
            two.label,
            two.told,
        )
    brief = "export of the board to PDF"
    assert _survey(desk, brief).retrieved == _survey(other, brief).retrieved


def test_a_brief_finds_its_own_theme(desk: Desk) -> None:
    found = _survey(desk, "export of the board to PDF")
    assert found.groups
    assert set.union(*(_topics(desk, group) for group in found.groups)) == {"export"}
    assert sum(len(group.passages) for group in found.groups) >= 25
    assert set(found.retrieved[:20]) <= {record_id + ".0" for record_id in _ids(desk, "export")}


def _ids(desk: Desk, topic: str) -> list[str]:
    rows = range(len(desk.reader.matrix.rows.record_ids))
    return [record.id for row in rows if (record := desk.reader.record(row)).external_id.startswith(topic)]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "question", ["blockchain tokens for invoices", "?", "…", "zzz qqq", "量子コンピュータ"]
)
def test_a_brief_about_nothing_finds_nothing(desk: Desk, question: str) -> None:
    found = _survey(desk, question)
    assert (found.groups, found.retrieved) == ((), ())


@pytest.mark.parametrize("question", ["", "   ", "\n"])
def test_no_brief_is_about_everything(desk: Desk, question: str) -> None:
    found = _survey(desk, question)
    assert len(found.groups) == 3
    assert found.beside == ()
    assert len(found.retrieved) == len(set(found.retrieved)) > 0


def test_a_group_outside_of_the_mask_is_not_seen(desk: Desk) -> None:
    mask = np.array(
        [desk.reader.record(row).external_id.startswith("login") for row in range(len(_everyone(desk)))]
    )  # type: ignore[union-attr]
    groups = theme_map(desk.reader, mask, COARSE).groups
    assert {topic for group in groups for topic in _topics(desk, group)} == {"login"}
    none = np.zeros_like(mask)
    assert theme_map(desk.reader, none, COARSE).groups == ()
    assert survey(desk.reader.bench, desk.reader, "login", none).groups == ()


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
def test_a_handful_of_records_is_enough_to_look_at(tmp_path: Path, count: int) -> None:
    desk = a_desk(tmp_path, three_topics(each=5)[:count])
    groups = _groups(desk)
    assert sum(len(group.passages) for group in groups) <= count
    assert bool(groups) == bool(count)
    assert all(group.label for group in groups)
    assert len(_survey(desk, "board export to PDF").groups) == min(1, count)


def test_one_and_the_same_text_many_times_is_one_group(tmp_path: Path) -> None:
    desk = a_desk(tmp_path, [a_record("The export is blank.", key=str(n), author=f"a{n}") for n in range(40)])
    (group,) = _groups(desk)
    assert len(group.passages) == 40
    assert _survey(desk, "The export is blank.").groups


def test_texts_without_a_word_do_no_harm(tmp_path: Path) -> None:
    desk = a_desk(
        tmp_path, [a_record(text, key=text) for text in ("!!!", "👍", "...", "5/5", "?", "。", "-", "1")]
    )
    assert all(group.label for group in _groups(desk))
    assert _survey(desk, "export").groups == ()


def test_a_space_compares_rows_the_same_whatever_it_is_asked_for(desk: Desk) -> None:
    passages = np.arange(len(desk.reader.matrix.rows.passage_ids))
    space = Space(passages, desk.reader.matrix.unit_rows(passages))
    rows = space.rows(np.array([4, 0]))
    assert np.allclose(np.sqrt((rows**2).sum(axis=1)), 1.0, atol=1e-4)
    assert np.allclose(space.toward(rows[0]), space.rows(passages) @ rows[0], atol=1e-3)
    assert float(space.toward(unit(rows[0]))[4]) == pytest.approx(1.0, abs=1e-3)
    assert unit(np.zeros(3)).tolist() == [0.0, 0.0, 0.0]
