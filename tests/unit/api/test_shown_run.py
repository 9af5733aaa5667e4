"""A run of evaluation sets as it is shown: masked like everything else, and still a run."""

from pathlib import Path
from typing import Any

from api.shown import shown_run
from assistant.domain.finding import Finding, Severity
from assistant.settings import Settings
from evals.cases.case import FrozenRecord
from evals.runs.outcome import Cited, EvalRun, Outcome, load_run
from evals.runs.report import report
from tests.support.eval_runs import eval_run, result, set_run

MAIL = "ana.berg@fjord.example"
SAID = f"Write to {MAIL} about the reader."


def _run() -> EvalRun:
    found = Finding(
        grader="personal", severity=Severity.block, target="C1", message=f"{MAIL} is named.", evidence=MAIL
    )
    told: dict[str, Any] = {
        "ask": f"what {MAIL} said",
        "about": MAIL,
        "misses": (f"personal: {MAIL} is named.",),
        "findings": (found,),
        "quotes": (Cited(external_id="T1", start=0, end=len(SAID), text=SAID),),
    }
    evidence = {"T1": FrozenRecord(external_id="T1", source="tickets", text=SAID)}
    return eval_run(set_run(result("mail", Outcome.failed, **told), evidence=evidence))


def test_nothing_personal_is_in_any_format(tmp_path: Path) -> None:
    shown = shown_run(Settings.load(home=tmp_path), _run())
    for form in ("json", "junit", "sarif", "html"):
        assert MAIL.encode() not in report(shown, form)
    assert b"<mark>" in report(shown, "html"), "the quote is still found in its record"
    assert load_run(report(shown, "json").decode(), "run.json") == shown


def test_whoever_asks_for_personal_data_gets_it(tmp_path: Path) -> None:
    run = _run()
    assert shown_run(Settings.load(home=tmp_path, show_personal_data=True), run) == run
