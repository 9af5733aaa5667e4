"""Lines are cut, requests come late, couriers are killed: a real Roundup holds each ticket and each comment once."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

TRIALS = 12
ROOT = Path(__file__).parents[3]


@pytest.mark.slow(reason="some eighty couriers, who wait for the leases of those that were killed")
def test_a_ticket_and_its_comment_are_made_once_whatever_happens_to_couriers_and_requests() -> None:
    command = [sys.executable, "-m", "tests.support.once_trials", "--trials", str(TRIALS), "--seed", "7"]
    # A process of its own: it forks, which one with threads shouldn't.
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)
    assert ended.stdout, ended.stderr[-3000:]
    told = json.loads(ended.stdout)
    assert told["wrong"] == []
    assert (told["one_ticket"], told["one_comment"], told["loose_messages"]) == (TRIALS, TRIALS, 0)
    assert told["killed"] > 0
    assert told["accidents"]["request arrived after its sender had given it up"] > 0
