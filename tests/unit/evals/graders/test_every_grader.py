"""Every grader: its examples, what it says of a clean draft, and that it stays a pure function."""

import pytest

from assistant.domain.finding import Severity, Verdict
from evals.check import grade
from evals.grader import Grader
from evals.registry import OWN
from tests.support.drafts import valid_draft, valid_view

BLOCKING = [grader for grader in OWN if grader.severity is Severity.block]
ADVISING = [grader for grader in OWN if grader.severity is Severity.advise]
EVERY = pytest.mark.parametrize("grader", OWN, ids=lambda grader: grader.name)


@EVERY
def test_a_clean_draft_raises_nothing(grader: Grader) -> None:
    assert grader.grade(valid_draft(), valid_view()) == []


@EVERY
def test_the_good_example_raises_nothing(grader: Grader) -> None:
    assert grader.grade(grader.good(valid_draft()), valid_view()) == []


@EVERY
def test_the_good_example_is_not_the_sample_itself(grader: Grader) -> None:
    assert grader.good(valid_draft()) != valid_draft()


@EVERY
def test_the_bad_example_is_found_with_the_gravest_severity(grader: Grader) -> None:
    found = grader.grade(grader.bad(valid_draft()), valid_view())
    assert {finding.grader for finding in found} == {grader.name}
    assert grader.severity in {finding.severity for finding in found}


@EVERY
def test_each_finding_says_what_is_wrong_and_what_to_do(grader: Grader) -> None:
    for finding in grader.grade(grader.bad(valid_draft()), valid_view()):
        assert finding.message.endswith(".")
        assert finding.fix


@pytest.mark.parametrize("grader", BLOCKING, ids=lambda grader: grader.name)
def test_a_draft_broken_in_that_way_is_not_ready(grader: Grader) -> None:
    report = grade(grader.bad(valid_draft()), valid_view(), OWN)
    assert report.verdict is Verdict.needs_fixes


@pytest.mark.parametrize("grader", ADVISING, ids=lambda grader: grader.name)
def test_advice_never_blocks(grader: Grader) -> None:
    found = grader.grade(grader.bad(valid_draft()), valid_view())
    assert {finding.severity for finding in found} == {Severity.advise}


@EVERY
def test_grading_twice_gives_the_same_findings(grader: Grader) -> None:
    broken = grader.bad(valid_draft())
    assert grader.grade(broken, valid_view()) == grader.grade(broken, valid_view())


def test_the_names_are_unique_and_stand_in_the_order_of_their_layers() -> None:
    assert len({grader.name for grader in OWN}) == len(OWN)
    assert [grader.layer for grader in OWN] == sorted(grader.layer for grader in OWN)
