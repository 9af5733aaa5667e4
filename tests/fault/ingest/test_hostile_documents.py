"""Bombs and floods are refused with a sentence and a hint, in little memory and before they cost time."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.hostile import hostile_files, office_base

ROOT = Path(__file__).parents[3]
CHILD = """
import json, resource, sys
from pathlib import Path
from assistant.errors import InputRejected
from assistant.settings import Settings
from ingest.recognise import open_file
from ingest.survey import survey

def read(path):
    try:
        opened = open_file(path, Settings(home=path.parent))
        if opened.connector is not None:
            return ["read", str(survey(opened.connector.columns(), opened.connector.rows()).rows)]
        return ["read", str(len(opened.parser(path).text))]
    except InputRejected as refused:
        return [refused.message, refused.hint]

def peak():
    # Not ru_maxrss: a child inherits that from the process which started it.
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) // 1024

def begin():
    Path("/proc/self/clear_refs").write_text("5")
    now = resource.getrusage(resource.RUSAGE_SELF)
    return peak(), now.ru_utime + now.ru_stime

small, hostile = ([Path(name) for name in names.split("|")] for names in sys.argv[1:])
for path in small:
    assert read(path)[0] == "read", path
for path in hostile:
    memory, seconds = begin()
    answer = read(path)
    now = resource.getrusage(resource.RUSAGE_SELF)
    taken = now.ru_utime + now.ru_stime - seconds
    print(json.dumps([path.name, path.stat().st_size >> 20, peak() - memory, round(taken, 2), *answer]))
"""


@pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(),
    reason="needs /proc/self/clear_refs (Linux): the peak of memory is set back between files",
)
def test_hostile_files_are_refused_in_little_memory(tmp_path: Path) -> None:
    hostile = hostile_files(tmp_path)
    small = [office_base(kind, tmp_path) for kind in ("docx", "pptx", "xlsx")]
    (tmp_path / "small.html").write_text("<p>text")
    lists = ["|".join(map(str, paths)) for paths in ([*small, tmp_path / "small.html"], hostile)]
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *lists], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer[0] for answer in answers] == [path.name for path in hostile]
    for name, input_mb, memory_mb, seconds, message, hint in answers:
        assert message.startswith(name), (name, message)
        assert message.endswith("."), message
        assert hint.endswith("."), (name, hint)
        assert memory_mb <= 64 + input_mb, (name, memory_mb)
        assert seconds < 20, (name, seconds)  # a hang, not slowness: the machine may be busy
