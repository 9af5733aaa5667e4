"""What the doctor sees without opening anything."""

from pathlib import Path

from api.cli import doctor


def test_this_interpreter_and_these_packages_are_fine() -> None:
    assert doctor.python().status == "ok"
    assert doctor.packages().status == "ok"
    assert "chromadb" in doctor.packages().detail


def test_a_home_that_is_not_there_yet_can_be_made(tmp_path: Path) -> None:
    found = doctor.home(tmp_path / "a" / "b")
    assert found.status == "ok"
    assert "not there yet" in found.detail
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_of_the_home_is_a_failure_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    found = doctor.home(tmp_path / "file" / "home")
    assert found.status == "fail"
    assert found.hint
