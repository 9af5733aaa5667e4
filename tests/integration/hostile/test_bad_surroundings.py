"""The whole command on a damaged, full or busy machine: one sentence, a hint, the right exit code, nothing lost."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.command_line import VOXSPEC, CommandLine, Ended
from tests.support.model_server import ModelServer, hangs
from tests.support.voices import write_voices

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

DRAFT = ("draft", "user_stories", "export large boards")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with records and an index. Copy it; it isn't changed."""
    folder = tmp_path_factory.mktemp("surroundings")
    write_voices(folder / "voices.csv", rows=60)
    CommandLine(folder, folder / "home").run("ingest", "voices.csv", expect=0)
    return folder


@pytest.fixture
def shell(filled: Path, tmp_path: Path) -> CommandLine:
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    return CommandLine(tmp_path, tmp_path / "home")


def sentence_and_hint(ended: Ended, code: int) -> str:
    """The person was told one sentence and a hint, and no traceback; nothing went to stdout. Returns: both lines."""
    assert ended.returncode == code, ended
    said = ended.stderr.decode()
    assert ended.stdout == b""
    assert "Traceback" not in said
    lines = [line for line in said.splitlines() if not line.startswith("…")]
    assert len(lines) == 2, said
    assert lines[0].endswith((".", "?", ")")), said
    assert lines[1].startswith("hint: "), said
    return said


def export_of(shell: CommandLine) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(shell.run("export", "--json", expect=0).stdout)["records"]
    return found


def test_a_model_that_is_down_is_told_and_the_records_stay(shell: CommandLine) -> None:
    toml = 'model = "openai:gone"\nmodel_retries = 1\nopenai_base_url = "http://127.0.0.1:9/v1"\n'
    (shell.folder / "voxspec.toml").write_text(toml, encoding="utf-8")
    assert "reached" in sentence_and_hint(shell.spawn(*DRAFT), 3)
    answer = json.loads(shell.run(*DRAFT, "--json", expect=3).stdout)
    assert answer["error"]["code"] == "model-unavailable"
    assert answer["error"]["retryable"] is True
    (shell.folder / "voxspec.toml").unlink()
    shell.run(*DRAFT, expect=0)


def test_a_model_that_hangs_is_given_up(shell: CommandLine) -> None:
    with ModelServer(hangs()) as server:
        toml = f'model = "openai:slow"\nmodel_timeout_s = 0.5\nopenai_base_url = "{server.base_url}"\n'
        (shell.folder / "voxspec.toml").write_text(toml, encoding="utf-8")
        said = sentence_and_hint(shell.run(*DRAFT), 3)
    assert "VOXSPEC_MODEL_TIMEOUT_S" in said


@pytest.mark.parametrize(
    "arguments",
    [
        ("draft", "poem", "export"),
        ("draft", "../prd", "export"),
        ("draft", "prd", "export", "--lang", "de"),
        (*DRAFT, "-w", "../other"),
        (*DRAFT, "-w", "A B"),
        (*DRAFT, "-w", "x" * 64),
        (*DRAFT, "--max", "0"),
        (*DRAFT, "--filter", "since=yesterday"),
        ("check", "dra_0000000000000000"),
        ("record", "rec_00000000000000000000"),
    ],
    ids=lambda arguments: " ".join(arguments)[:40],
)
def test_what_the_person_typed_wrong_is_said_and_costs_nothing(
    shell: CommandLine, arguments: tuple[str, ...]
) -> None:
    before = {path.name for path in shell.folder.rglob("*")}
    sentence_and_hint(shell.run(*arguments), 2)
    assert {path.name for path in shell.folder.rglob("*")} - before <= {
        "catalog.sqlite3-wal",
        "catalog.sqlite3-shm",
    }


@pytest.mark.parametrize(
    "setting", ['model = "gpt"', 'embedder = "x:"', "port = 99999", 'hme = "x"', "model = ["]
)
def test_a_setting_that_cannot_be_used_is_named(shell: CommandLine, setting: str) -> None:
    (shell.folder / "voxspec.toml").write_text(setting, encoding="utf-8")
    sentence_and_hint(shell.run(*DRAFT), 2)


def _replaced(path: Path, content: bytes) -> None:
    for beside in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        beside.unlink(missing_ok=True)
    path.write_bytes(content)


def _garbled(home: Path) -> None:
    _replaced(home / "catalog.sqlite3", b"not a database at all" * 999)


def _cut(home: Path) -> None:
    path = home / "catalog.sqlite3"
    _replaced(path, path.read_bytes()[: path.stat().st_size // 2])


def _scratched(home: Path) -> None:
    path = home / "catalog.sqlite3"
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    _replaced(path, bytes(content))


def _a_folder(home: Path) -> None:
    (home / "catalog.sqlite3").unlink()
    (home / "catalog.sqlite3").mkdir()


@pytest.mark.parametrize(
    ("damage", "code"),
    [(_garbled, 3), (_cut, 3), (_scratched, 3), (_a_folder, 2)],
    ids=lambda one: getattr(one, "__name__", str(one)),
)
@pytest.mark.parametrize(
    "command", [DRAFT, ("ingest", "voices.csv"), ("search", "export")], ids=lambda one: one[0]
)
def test_a_damaged_catalog_is_told_and_left_as_it_is(
    shell: CommandLine, damage: Callable[[Path], None], code: int, command: tuple[str, ...]
) -> None:
    assert shell.home is not None
    damage(shell.home)
    path = shell.home / "catalog.sqlite3"
    before = path.read_bytes() if path.is_file() else b""
    said = sentence_and_hint(shell.run(*command), code)
    assert "catalog" in said
    assert (path.read_bytes() if path.is_file() else b"") == before


def _index_garbled(index: Path) -> None:
    for path in index.rglob("*"):
        if path.is_file() and path.suffix != ".lock":
            path.write_bytes(b"\0 not what was here" * 40)


def _index_emptied(index: Path) -> None:
    shutil.rmtree(index)
    index.mkdir()


def _index_gone(index: Path) -> None:
    shutil.rmtree(index.parent)


def _index_a_file(index: Path) -> None:
    shutil.rmtree(index)
    index.write_bytes(b"not a folder")


@pytest.mark.parametrize(
    "damage", [_index_garbled, _index_emptied, _index_gone, _index_a_file], ids=lambda one: one.__name__
)
def test_a_damaged_index_is_healed_by_the_next_import(
    shell: CommandLine, damage: Callable[[Path], None]
) -> None:
    assert shell.home is not None
    before = export_of(shell)
    damage(shell.home / "index" / "default")
    (shell.folder / "more.csv").write_text("comment,author\nThe export of my board hangs,Zoe\n")
    shell.run(*DRAFT, expect=0)
    shell.run("ingest", "more.csv", expect=0)
    assert len(export_of(shell)) == len(before) + 1
    checks = {
        one["name"]: one for one in json.loads(shell.run("doctor", "--json", expect=0).stdout)["checks"]
    }
    assert checks["vector index"]["status"] == "ok"
    assert f"{len(before) + 1} passages" in checks["vector index"]["detail"]


def test_a_home_that_cannot_be_made_or_is_a_file_is_told(shell: CommandLine) -> None:
    (shell.folder / "file").write_text("x")
    for home in (shell.folder / "file", shell.folder / "file" / "below", Path("/proc/voxspec")):
        said = sentence_and_hint(shell.run("ingest", "voices.csv", "--home", str(home)), 2)
        assert "VOXSPEC_HOME" in said


def test_a_read_only_home_is_told_before_anything_is_read(shell: CommandLine) -> None:
    assert shell.home is not None
    # Root may write anywhere; without its capabilities it is held to the folder's mode like everybody.
    setpriv = shutil.which("setpriv")
    if os.geteuid() == 0 and setpriv is None:
        pytest.skip(
            "runs as root, who may write anywhere, and there is no setpriv (util-linux) to drop that right"
        )
    bare = [setpriv, "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 and setpriv else []
    shell.home.chmod(0o555)
    try:
        for command in (("ingest", "voices.csv"), DRAFT):
            sentence_and_hint(shell.shell([*bare, VOXSPEC, *command]), 2)
    finally:
        shell.home.chmod(0o755)
    shell.run(*DRAFT, expect=0)


@pytest.fixture(params=["size=1m", "size=2m"], ids=["full for the catalog", "full for the index"])
def small_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A file system of a megabyte or two."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", request.param, "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small file system can't be mounted here")
    yield folder
    # Lazily: an engine that ran out of room may close its files late.
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_keeps_what_was_acknowledged_and_the_import_goes_on_with_more_room(
    small_disk: Path, tmp_path: Path
) -> None:
    write_voices(tmp_path / "voices.csv", rows=1_400)
    shell = CommandLine(tmp_path, small_disk / "home")
    assert "space" in sentence_and_hint(shell.run("ingest", "voices.csv"), 3)
    subprocess.run(["mount", "-o", "remount,size=200m", str(small_disk)], check=True)
    [file] = json.loads(shell.run("ingest", "voices.csv", "--json", expect=0).stdout)["files"]
    assert file["rows"] == 1_400 == file["kept"] + file["duplicate"]
    assert len(export_of(shell)) == 1_400
    assert json.loads(shell.run("rebuild-index", "--json", expect=0).stdout)["passages"] == 1_400


def test_two_imports_at_once_lose_nothing(shell: CommandLine) -> None:
    for name in ("one", "two"):
        rows = "\n".join(f"{name} export of board {number} fails,P{number}" for number in range(150))
        (shell.folder / f"{name}.csv").write_text(f"comment,author\n{rows}\n", encoding="utf-8")
    before = len(export_of(shell))
    started = [shell.start("ingest", f"{name}.csv") for name in ("one", "two")]
    for one in started:
        _, stderr = one.communicate(timeout=120)
        assert one.returncode == 0, stderr
    assert len(export_of(shell)) == before + 300
    passages = json.loads(shell.run("rebuild-index", "--json", expect=0).stdout)["passages"]
    assert passages == before + 300


def test_an_import_and_two_drafts_at_once_end_well(shell: CommandLine) -> None:
    rows = "\n".join(f"The export of board {number} fails,P{number}" for number in range(100))
    (shell.folder / "more.csv").write_text(f"comment,author\n{rows}\n", encoding="utf-8")
    started = [shell.start("ingest", "more.csv"), shell.start(*DRAFT), shell.start(*DRAFT)]
    for one in started:
        _, stderr = one.communicate(timeout=120)
        assert one.returncode == 0, stderr
    shell.run(*DRAFT, expect=0)
