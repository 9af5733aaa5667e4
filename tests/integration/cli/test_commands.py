"""The commands together, on real files, through the real entry point."""

import csv
import json
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import VOXSPEC, CommandLine

ODD = "日本語のボードが書き出せません。😀\r\n  שלום עולם — e\u0301xport, “quoted”\tand a tab  "
"""CJK, emoji, CRLF, right-to-left, a combining accent, quotes, a tab, white space at the end."""
TEXTS = [
    "I can't work offline in the basement, please add an offline mode.",
    "Every time the network drops the app loses my offline notes.",
    "I need to read my tasks offline on the train.",
    "Please let our technicians work offline on the road.",
    "Losing offline changes costs my crew an hour every evening.",
    "I wish I could tick off tasks offline in plant rooms.",
    "The new calendar view is lovely and fast.",
    "The export of my board ends with an empty file.",
    ODD,
]


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """A workspace with a few imported rows."""
    folder = tmp_path_factory.mktemp("cli")
    write_rows(folder / "notes.csv", TEXTS)
    shell = CommandLine(folder, folder / "home")
    shell.run("ingest", "notes.csv", expect=0)
    return shell


@pytest.fixture(scope="module")
def draft(shell: CommandLine) -> dict[str, Any]:
    """A draft of user stories, also written to files."""
    outs = [part for form in ("md", "json", "html", "docx") for part in ("--out", f"draft.{form}")]
    return answer_of(shell, "draft", "user_stories", "work offline", *outs)


def write_rows(path: Path, texts: list[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["id", "author", "comment"])
        rows.writerows([number, f"Person {number}", text] for number, text in enumerate(texts, 1))


def answer_of(shell: CommandLine, *arguments: str, expect: int = 0) -> dict[str, Any]:
    """The one JSON object on stdout."""
    answer = json.loads(shell.run(*arguments, "--json", expect=expect).stdout)
    assert isinstance(answer, dict)
    return answer


def test_every_row_is_accounted_for_and_a_second_run_adds_nothing(shell: CommandLine) -> None:
    answer = answer_of(shell, "ingest", "notes.csv")
    file = answer["files"][0]
    assert answer["records"] == 0
    assert len(answer_of(shell, "export")["records"]) == len(TEXTS)
    assert file["rows"] == len(TEXTS)
    assert file["kept"] + file["duplicate"] + file["empty"] + file["rejected"] == file["rows"]


def test_a_dry_run_shows_the_columns_and_changes_nothing(shell: CommandLine) -> None:
    answer = answer_of(shell, "ingest", "notes.csv", "--dry-run", "-w", "untouched")
    assert answer["files"][0]["mapping"]["text"] == "comment"
    assert answer_of(shell, "export", "-w", "untouched") == {"records": []}


@pytest.mark.parametrize("pair", ["comment", "=comment", "body=comment", "segment.=plan"])
def test_a_mapping_that_cannot_be_used_is_refused_with_the_fields_there_are(
    shell: CommandLine, pair: str
) -> None:
    done = shell.run("ingest", "notes.csv", "--map", pair, expect=2)
    assert b"external_id" in done.stderr
    assert done.stdout == b""


def test_a_refused_file_fails_the_command(shell: CommandLine) -> None:
    (shell.folder / "empty.csv").write_bytes(b"")
    done = shell.run("ingest", "empty.csv", expect=2)
    assert b"hint: " in done.stderr
    answer_of(shell, "ingest", "notes.csv", "empty.csv", expect=2)
    assert b"no file" in shell.run("ingest", "missing.csv", expect=2).stderr


def test_a_record_is_printed_byte_for_byte(shell: CommandLine) -> None:
    records = answer_of(shell, "export")["records"]
    odd = next(one for one in records if one["raw"].startswith("日本語"))
    assert odd["raw"] == ODD
    assert shell.spawn("record", odd["id"], expect=0).stdout == ODD.encode()
    counted = odd.pop("counted")
    assert counted == {name: odd[name] for name in ("voice", "person", "account")}
    assert answer_of(shell, "record", odd["id"]) == odd


def test_found_quotes_are_verbatim(shell: CommandLine) -> None:
    raw = {one["id"]: one["raw"] for one in answer_of(shell, "export")["records"]}
    hits = answer_of(shell, "search", "working without a network", "--limit", "3")["hits"]
    assert 0 < len(hits) <= 3
    for hit in hits:
        quote = hit["quote"]
        assert raw[hit["record_id"]][quote["start"] : quote["end"]] == quote["text"]


def test_a_wrong_filter_is_a_usage_error(shell: CommandLine) -> None:
    assert b"hint: " in shell.run("search", "x", "--filter", "nonsense", expect=2).stderr


def test_a_draft_is_written_in_every_format(shell: CommandLine, draft: dict[str, Any]) -> None:
    assert json.loads((shell.folder / "draft.json").read_text(encoding="utf-8"))["id"] == draft["id"]
    assert "# " in (shell.folder / "draft.md").read_text(encoding="utf-8")
    assert "<html" in (shell.folder / "draft.html").read_text(encoding="utf-8")
    assert (shell.folder / "draft.docx").read_bytes().startswith(b"PK")
    assert draft["report"]["verdict"] == "ready"


def test_without_out_the_markdown_goes_to_stdout_and_progress_to_stderr(
    shell: CommandLine, draft: dict[str, Any]
) -> None:
    done = shell.run("draft", "user_stories", "work offline", expect=0)
    shown, _, numbers = done.stdout.decode().partition("## Numbers")
    written, _, proofs = (shell.folder / "draft.md").read_text(encoding="utf-8").partition("## Numbers")
    assert shown == written
    # The records stand in files alone: a terminal shows the draft.
    assert "## Records behind the numbers" in proofs
    assert "## Records behind the numbers" not in numbers
    assert draft["id"].encode() in done.stderr


def test_a_format_that_does_not_exist_is_refused_before_anything_is_written(shell: CommandLine) -> None:
    done = shell.run("draft", "prd", "work offline", "--out", "draft.pages", expect=2)
    assert b".docx" in done.stderr


def test_an_unknown_kind_is_refused_with_the_kinds_there_are(shell: CommandLine) -> None:
    assert b"user_stories" in shell.run("draft", "poem", "work offline", expect=2).stderr


def test_too_little_evidence_is_inconclusive(shell: CommandLine) -> None:
    answer = answer_of(shell, "draft", "prd", "integration with lunar calendars", expect=3)
    assert answer["report"]["verdict"] == "not enough evidence"


def test_a_good_draft_passes_the_check_by_id_and_from_files(
    shell: CommandLine, draft: dict[str, Any]
) -> None:
    for target in (draft["id"], "draft.json", "draft.md"):
        assert answer_of(shell, "check", target)["verdict"] == "ready", target


def test_a_quote_that_nobody_said_fails_the_check(shell: CommandLine, draft: dict[str, Any]) -> None:
    text = (shell.folder / "draft.json").read_text(encoding="utf-8")
    quote = next(iter(draft["quotes"].values()))["text"]
    (shell.folder / "forged.json").write_text(text.replace(quote, quote[::-1]), encoding="utf-8")
    answer = answer_of(shell, "check", "forged.json", expect=1)
    assert answer["verdict"] == "needs fixes"


@pytest.mark.parametrize(
    ("name", "content"), [("no.json", "{}"), ("cut.json", '{"id": '), ("other.json", "[1]")]
)
def test_a_file_that_is_no_draft_is_refused(shell: CommandLine, name: str, content: str) -> None:
    (shell.folder / name).write_text(content)
    assert b"hint: " in shell.run("check", name, expect=2).stderr


def test_a_draft_of_another_workspace_is_refused(shell: CommandLine, draft: dict[str, Any]) -> None:
    assert b"-w default" in shell.run("check", "draft.json", "-w", "other", expect=2).stderr


def test_a_draft_comes_out_the_same_until_the_records_change(
    shell: CommandLine, draft: dict[str, Any]
) -> None:
    assert answer_of(shell, "replay", draft["id"])["same"] is True
    write_rows(shell.folder / "more.csv", ["Offline mode is what our drivers ask for every week."])
    shell.run("ingest", "more.csv", expect=0)
    answer = answer_of(shell, "replay", draft["id"], expect=1)
    assert "corpus changed" in answer["causes"]


def test_a_draft_goes_to_every_file_that_is_named_and_records_to_one(
    shell: CommandLine, draft: dict[str, Any]
) -> None:
    told = answer_of(shell, "export", draft["id"], "--out", "a.md", "--out", "b.json")
    assert told["paths"] == ["a.md", "b.json"]
    assert json.loads((shell.folder / "b.json").read_text(encoding="utf-8"))["id"] == draft["id"]
    assert (shell.folder / "a.md").read_text(encoding="utf-8").startswith("# ")
    refused = shell.run("export", "--out", "a.jsonl", "--out", "b.jsonl", expect=2)
    assert b"one file" in refused.stderr
    assert not (shell.folder / "a.jsonl").exists()


def test_an_export_can_be_read_line_by_line(shell: CommandLine) -> None:
    lines = shell.run("export", expect=0).stdout.decode().splitlines()
    answer = answer_of(shell, "export", "--out", "all.jsonl")
    assert answer == {"records": len(lines), "path": "all.jsonl"}
    assert (shell.folder / "all.jsonl").read_text(encoding="utf-8").splitlines() == lines
    assert {"id", "raw", "revision", "source", "said_at", "voice"} <= set(json.loads(lines[0]))


def test_erasing_asks_unless_told_not_to(shell: CommandLine) -> None:
    assert b"--yes" in shell.run("erase", "--author", "Person 7", expect=2).stderr


def test_an_erased_author_is_gone_from_every_file_of_the_home(shell: CommandLine) -> None:
    secret = "An unmistakable sentence about zeppelins."
    write_rows(shell.folder / "secret.csv", [secret])
    shell.run("ingest", "secret.csv", "-w", "private", expect=0)
    answer = answer_of(shell, "erase", "--author", "person 1", "--yes", "-w", "private")
    assert answer["erased"] == 1
    assert answer_of(shell, "export", "-w", "private") == {"records": []}
    kept = [path for path in shell.home.rglob("*") if path.is_file() and b"zeppelins" in path.read_bytes()]
    assert kept == []


def test_the_doctor_and_a_rebuilt_index_agree(shell: CommandLine) -> None:
    passages = answer_of(shell, "rebuild-index")["passages"]
    checks = {one["name"]: one for one in answer_of(shell, "doctor")["checks"]}
    assert f"{passages:,} passages" in checks["vector index"]["detail"]
    assert {one["status"] for one in checks.values()} == {"ok"}


def test_the_doctor_names_a_model_that_cannot_be_reached(shell: CommandLine) -> None:
    nowhere = {
        "VOXSPEC_MODEL": "openai:none",
        "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
        "OPENAI_API_KEY": "x",
    }
    done = shell.spawn("doctor", "--json", expect=3, **nowhere)
    checks = {one["name"]: one for one in json.loads(done.stdout)["checks"]}
    assert checks["model"]["status"] == "fail"
    assert checks["model"]["hint"]


def test_a_reader_that_stops_reading_is_no_error(shell: CommandLine) -> None:
    write_rows(shell.folder / "many.csv", [f"Report {n}: {'the export is slow ' * 40}" for n in range(150)])
    shell.run("ingest", "many.csv", "-w", "many", expect=0)
    script = f"set -o pipefail; {VOXSPEC} export -w many | head -c 10"
    assert shell.shell(["bash", "-c", script], expect=0).stderr == b""


def test_ctrl_c_ends_an_import_with_what_was_saved(shell: CommandLine) -> None:
    write_rows(
        shell.folder / "long.csv", [f"Report {n}: the export of board {n} fails again" for n in range(6000)]
    )
    home = shell.folder / "home-interrupted"
    started = CommandLine(shell.folder, home).start("ingest", "long.csv")
    until = time.monotonic() + 60
    while not (home / "catalog.sqlite3").exists() and time.monotonic() < until:
        with pytest.raises(subprocess.TimeoutExpired):
            started.wait(timeout=0.1)
    started.send_signal(signal.SIGINT)
    _, stderr = started.communicate(timeout=60)
    assert started.returncode == 130
    assert b"saved" in stderr
    assert b"Traceback" not in stderr
