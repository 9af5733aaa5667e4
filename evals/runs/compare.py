"""Two runs of the same sets, case by case: which verdicts changed, and how surely the one is better than the other."""

from collections.abc import Callable, Iterator
from enum import StrEnum

from assistant.domain.base import Frozen
from assistant.errors import UsageError
from evals.runs.outcome import CaseResult, EvalRun, Outcome, Recall, SetRun
from evals.runs.stats import Difference, paired_difference

Pairs = list[tuple[CaseResult, CaseResult]]
Measure = Callable[[CaseResult], float | None]
"""What is compared of a case; None where it has no such figure."""


class Direction(StrEnum):
    """Which way a case went."""

    better = "better"
    worse = "worse"
    other = "other"
    """Neither passes, in other ways, or one of the two broke off."""


class Change(Frozen):
    """A case with another outcome than before."""

    set_name: str
    case_id: str
    ask: str
    before: Outcome
    after: Outcome
    direction: Direction
    gone: tuple[str, ...]
    """What it missed before and doesn't now."""
    come: tuple[str, ...]
    """What it misses now and didn't before."""


class Comparison(Frozen):
    """What two runs say of each other. `worse` and `inconclusive` are counted by case: no mean makes up for a case that broke."""

    cases: int
    """Asked in both runs in the same words, with an answer in both."""
    broken_off: int
    """Asked in both, but without an answer in one: nothing can be said of them."""
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    """`set/case` that the other run doesn't have, or asks otherwise."""
    differs: tuple[str, ...]
    """What the runs were made with: `writer: extractive → openai:…`."""
    changed: tuple[Change, ...]
    redrafted: int
    """Cases whose draft has other bytes."""
    figures: dict[str, Difference]
    """`passed`, `nuggets`, `vital`, `cited`: the mean difference per case, as shares."""

    @property
    def worse(self) -> tuple[Change, ...]:
        return tuple(one for one in self.changed if one.direction is Direction.worse)


def compare(before: EvalRun, after: EvalRun) -> Comparison:
    """Compare two runs. Raises: UsageError where they have no set in common, or a set of other evidence."""
    earlier, later = ({one.name: one for one in run.sets} for run in (before, after))
    common = [name for name in earlier if name in later]
    if not common:
        raise UsageError(
            f"The runs have no set in common: {', '.join(earlier)}; {', '.join(later)}.",
            hint="Compare two runs of the same sets.",
        )
    for name in common:
        _demand_same_evidence(earlier[name], later[name])
    pairs = [(name, pair) for name in common for pair in _pairs(earlier[name], later[name])]
    answered = [
        (name, pair) for name, pair in pairs if Outcome.error not in (pair[0].outcome, pair[1].outcome)
    ]
    asked_before, asked_after = _asked(before), _asked(after)
    return Comparison(
        cases=len(answered),
        broken_off=len(pairs) - len(answered),
        only_before=_named(asked_before - asked_after),
        only_after=_named(asked_after - asked_before),
        differs=tuple(_differs(before, after)),
        changed=tuple(_change(name, *pair) for name, pair in pairs if pair[0].outcome is not pair[1].outcome),
        redrafted=sum(one.draft != other.draft for _, (one, other) in answered),
        figures=dict(_figures([pair for _, pair in answered])),
    )


def _demand_same_evidence(before: SetRun, after: SetRun) -> None:
    if before.records != after.records:
        raise UsageError(
            f"The runs of '{before.name}' rest on different evidence, so their results can't be compared.",
            hint="Run the set again with both prompts, models or settings, on the records as they are now.",
        )


def _pairs(before: SetRun, after: SetRun) -> Pairs:
    later = {one.case_id: one for one in after.results}
    return [
        (one, later[one.case_id])
        for one in before.results
        if one.case_id in later and later[one.case_id].asked == one.asked
    ]


def _asked(run: EvalRun) -> set[tuple[str, str, str]]:
    return {(held.name, one.case_id, one.asked) for held in run.sets for one in held.results}


def _named(cases: set[tuple[str, str, str]]) -> tuple[str, ...]:
    return tuple(sorted(f"{name}/{case_id}" for name, case_id, _ in cases))


def _differs(before: EvalRun, after: EvalRun) -> Iterator[str]:
    for name in ("voxspec", "writer", "judge", "settings"):
        if getattr(before, name) != getattr(after, name):
            yield f"{name}: {getattr(before, name) or 'none'} → {getattr(after, name) or 'none'}"
    if changed := _other(before.prompts, after.prompts):
        yield f"prompts: {', '.join(changed)}"
    rules = [{name: stamp.sha256 for name, stamp in run.graders.items()} for run in (before, after)]
    if changed := _other(*rules):
        yield f"graders: {', '.join(changed)}"
    sets = [{one.name: one for one in run.sets} for run in (before, after)]
    for name in (name for name in sets[0] if name in sets[1]):
        for field in ("kind", "embedder", "gates", "threshold"):
            if getattr(sets[0][name], field) != getattr(sets[1][name], field):
                yield f"{field} of {name}"


def _other(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return sorted(name for name in {**before, **after} if before.get(name) != after.get(name))


def _change(name: str, before: CaseResult, after: CaseResult) -> Change:
    return Change(
        set_name=name,
        case_id=before.case_id,
        ask=before.ask,
        before=before.outcome,
        after=after.outcome,
        direction=_direction(before.outcome, after.outcome),
        gone=tuple(one for one in before.misses if one not in after.misses),
        come=tuple(one for one in after.misses if one not in before.misses),
    )


def _direction(before: Outcome, after: Outcome) -> Direction:
    if Outcome.error in (before, after):
        return Direction.other
    if Outcome.passed not in (before, after):
        return Direction.other
    return Direction.better if after is Outcome.passed else Direction.worse


def _figures(pairs: Pairs) -> Iterator[tuple[str, Difference]]:
    measures: dict[str, Measure] = {
        "passed": lambda one: float(one.passed),
        "nuggets": lambda one: _share(one.nuggets),
        "vital": lambda one: _share(one.vital),
        "cited": lambda one: _share(one.cited),
    }
    for name, measure in measures.items():
        values = [(measure(before), measure(after)) for before, after in pairs]
        # A case that abstains in one of the two has no recall there, and none is made up for it.
        held = [(one, other) for one, other in values if one is not None and other is not None]
        difference = paired_difference([one for one, _ in held], [other for _, other in held])
        if difference is not None:
            yield name, difference


def _share(recall: Recall | None) -> float | None:
    return recall.found / recall.of if recall else None
