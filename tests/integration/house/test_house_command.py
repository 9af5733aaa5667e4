"""The house linter as a command, over this repository."""

import subprocess
import sys

from tests.support import house


def test_the_command_exits_with_one_only_when_it_prints_a_problem() -> None:
    done = subprocess.run(
        [sys.executable, "tests/support/house.py"], cwd=house.ROOT, capture_output=True, text=True
    )
    assert done.returncode == (1 if done.stdout else 0), done.stderr
    assert done.stderr == ""
