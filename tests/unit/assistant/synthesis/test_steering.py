"""Themes that grow, are clustered anew and are steered, over a real catalog."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from assistant.domain.theme import Theme, ThemeSet
from assistant.domain.theme_edit import EditAction, EditPreview, Outcome
from assistant.errors import NotFound, UsageError
from assistant.synthesis.ask_edit import EditRequest
from assistant.synthesis.history import history_of
from assistant.synthesis.pipeline import synthesize, themes_of
from assistant.synthesis.steering import edits_of, steer, undo
from assistant.workbench import Workbench
from ingest.options import IngestOptions
from ingest.pipeline import ingest
from tests.support.ingest_bench import open_bench

SUBJECTS = {
    "export": "Export of large boards fails",
    "dark": "Please add dark mode evening",
    "late": "Reminders arrive hours late",
    "search": "Searching archived cards is slow",
}
WORDS = ("always", "today", "again", "here", "since", "really", "often", "badly")


def said(subject: str, count: int, first: int = 0) -> list[tuple[str, str]]:
    return [
        (f"{subject}{number}", f"{SUBJECTS[subject]} {WORDS[number % 8]}.")
        for number in range(first, first + count)
    ]


OLD = [*said("export", 8), *said("dark", 6), *said("late", 5)]
NEW = [*said("export", 2, 8), *said("search", 5)]


def bring(bench: Workbench, rows: list[tuple[str, str]]) -> None:
    path = bench.settings.home / "said.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "author", "text"), *((f"{who}", who, text) for who, text in rows)])
    mapping = {"external_id": "id", "author": "author", "text": "text"}
    ingest(bench, [path], IngestOptions(source="said", mapping=mapping))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    with open_bench(tmp_path) as bench:
        bring(bench, OLD)
        synthesize(bench)
        yield bench


def now(bench: Workbench) -> ThemeSet:
    themes = themes_of(bench)
    assert themes is not None
    return themes


def about(bench: Workbench, subject: str) -> Theme:
    """The theme that most of the statements of a subject are in."""
    rows, record = (
        bench.catalog.statements.rows("default", bench.embedder.identity),
        record_of(bench, subject),
    )
    place = rows.record_ids.index(record)
    theme = rows.theme_ids[rows.theme[rows.record == place][0]]
    return next(one for one in now(bench).themes if one.id == theme)


def record_of(bench: Workbench, subject: str, number: int = 0) -> str:
    return next(
        one.id
        for one in bench.catalog.pages.page("default", None, 99)
        if one.external_id == f"{subject}{number}"
    )


def edit(bench: Workbench, action: str, *, dry_run: bool = False, **values: object) -> EditPreview:
    asked = EditRequest.model_validate({"action": EditAction(action), **values})
    return steer(bench, asked, by="me", dry_run=dry_run)


def placed(bench: Workbench) -> dict[str, str]:
    """Record and ordinal of each statement → its theme."""
    rows = bench.catalog.statements.rows("default", bench.embedder.identity)
    return {
        f"{rows.record_ids[record]} {start}": rows.theme_ids[theme]
        for record, start, theme in zip(rows.record, rows.start, rows.theme, strict=True)
    }


def test_a_later_run_moves_nothing_and_finds_what_is_new(bench: Workbench) -> None:
    before, themes = placed(bench), now(bench)
    bring(bench, NEW)
    assert now(bench).waiting > 0
    grown = synthesize(bench)
    assert grown.run.how == "grown"
    assert (grown.waiting, grown.changes.moved) == (0, 0)
    assert {key: theme for key, theme in placed(bench).items() if key in before} == before
    assert {one.id for one in themes.themes} <= {one.id for one in grown.themes}
    assert about(bench, "search").id in {one.id for one in grown.changes.born}
    assert about(bench, "export").statements == 10


def test_a_changed_record_is_assigned_like_a_new_one(bench: Workbench) -> None:
    bring(bench, [("export0", "Reminders arrive hours late whenever.")])
    synthesize(bench)
    assert about(bench, "export").id == about(bench, "late").id


def test_a_run_without_anything_new_changes_no_byte(bench: Workbench) -> None:
    before, state = now(bench).model_dump_json(), bench.catalog.themes.state("default")
    assert synthesize(bench).model_dump_json() == before
    assert bench.catalog.themes.state("default") == state


def test_the_order_in_which_new_records_come_leaves_no_trace(tmp_path: Path) -> None:
    told = []
    for name, old, new in (("one", OLD, NEW), ("other", OLD[::-1], NEW[::-1])):
        with open_bench(tmp_path / name) as bench:
            bring(bench, old)
            synthesize(bench)
            edit(bench, "rename", theme=about(bench, "late").id, name="Late")
            edit(bench, "track", phrase="evening")
            bring(bench, new)
            synthesize(bench)
            told.append(synthesize(bench, afresh=True).model_dump_json())
    assert told[0] == told[1]


def test_a_preview_changes_nothing_and_the_edit_does_what_it_showed(bench: Workbench) -> None:
    export, late = about(bench, "export"), about(bench, "late")
    before = now(bench).model_dump_json()
    shown = edit(bench, "merge", theme=export.id, others=(late.id,), dry_run=True)
    assert (shown.applied, shown.statements) == (False, 5)
    assert now(bench).model_dump_json() == before
    assert edits_of(bench) == []
    done = edit(bench, "merge", theme=export.id, others=(late.id,))
    assert done.model_copy(update={"applied": False, "logged": shown.logged}) == shown
    first = next(one for one in done.themes if one.id == export.id)
    assert first.before is not None
    assert first.after is not None
    assert (first.before.statements, first.after.statements) == (8, 13)
    assert all("Reminders" in one.text for one in first.quotes)
    assert about(bench, "late").id == export.id
    assert about(bench, "late").statements == first.after.statements


@pytest.mark.parametrize(
    ("action", "values"),
    [
        ("rename", {"theme": "export", "name": "Exports fail"}),
        ("merge", {"theme": "export", "others": ("late",)}),
        ("split", {"theme": "export"}),
        ("move", {"theme": "record", "to": "late"}),
        ("exclude", {"author": "export0"}),
        ("track", {"phrase": "evening mode", "near": 0.3}),
    ],
)
def test_an_edit_holds_in_later_runs_and_undone_it_leaves_no_trace(
    bench: Workbench, action: str, values: dict[str, object]
) -> None:
    known = {"export": about(bench, "export").id, "late": about(bench, "late").id}
    known["record"] = record_of(bench, "export")
    ids = {
        key: tuple(known[one] for one in value) if isinstance(value, tuple) else known.get(str(value), value)
        for key, value in values.items()
    } | ({"author": "export0"} if action == "exclude" else {})
    before, was = now(bench).model_dump_json(), placed(bench)
    edit(bench, action, **ids)
    edited, held = now(bench), placed(bench)
    assert edited.model_dump_json() != before
    for again in (synthesize(bench), synthesize(bench, afresh=True)):
        assert again.themes == edited.themes
        assert placed(bench) == held
    undo(bench, 1)
    assert now(bench).model_copy(update={"changes": edited.changes}).model_dump_json() == before
    assert placed(bench) == was
    undo(bench, 1, redo=True)
    assert now(bench).themes == edited.themes


def test_the_excluded_are_counted_nowhere(bench: Workbench) -> None:
    before = now(bench)
    edit(bench, "exclude", author="export0")
    after = now(bench)
    assert (after.people, after.statements, after.waiting) == (before.people - 1, before.statements - 1, 0)
    assert about(bench, "export").people == 7


def test_a_pinned_record_stays_where_clustering_would_not_have_it(bench: Workbench) -> None:
    record, late = record_of(bench, "export"), about(bench, "late").id
    edit(bench, "pin", theme=record, to=late)
    synthesize(bench, afresh=True)
    assert about(bench, "export").id == late


def test_an_edit_whose_record_left_is_told_and_holds_again_when_it_is_back(bench: Workbench) -> None:
    record, late = record_of(bench, "export"), about(bench, "late").id
    edit(bench, "pin", theme=record, to=late)
    bench.catalog.tombstones.bury("default", [record], datetime(2026, 2, 3, tzinfo=UTC))
    bring(bench, NEW)
    assert synthesize(bench).changes.lost_edits == (1,)
    assert [one.outcome for _, one in edits_of(bench) if one] == [Outcome.lost]
    bring(bench, OLD[:1])
    assert synthesize(bench).changes.lost_edits == ()
    assert about(bench, "export").id == late


def test_who_reads_beside_an_edit_sees_all_of_it_or_nothing(bench: Workbench) -> None:
    export, late = about(bench, "export"), about(bench, "late")
    edit(bench, "merge", theme=export.id, others=(late.id,))
    whole = {(13, None), (8, 5)}

    def toggle() -> None:
        with open_bench(bench.settings.home) as other:
            for number in range(12):
                undo(other, 1, redo=number % 2 == 1)

    writer = Thread(target=toggle)
    writer.start()
    while writer.is_alive():
        held = {one.id: one.statements for one in now(bench).themes}
        assert (held[export.id], held.get(late.id)) in whole
    writer.join()
    assert now(bench).themes == show_of(bench)


def show_of(bench: Workbench) -> tuple[Theme, ...]:
    shown = bench.catalog.themes.shown("default")
    assert shown is not None
    return shown.themes


def test_what_cannot_be_done_is_refused_and_nothing_is_kept(bench: Workbench) -> None:
    export = about(bench, "export")
    area = next(one for one in now(bench).themes if one.id == export.parent)
    record = record_of(bench, "export")
    refused: list[tuple[type[Exception], str, dict[str, object]]] = [
        (NotFound, "no theme 'nothing'", {"action": "rename", "theme": "nothing", "name": "x"}),
        (UsageError, "called nothing", {"action": "rename", "theme": export.id, "name": " "}),
        (UsageError, "at most 120", {"action": "rename", "theme": export.id, "name": "x" * 121}),
        (UsageError, "with itself", {"action": "merge", "theme": export.id, "others": (export.id,)}),
        (UsageError, "only like ones", {"action": "merge", "theme": export.id, "others": (area.id,)}),
        (UsageError, "is an area", {"action": "split", "theme": area.id}),
        (UsageError, "too few", {"action": "split", "theme": export.id, "parts": 9}),
        (UsageError, "can't hang under", {"action": "move", "theme": export.id, "to": export.id}),
        (UsageError, "already", {"action": "move", "theme": export.id, "to": area.id}),
        (UsageError, "already", {"action": "move", "theme": record, "to": export.id}),
        (NotFound, "no customer record", {"action": "pin", "theme": "rec_none"}),
        (NotFound, "no statement '7'", {"action": "pin", "theme": f"{record}:7"}),
        (NotFound, "Nobody named 'zoe'", {"action": "exclude", "author": "zoe"}),
        (UsageError, "Say what to track", {"action": "track", "phrase": " "}),
    ]
    for kind, told, values in refused:
        with pytest.raises(kind, match=told):
            edit(bench, **values)  # type: ignore[arg-type]
    with pytest.raises(NotFound, match="no edit 1"):
        undo(bench, 1)
    assert edits_of(bench) == []


def test_the_same_twice_is_refused(bench: Workbench) -> None:
    edit(bench, "rename", theme=about(bench, "late").id, name="Late")
    edit(bench, "exclude", author="dark1")
    edit(bench, "track", phrase="evening")
    for again in (
        {"action": "rename", "theme": "Late", "name": "Late"},
        {"action": "exclude", "author": "Dark1"},
        {"action": "track", "phrase": "evening"},
    ):
        with pytest.raises(UsageError, match="already"):
            edit(bench, **again)  # type: ignore[arg-type]
    undo(bench, 2)
    with pytest.raises(UsageError, match="undone already"):
        undo(bench, 2)
    with pytest.raises(UsageError, match="in force already"):
        undo(bench, 1, redo=True)


def test_before_the_first_run_there_is_nothing_to_steer(tmp_path: Path) -> None:
    with open_bench(tmp_path / "empty") as bench:
        bring(bench, OLD)
        with pytest.raises(UsageError, match="no themes yet"):
            edit(bench, "track", phrase="evening")


def test_the_lineage_of_a_theme_tells_runs_and_edits_in_force(bench: Workbench) -> None:
    late, export = about(bench, "late").id, about(bench, "export").id
    edit(bench, "rename", theme=late, name="Late")
    edit(bench, "merge", theme=late, others=(export,))
    bring(bench, NEW)
    synthesize(bench)
    state = bench.catalog.themes.state("default")
    assert state is not None

    def told(theme: str) -> list[tuple[str, int | None]]:
        log = bench.catalog.themes.edits("default")
        return [(one.kind.value, one.edit) for one in history_of(theme, state, log)]

    assert told(about(bench, "search").id) == [("born", None)]
    assert told(late) == [("renamed", 1), ("merged", 2)]
    undo(bench, 2)
    assert (told(late), told(export)) == ([("renamed", 1)], [])
