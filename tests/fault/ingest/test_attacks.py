"""Every attack on every parser ends as expected: refused with a sentence and a hint, soon, and in little memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
GROUPS = ["archives", "markup", "workbooks", "pdf", "nesting", "gigabytes", "patterns"]
BUSY = 3
"""How much longer a CPU-second of a busy machine may take; `python -m evals.bench --only hostile` has the bare figures."""


@pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(),
    reason="needs /proc/self/clear_refs (Linux): the peak of memory is set back before each file",
)
@pytest.mark.parametrize("group", GROUPS)
def test_every_attack_ends_as_expected_soon_and_in_little_memory(group: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "evals.bench.hostile", group],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=290,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) > 5
    wrong = [answer for answer in answers if not as_expected(answer)]
    assert wrong == []


def as_expected(answer: dict[str, object]) -> bool:
    refused = answer["outcome"] == "refused"
    told = str(answer["message"]).endswith(".") and str(answer["hint"]).endswith(".")
    return (
        answer["outcome"] == answer["expected"]
        and (told or not refused)
        and float(str(answer["seconds"])) < BUSY * float(str(answer["within_s"]))
        and float(str(answer["memory_mb"])) <= 64 + float(str(answer["input_mb"]))
    )
