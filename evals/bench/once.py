"""Exactly once: tickets and comments in a real Roundup after cut lines, late requests and killed couriers."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from evals.bench.measure import Result, Setting, Target, at_least, at_most
from evals.bench.workspaces import say

_TRIALS = 500
_QUICK = 12
_SEED = 20261123
_ASKED_TRIALS, _ASKED_SEED = "VOXSPEC_ONCE_TRIALS", "VOXSPEC_ONCE_SEED"
"""Environment variables for fewer trials on a busy machine, and for other dice."""
_LIMIT_S = 7200


def measure_once(setting: Setting) -> list[Result]:
    """Run the trials of the repository's tests, in the working directory: the tracker is one of theirs."""
    trials = _QUICK if setting.quick else int(os.environ.get(_ASKED_TRIALS, _TRIALS))
    seed = int(os.environ.get(_ASKED_SEED, _SEED))
    say(f"once: {trials} trials against a real Roundup, seed {seed}")
    command = [sys.executable, "-m", "tests.support.once_trials"]
    command += ["--trials", str(trials), "--seed", str(seed)]
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=_LIMIT_S, check=False)
    # Log lines of couriers may stand before the answer.
    _, brace, answer = ended.stdout.partition("{\n")
    if not brace:
        raise RuntimeError("The trials broke off; their words are above.")
    told: Mapping[str, Any] = json.loads(brace + answer)
    happened = ", ".join(f"{count} x {what}" for what, count in sorted(told["accidents"].items()))
    couriers = (
        f"{trials} trials, seed {seed}; {told['couriers']:,} couriers, {told['killed']:,} of them killed"
    )
    return [
        _row("trials with one ticket and no second", told["one_ticket"], at_least(trials), couriers),
        _row(
            "trials with one evidence comment and no second", told["one_comment"], at_least(trials), happened
        ),
        _row(
            "trials in which texts, links and states are as they were meant", told["good"], at_least(trials)
        ),
        _row("messages that belong to no ticket", told["loose_messages"], at_most(0)),
        _row("CPU per trial, the tracker's included", told["cpu_s"] / trials, unit="s"),
    ]


def _row(what: str, value: float, target: Target | None = None, note: str = "", unit: str = "") -> Result:
    return Result(bench="once", what=what, value=value, unit=unit, target=target, note=note)
