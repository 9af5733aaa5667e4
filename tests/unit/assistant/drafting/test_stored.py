"""With stored themes, the insight summary is about them; without, or with a brief, it is as it was."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from assistant.domain.draft import Draft
from assistant.domain.evidence import Scope
from assistant.domain.request import DraftRequest
from assistant.drafting.formats.tree import plain
from assistant.drafting.pipeline import draft
from assistant.drafting.stored import stored_themes
from assistant.search.matrix import matrix_of
from assistant.synthesis.pipeline import synthesize
from assistant.workbench import Workbench
from evals.check import check
from tests.support.desks import three_topics
from tests.support.search_corpus import a_bench, a_record, add_records

EMPTY = Scope()


def summary(bench: Workbench, brief: str = "", scope: Scope = EMPTY) -> Draft:
    return draft(bench, DraftRequest(kind="insight_summary", brief=brief, scope=scope))


def told(written: Draft, section: str) -> str:
    names = [
        name
        for one in written.sections
        if one.id == section
        for block in one.blocks
        for name in getattr(block, "claim_ids", ())
    ]
    return " ".join(plain(written, written.claims[name].text) for name in names)


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    said = datetime(2026, 1, 7, tzinfo=UTC)
    mixed = [
        a_record(
            f"The {place} desk is lovely. The board export to PDF ends blank for {place}.",
            key=f"mixed-{place}", author=f"mixed {place}", said_at=said,
        )
        for place in ("north", "south", "east", "west")
    ]  # fmt: skip
    return a_bench(tmp_path, [*three_topics(12), *mixed])


def test_without_themes_or_with_a_brief_nothing_changes(bench: Workbench) -> None:
    before = summary(bench), summary(bench, "export of the board")
    synthesize(bench)
    after = summary(bench), summary(bench, "export of the board")

    assert before[1].model_dump_json() == after[1].model_dump_json()
    assert "themes" not in before[0].provenance.parameters
    assert "themes" in after[0].provenance.parameters
    assert before[0].id != after[0].id


def test_the_findings_are_themes_and_pass_every_check(bench: Workbench) -> None:
    synthesize(bench)
    written = summary(bench)

    assert check(bench, written).findings == ()
    rules = [one.rule for one in written.selections.values()]
    assert any(rule.startswith("records with a statement in the theme «") for rule in rules)
    assert written == summary(bench)


def test_a_theme_quotes_and_counts_its_own_statements_not_what_stands_beside_them(bench: Workbench) -> None:
    synthesize(bench)
    matrix = matrix_of(bench)
    found = stored_themes(bench, np.ones(len(matrix.rows.record_ids), dtype=bool))
    assert found is not None
    for group in found.landscape.groups:
        texts = [one.text for one in found.reader.read(list(group.central))]
        assert not any("lovely" in text and "export" in text for text in texts)
        for one in found.reader.read(list(group.central)):
            for sentence in one.sentences:
                assert found.reader.record(sentence.row).raw[sentence.start : sentence.end] == sentence.text


def test_passages_can_still_be_read(bench: Workbench) -> None:
    synthesize(bench)
    found = stored_themes(bench, np.ones(len(matrix_of(bench).rows.record_ids), dtype=bool))
    assert found is not None
    assert len(found.reader.hear(np.array([0, 1]))) == 2
    assert found.reader.read([0])[0].passage == 0
    assert found.reader.unit_rows(np.array([0])).shape == (1, 64)
    assert len(found.reader.hear(np.array([], dtype=np.int64))) == 0


def test_a_scope_that_holds_nothing_of_a_theme_leaves_it_out(bench: Workbench) -> None:
    synthesize(bench)

    assert stored_themes(bench, np.zeros(len(matrix_of(bench).rows.record_ids), dtype=bool)) is None
    assert not summary(bench, scope=Scope(sources=("nowhere",))).provenance.parameters["enough_evidence"]


def test_what_came_in_since_is_told_and_so_is_what_lacks_a_date_or_a_name(bench: Workbench) -> None:
    synthesize(bench)
    later = [a_record(f"Something else altogether, number {one}.", key=f"late {one}") for one in "abc"]
    add_records(bench.catalog, bench.embedder, later)
    written = summary(bench)

    text = told(written, "silence")
    assert "came in after the themes were found, and are in none: 3." in text
    assert "have no date, and don't count in what changed: 3." in text
    assert "name no author, and are not counted as people: 3." in text
    assert check(bench, written).findings == ()


def test_without_any_run_there_are_no_stored_themes(bench: Workbench) -> None:
    assert stored_themes(bench, np.ones(len(matrix_of(bench).rows.record_ids), dtype=bool)) is None
