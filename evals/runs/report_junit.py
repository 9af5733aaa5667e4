"""A run as JUnit XML, as build servers read it: a suite per set, a test per case. No times, so that equal runs have equal bytes."""

import re
from collections.abc import Iterable
from xml.etree import ElementTree as Xml

from evals.runs.outcome import CaseResult, EvalRun, Outcome, SetRun

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 can't hold (§ 2.2). People paste it into feedback."""


def junit(run: EvalRun) -> bytes:
    """The run as a file. A case that abstained though it should have answered is a failure of that type."""
    suites = Xml.Element("testsuites", {"name": "voxspec eval run"} | _sums(run.sets))
    for held in run.sets:
        suite = Xml.SubElement(suites, "testsuite", {"name": held.name} | _sums([held]))
        for result in held.results:
            _case(suite, held, result)
    Xml.indent(suites)
    text: bytes = Xml.tostring(suites, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _sums(sets: Iterable[SetRun]) -> dict[str, str]:
    outcomes = [result.outcome for held in sets for result in held.results]
    failed = sum(one in (Outcome.failed, Outcome.abstained) for one in outcomes)
    return {
        "tests": str(len(outcomes)),
        "failures": str(failed),
        "errors": str(outcomes.count(Outcome.error)),
        "skipped": "0",
    }


def _case(suite: Xml.Element, held: SetRun, result: CaseResult) -> None:
    case = Xml.SubElement(
        suite, "testcase", classname=f"{held.kind}.{held.name}", name=_legal(result.case_id)
    )
    if result.outcome is Outcome.error and result.problem is not None:
        broken = Xml.SubElement(
            case, "error", type=result.problem.code, message=_legal(result.problem.message)
        )
        broken.text = _legal(result.problem.hint)
    elif not result.passed:
        failure = Xml.SubElement(case, "failure", type=result.outcome.value, message=_legal(result.misses[0]))
        failure.text = _legal("\n".join((f"asked: {result.ask}", *result.misses)))


def _legal(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
