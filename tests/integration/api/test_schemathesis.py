"""Requests made from the OpenAPI document, against a real service: none is a fault, and each answer is as it is declared."""

import re
from pathlib import Path

from tests.support.schemathesis_run import LEFT_OUT, run


def test_no_request_that_the_document_allows_is_a_fault(tmp_path: Path) -> None:
    """A few for each operation, the same ones each time; `make schemathesis` makes many."""
    ended = run(tmp_path, examples=2, phases="fuzzing")
    assert ended.returncode == 0, ended.stdout[-6000:] + ended.stderr[-2000:]
    counted = re.search(r"Selected: (\d+)/(\d+)\n\s+Tested: (\d+)", ended.stdout)
    assert counted, ended.stdout[-2000:]
    selected, there, tried = map(int, counted.groups())
    assert tried == selected == there - len(LEFT_OUT), "an operation of the document wasn't tried"
