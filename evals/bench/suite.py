"""The repository's own tests: how long they take, and how many kills the fault tests survived."""

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from defusedxml import ElementTree

from evals.bench.measure import Result, Setting, at_least, at_most
from evals.bench.workspaces import say

UNIT_S = 10.0
ALL_MIN = 10.0
KILLS = 20
_KILLED = {
    "kills of an import": "kills of an import that lost nothing acknowledged, left nothing unfindable, paid nothing twice",
    "kills of a draft": "kills of a draft after which no finished model call was repeated",
}
"""Property that a test records → what it stands for. A test that fails records none."""


def measure_suite(setting: Setting) -> list[Result]:
    """Run `make unit` and, unless it is to be quick, `make test`, in the working directory."""
    say("tests: make unit")
    rows = [_timed("unit", "unit part, wall time", UNIT_S, "s", 1.0)[0]]
    if setting.quick:
        return rows
    say("tests: make test")
    whole, properties = _timed("test", "all tests, wall time", ALL_MIN, "min", 60.0)
    rows.append(whole)
    for name, meaning in _KILLED.items():
        count = properties.get(name)
        rows.append(
            Result(
                bench="suite",
                what=meaning,
                value=count,
                target=at_least(KILLS),
                note="kill -9 at random moments",
            )
        )
    return rows


def _timed(
    target: str, what: str, bound: float, unit: str, seconds: float
) -> tuple[Result, dict[str, float]]:
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        environment = os.environ | {"PYTEST_ADDOPTS": f"--junitxml={report}"}
        began = time.perf_counter()
        ended = subprocess.run(["make", target], env=environment, stdout=sys.stderr, check=False).returncode
        took = time.perf_counter() - began
        tree = ElementTree.parse(report) if report.is_file() else None
    if tree is None or ended:
        return Result(bench="suite", what=what, value=None, target=at_most(bound), note="tests failed"), {}
    properties = {one.attrib["name"]: float(one.attrib["value"]) for one in tree.iter("property")}
    tests = len(list(tree.iter("testcase")))
    return (
        Result(
            bench="suite",
            what=what,
            value=took / seconds,
            unit=unit,
            target=at_most(bound),
            note=f"{tests:,} tests",
        ),
        properties,
    )
