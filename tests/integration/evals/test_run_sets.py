"""Sets run in workspaces of their own: the same bytes in any order and by any number of workers; errors as outcomes."""

import json
import random
import shutil
from hashlib import sha256
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import Cancelled, UnknownKind
from assistant.settings import Settings
from evals.cases.case import EvalSet, load_set, shipped_sets
from evals.runs.compare import compare
from evals.runs.outcome import EvalRun, Gate, Outcome
from evals.runs.run_sets import HOME, run_sets
from tests.support.model_server import Behaviour, ModelServer, fails, hangs, says

FOLDER = shipped_sets()["laneway_stories"]
NAMES = ("laneway_stories", "grove_summary")


def _settings(home: Path, **more: Any) -> Settings:
    return Settings.load(home=home, **({"model": "extractive"} | more))


def _copy(source: Path, to: Path, *, shuffled: random.Random | None = None, **spec: str) -> EvalSet:
    """The set in another folder, its lines in another order, some of its `set.yaml` replaced."""
    shutil.copytree(source, to)
    text = (to / "set.yaml").read_text("utf-8")
    if shuffled:
        for name in ("records.jsonl", "cases.jsonl"):
            lines = (to / name).read_text("utf-8").splitlines(keepends=True)
            shuffled.shuffle(lines)
            (to / name).write_text("".join(lines), "utf-8")
        was, now = (sha256((folder / "records.jsonl").read_bytes()).hexdigest() for folder in (source, to))
        assert was != now
        text = text.replace(was, now)
    for name, value in spec.items():
        kept = [line for line in text.splitlines() if not line.startswith(f"{name}:")]
        text = "\n".join([*kept, f"{name}: {value}", ""])
    (to / "set.yaml").write_text(text, "utf-8")
    return load_set(to)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> EvalRun:
    home = tmp_path_factory.mktemp("plain")
    return run_sets([load_set(shipped_sets()[name]) for name in NAMES], _settings(home))


def test_order_of_sets_records_and_cases_and_number_of_workers_change_no_byte(
    plain: EvalRun, tmp_path: Path
) -> None:
    dice = random.Random(5)
    held = [_copy(shipped_sets()[name], tmp_path / name, shuffled=dice) for name in reversed(NAMES)]
    together = run_sets(held, _settings(tmp_path / "home"), workers=2)
    assert together.model_dump_json() == plain.model_dump_json()


def test_a_run_rests_on_what_it_names(plain: EvalRun) -> None:
    assert plain.writer == "extractive"
    assert [held.name for held in plain.sets] == sorted(NAMES)
    assert list(plain.prompts) == ["drafting/insight_summary.v2", "drafting/user_stories.v2"]
    assert {"quote_verbatim", "numbers_bound"} <= set(plain.graders)
    for held in plain.sets:
        assert {quote.external_id for one in held.results for quote in one.quotes} == set(held.evidence)
        for one in held.results:
            assert all(
                held.evidence[quote.external_id].text[quote.start : quote.end] == quote.text
                for quote in one.quotes
            )


def test_the_home_of_the_person_is_left_alone(tmp_path: Path) -> None:
    run_sets([load_set(FOLDER)], _settings(tmp_path / "home"))
    assert not (tmp_path / "home").exists()


def test_a_case_whose_answer_is_not_enough_evidence_abstains(tmp_path: Path) -> None:
    held = load_set(FOLDER)
    asked = held.cases[0].model_copy(update={"ask": "parking for helicopters", "id": "absent"})
    results = run_sets([_with(held, asked)], _settings(tmp_path)).sets[0].results
    assert [one.outcome for one in results] == [Outcome.abstained]
    assert results[0].misses == ("It says not enough evidence.",)
    assert (results[0].nuggets, results[0].cited) == (None, None)
    answer = asked.model_copy(update={"expect": asked.expect.model_copy(update={"abstain": True, "themes": (), "must_cite": ()})})  # fmt: skip
    assert run_sets([_with(held, answer)], _settings(tmp_path)).gate is Gate.passed


@pytest.mark.parametrize(
    ("behaviour", "timeout_s", "code"),
    [(fails(500), 60.0, "model-unavailable"), (hangs(), 0.3, "model-timeout")],
    ids=["out of order", "silent"],
)
def test_a_model_that_does_not_answer_makes_cases_inconclusive_not_failed(
    behaviour: Behaviour, timeout_s: float, code: str, plain: EvalRun, tmp_path: Path
) -> None:
    held = load_set(FOLDER)
    with ModelServer(behaviour) as server:
        there = {"openai_base_url": server.base_url, "model_timeout_s": timeout_s, "model_retries": 0}
        run = run_sets([held], _settings(tmp_path / "home", model="openai:any", **there))
    outcomes = {one.case_id: one.outcome for one in run.sets[0].results}
    assert set(outcomes.values()) == {Outcome.error, Outcome.passed}, "what needs no model is judged"
    assert run.gate is Gate.inconclusive
    broken_off = [one for one in run.sets[0].results if one.problem]
    assert {one.problem.code for one in broken_off if one.problem} == {code}
    assert all((one.verdict, one.nuggets, one.misses) == (None, None, ()) for one in broken_off)
    compared = compare(plain, run)
    assert (compared.worse, compared.broken_off) == ((), len(broken_off))


def test_what_a_model_answered_is_not_asked_again(tmp_path: Path) -> None:
    held = load_set(FOLDER)
    with ModelServer(says(json.dumps({"text": "I want it."}))) as server:
        settings = _settings(tmp_path / "home", model="openai:any", openai_base_url=server.base_url)
        first = run_sets([held], settings)
        asked = len(server.requests)
        again = run_sets([held], settings)
        assert asked > 0
        assert len(server.requests) == asked
    assert again.model_dump_json() == first.model_dump_json()
    assert (tmp_path / "home" / HOME).is_dir()


def test_a_stop_ends_the_run_at_once(tmp_path: Path) -> None:
    def stop(done: int, total: int | None, message: str) -> None:
        if done:
            raise Cancelled("Stopped.")

    others = set(active_children())
    with pytest.raises(Cancelled):
        run_sets([load_set(FOLDER)], _settings(tmp_path), workers=2, progress=stop)
    assert set(active_children()) <= others


def test_a_kind_that_is_not_there_is_told_before_anything_runs(tmp_path: Path) -> None:
    held = _copy(FOLDER, tmp_path / "odd", kind="haiku")
    with pytest.raises(UnknownKind, match="'haiku'"):
        run_sets([held], _settings(tmp_path / "home"))


def _with(held: EvalSet, *cases: Any) -> EvalSet:
    return EvalSet(held.spec, held.records, cases, held.labels)
