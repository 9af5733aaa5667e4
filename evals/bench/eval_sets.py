"""Evaluation sets without a key: what 200 cases take, and what the graders take on one draft."""

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import count, cycle, islice

from assistant.domain.draft import Draft
from assistant.domain.request import DraftRequest
from assistant.drafting.pipeline import draft
from assistant.settings import Settings
from evals.bench.drafts import BRIEFS, sample_workspace
from evals.bench.measure import Result, Setting, at_least, at_most
from evals.bench.timing import Cost, percentile, timed
from evals.bench.workspaces import open_at, say
from evals.cases.case import Case, EvalSet, load_set, shipped_sets
from evals.check import check
from evals.reading.prose import stories
from evals.runs.outcome import EvalRun, Outcome
from evals.runs.run_sets import run_sets

_CASES = 200
_STORIES = 10
_SEED = 20_261_122
_ROUNDS = 5


def measure_evals(setting: Setting) -> list[Result]:
    """The largest shipped set, its questions asked with other limits until there are 200; then the checks of Kanbo drafts."""
    held = _large_set(20 if setting.quick else _CASES)
    settings = Settings.load(home=setting.cache / "evals", model="extractive")
    say(f"evals: {len(held.cases)} cases of {held.spec.name}")
    runs: list[EvalRun] = []
    cost = timed(lambda: runs.append(run_sets([held], settings)))
    say(f"evals: {cost.wall:.0f} s, {cost.cpu:.0f} CPU-s; now shuffled, with two workers")
    runs.append(run_sets([_shuffled(held)], settings, workers=2))
    return [*_speed(held, cost, runs[0]), _same(runs, held), *_graders(setting)]


def _large_set(cases: int) -> EvalSet:
    held = max((load_set(folder) for folder in shipped_sets().values()), key=lambda one: len(one.cases))
    numbers = count()
    asked = [
        case.model_copy(update={"id": f"{case.id}-{number}", "max_items": 1 + number // len(held.cases) % 50})
        for case, number in zip(islice(cycle(held.cases), cases), numbers, strict=False)
    ]
    return replace(held, cases=tuple(asked))


def _shuffled(held: EvalSet) -> EvalSet:
    dice = random.Random(_SEED)
    cases: list[Case] = dice.sample(held.cases, len(held.cases))
    return replace(held, cases=tuple(cases), records=tuple(dice.sample(held.records, len(held.records))))


def _speed(held: EvalSet, cost: Cost, run: EvalRun) -> list[Result]:
    counts = run.sets[0].counts()
    note = (
        f"{held.spec.name}, {len(held.records)} records, one worker; {counts[Outcome.error]} cases broke off"
    )
    return [
        Result(
            bench="evals",
            what=f"a set of {len(held.cases)} cases, CPU time",
            value=cost.cpu,
            unit="s",
            target=at_most(60.0),
            note=note,
        ),
        Result(
            bench="evals", what=f"a set of {len(held.cases)} cases, by the clock", value=cost.wall, unit="s"
        ),
    ]


def _same(runs: Sequence[EvalRun], held: EvalSet) -> Result:
    one, other = (
        {result.case_id: result.model_dump_json() for result in run.sets[0].results} for run in runs
    )
    same = sum(one[case.id] == other[case.id] for case in held.cases)
    return Result(
        bench="evals",
        what="results with the same bytes, shuffled and by two workers",
        value=100 * same / len(held.cases),
        unit="%",
        target=at_least(100.0),
        note="the runs are one file, byte for byte"
        if runs[0].model_dump_json() == runs[1].model_dump_json()
        else "the files differ",
    )


def _graders(setting: Setting) -> list[Result]:
    home = sample_workspace(setting, 2 if setting.quick else 50)
    with open_at(home) as bench:
        written: list[Draft] = []
        for brief in BRIEFS:
            request = DraftRequest(kind="user_stories", brief=brief, max_items=_STORIES)
            held = draft(bench, request)
            if len(stories(held)) == _STORIES:
                written.append(held)
        costs = [timed(partial(check, bench, held)).cpu * 1000 for _ in range(_ROUNDS) for held in written]
        records = len(bench.corpus().record_ids)
    quotes = sorted(len(held.quotes) for held in written)
    note = (
        f"{len(written)} drafts of {_STORIES} stories with {quotes[0]} to {quotes[-1]} quotes over {records:,} records, "
        f"each {_ROUNDS} times; CPU time with reading the records that are quoted"
    )
    return [
        Result(
            bench="evals",
            what="all graders of layers 0 to 3 on one draft, p95",
            value=percentile(costs, 0.95),
            unit="ms",
            target=at_most(100.0),
            note=note,
        )
    ]
