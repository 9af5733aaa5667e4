"""Logs go to stderr, say their room, and hold no more than they are given."""

import io
import json
import sys
from collections.abc import Iterator

import pytest
import structlog

from assistant.telemetry import configure_logs, get_logger


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def test_logs_are_on_stderr_and_stdout_stays_clean(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    get_logger("stores").warning("The index is behind.", passages=3)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "The index is behind." in captured.err
    assert "stores" in captured.err


def test_only_warnings_are_shown_unless_more_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    get_logger("stores").info("quiet")
    assert capsys.readouterr().err == ""
    configure_logs(verbose=True)
    get_logger("stores").info("loud")
    assert "loud" in capsys.readouterr().err


def test_logs_as_json_are_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(as_json=True)
    get_logger("jobs").error("It\nbroke.", job="j1")
    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["event"], told["room"], told["job"], told["level"]) == ("It\nbroke.", "jobs", "j1", "error")
    assert set(told) == {"event", "room", "job", "level", "timestamp"}


def test_logs_outlive_the_stderr_they_were_configured_under(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", first)
    configure_logs()
    log = get_logger("stores")
    first.close()
    monkeypatch.setattr(sys, "stderr", second)
    log.warning("The index is behind.")
    assert "The index is behind." in second.getvalue()
