"""Uploaded files: their names, their folder, their end."""

import io
from pathlib import Path

import pytest

from api.uploads import forget, keep, mapping_from, safe_name, sweep
from assistant.errors import UsageError
from assistant.jobs.dbos_jobs import DbosJobs


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("reviews.csv", "reviews.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\a b.xlsx", "a b.xlsx"),
        ("a\0b\r\n.csv", "ab.csv"),
        ("..", "upload"),
        ("", "upload"),
        (".env", "env"),
        ("日本語.json", "日本語.json"),
        ("x/", "upload"),
    ],
)
def test_only_a_plain_name_reaches_the_disk(given: str, kept: str) -> None:
    assert safe_name(given) == kept


@pytest.mark.parametrize("name", ["ü" * 300 + ".csv", "a." + "b" * 300, "😀" * 200, "." * 300])
def test_a_long_name_is_cut_to_what_file_systems_take(name: str) -> None:
    assert 0 < len(safe_name(name).encode()) <= 140


def test_files_of_one_name_are_kept_apart_and_forgotten_together(tmp_path: Path) -> None:
    upload = keep(tmp_path, "acme", [("a.csv", io.BytesIO(b"1")), ("a.csv", io.BytesIO(b"2"))])
    assert [path.name for path in upload.paths] == ["a.csv", "a.csv"]
    assert [path.read_bytes() for path in upload.paths] == [b"1", b"2"]
    forget(upload.paths)
    assert list((tmp_path / "uploads" / "acme").iterdir()) == []


def test_a_place_on_disk_is_told_by_content_and_folder_in_any_order(tmp_path: Path) -> None:
    files = [("jan/a.csv", b"1"), ("C:\\x\\..\\feb\\a.csv", b"2"), ("../../a.csv", b"3")]
    places = []
    for order in (files, files[::-1]):
        upload = keep(tmp_path, "acme", [(name, io.BytesIO(content)) for name, content in order])
        inside = tmp_path / "uploads" / "acme" / upload.key
        places.append({path.relative_to(inside).as_posix() for path in upload.paths})
        assert [path.read_bytes() for path in upload.paths] == [content for _, content in order]
        forget(upload.paths)
        assert not inside.exists()
    assert places[0] == places[1]
    assert {place.partition("/")[2] for place in places[0]} == {"jan/a.csv", "x/feb/a.csv", "a.csv"}


def test_the_fingerprint_is_that_of_names_and_contents(tmp_path: Path) -> None:
    def of(name: str, content: bytes) -> str:
        return keep(tmp_path, "acme", [(name, io.BytesIO(content))]).fingerprint

    assert of("a.csv", b"1") == of("a.csv", b"1")
    assert len({of("a.csv", b"1"), of("a.csv", b"2"), of("b.csv", b"1")}) == 3


def test_a_start_removes_what_no_job_waits_for(tmp_path: Path) -> None:
    jobs = DbosJobs(tmp_path)
    waits = keep(tmp_path, "acme", [("a.csv", io.BytesIO(b"1"))])
    jobs.submit("acme", "ingest", {}, key=waits.key)
    over = keep(tmp_path, "acme", [("b.csv", io.BytesIO(b"2"))])
    jobs.cancel("acme", jobs.submit("acme", "ingest", {}, key=over.key).id)
    never = keep(tmp_path, "acme", [("c.csv", io.BytesIO(b"3"))])
    arrived = never.paths[0].stat().st_mtime
    sweep(tmp_path, jobs, clock=lambda: arrived + 60)
    assert [upload.paths[0].exists() for upload in (waits, over, never)] == [True, False, True]
    sweep(tmp_path, jobs, clock=lambda: arrived + 7200)
    assert [upload.paths[0].exists() for upload in (waits, over, never)] == [True, False, False]
    jobs.close()


def test_mappings_are_field_and_column() -> None:
    assert mapping_from(["text=Comment", "segment.plan = Plan=Name"]) == {
        "text": "Comment",
        "segment.plan": "Plan=Name",
    }
    with pytest.raises(UsageError):
        mapping_from(["text"])
