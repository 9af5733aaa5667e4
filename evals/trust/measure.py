"""Puts the graders to the test: defects and harmless edits are put into clean drafts, and what is newly found is counted.

The same drafts, packs and graders give the same bytes, whatever the order of the drafts or the number of workers.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from random import Random

from assistant.domain.base import digest
from assistant.domain.draft import Draft
from assistant.domain.finding import Finding, Severity
from evals.check import grade
from evals.grader import Grader
from evals.judging.judge import Question
from evals.judging.layer4 import GRADER
from evals.mutators.guard import Crash, guarded
from evals.mutators.packs import Pack, load_packs
from evals.mutators.port import Mutator
from evals.registry import graders_for
from evals.trust.changes import changes
from evals.trust.drafts import Clean, Tell
from evals.trust.report import JUDGE, EditRow, GraderRow, KindRow, Sight, Trust, share

SHOWN = 3
"""Drafts that went through, kept per kind."""
_OF_JUDGE = {f"{GRADER}{question}" for question in Question}
EDITS_EACH = 3
"""A sample takes so many times more drafts for a harmless edit: one false alarm in 400 has to show."""


@dataclass(frozen=True)
class _Strike:
    """What one mutator did to one draft."""

    draft: str
    changed: tuple[str, ...] = ()
    """Empty: nothing; the mutator was idle."""
    found: tuple[Finding, ...] = ()
    """New findings only."""
    crash: str = ""


@dataclass(frozen=True)
class _Graded:
    """One clean draft: what is found on it as it is, and after each of its mutators by place."""

    draft: str
    found: tuple[Finding, ...]
    strikes: dict[int, _Strike]
    crash: str = ""


@dataclass(frozen=True)
class _Bench:
    """What a worker holds while it goes through the drafts."""

    cleans: Sequence[Clean]
    mutators: Sequence[tuple[str, Mutator]]
    """(pack, mutator)."""
    applied: Sequence[Grader] | None
    judge: Grader | None = None
    """Asked about drafts with a defect of meaning or a harmless edit, and about what these were made of."""

    def asks_judge(self, place: int) -> bool:
        expected = self.mutators[place][1].expected
        return self.judge is not None and (not expected or JUDGE in map(_seer, expected))


def run_trust(
    cleans: Sequence[Clean],
    packs: Sequence[Pack],
    *,
    sample: int = 0,
    applied: Sequence[Grader] | None = None,
    workers: int = 1,
    tell: Tell | None = None,
    judge: Grader | None = None,
) -> Trust:
    """Put every kind of the packs into the clean drafts it applies to, and count what the graders say.

    Args:
        cleans: drafts with different ids.
        sample: most drafts per kind of defect, chosen by hash, and three times as many per harmless edit; 0: all.
        applied: the graders; None: those that each draft's kind asks for.
        workers: processes. More than one needs packs that `load_packs` knows by name, and the kinds' own graders.
        judge: a grader that asks a model (`evals.trust.judge`); it works in this process.

    Returns: rows, verdict and examples. A pack, mutator or grader that breaks off is told in `crashes`, and the rest goes on.
    """
    bench = _Bench(tuple(sorted(cleans, key=lambda one: one.id)), _listed(packs), applied, judge)
    plan, crashes = _plan(bench, sample)
    graded = list(_each(bench, plan, packs, workers, tell or (lambda _done, _total, _what: None)))
    by_place = [[one.strikes[place] for one in graded if place in one.strikes] for place in range(len(bench.mutators))]  # fmt: skip
    crashes = [
        *(f"The pack '{pack.name}': {pack.problem}" for pack in packs if pack.problem),
        *crashes,
        *_broken(bench, graded, by_place),
    ]
    held = [
        *(applied if applied is not None else _every_grader(bench.cleans)),
        *((judge,) if judge else ()),
    ]
    stopped = [one for one in graded if _blocks(one.found)]
    return Trust(
        packs=tuple(pack.name for pack in packs),
        writers=dict(sorted(Counter(one.writer for one in bench.cleans).items())),
        sample=sample,
        kinds=tuple(_kind_rows(bench, by_place, {grader.name for grader in held} | (_OF_JUDGE if judge else set()))),
        edits=tuple(_edit_rows(bench, by_place)),
        graders=tuple(_grader_row(grader, bench, by_place, graded) for grader in held),
        clean=share(len(stopped), len(graded)),
        clean_wrong=tuple(Sight(draft=one.draft, changes=(), findings=_told(one.found, Severity.block)) for one in stopped),
        crashes=tuple(crashes),
    )  # fmt: skip


def _listed(packs: Sequence[Pack]) -> tuple[tuple[str, Mutator], ...]:
    return tuple((pack.name, mutator) for pack in packs for mutator in pack.mutators)


def _plan(bench: _Bench, sample: int) -> tuple[list[tuple[int, ...]], list[str]]:
    """Which mutators strike each draft, by place; and the mutators that couldn't say."""
    plan: list[list[int]] = [[] for _ in bench.cleans]
    crashes = []
    for place, (pack, mutator) in enumerate(bench.mutators):
        fits, crash = [], ""
        for number, clean in enumerate(bench.cleans):
            answer = guarded(partial(mutator.applies, clean.draft))
            if isinstance(answer, Crash):
                crash = f"'{mutator.name}' of the pack '{pack}' broke off when asked whether it applies: {answer.said}"
            elif answer:
                fits.append(number)
        if crash:
            crashes.append(crash)
        if sample:
            fits.sort(key=lambda number: digest(mutator.name, bench.cleans[number].id))
            fits = fits[: sample if mutator.expected else EDITS_EACH * sample]
        for number in fits:
            plan[number].append(place)
    return [tuple(places) for places in plan], crashes


def _each(
    bench: _Bench, plan: list[tuple[int, ...]], packs: Sequence[Pack], workers: int, tell: Tell
) -> Iterator[_Graded]:
    """The drafts one after the other, in their order, whoever works on them."""
    total = len(plan)
    tell(0, total, "defects put in and looked for")
    if workers <= 1 or bench.judge is not None:
        for number, places in enumerate(plan):
            yield _on_draft(bench, number, places)
            tell(number + 1, total, "defects put in and looked for")
        return
    # Fresh processes: a forked one would inherit the locks of this one's threads.
    with ProcessPoolExecutor(
        workers, get_context("spawn"), _enter, (bench.cleans, [p.name for p in packs])
    ) as pool:
        for number, one in enumerate(pool.map(_in_worker, range(total), plan)):
            yield one
            tell(number + 1, total, "defects put in and looked for")


_HERE: list[_Bench] = []
"""The worker's own; one per process."""


def _enter(cleans: Sequence[Clean], names: list[str]) -> None:
    _HERE[:] = [_Bench(cleans, _listed(load_packs(names)), None)]


def _in_worker(number: int, places: tuple[int, ...]) -> _Graded:
    return _on_draft(_HERE[0], number, places)


def _on_draft(bench: _Bench, number: int, places: tuple[int, ...]) -> _Graded:
    clean = bench.cleans[number]
    applied = bench.applied if bench.applied is not None else graders_for(clean.view.kind)
    with_judge = (*applied, bench.judge) if bench.judge else applied
    at_first = with_judge if any(map(bench.asks_judge, places)) else applied
    before = guarded(lambda: grade(clean.draft, clean.view, at_first).findings)
    if isinstance(before, Crash):
        return _Graded(clean.id, (), {}, before.said)
    strikes = {
        place: _strike(
            clean, bench.mutators[place][1], with_judge if bench.asks_judge(place) else applied, before
        )
        for place in places
    }
    return _Graded(clean.id, before, strikes)


def _strike(
    clean: Clean, mutator: Mutator, applied: Sequence[Grader], before: tuple[Finding, ...]
) -> _Strike:
    # Seeded by name and draft alone, so that neither order nor workers nor other kinds bear on where it strikes.
    dice = Random(digest(mutator.name, clean.id))
    mutated = guarded(lambda: mutator.mutate(clean.draft, dice))
    if not isinstance(mutated, Draft):
        said = mutated.said if isinstance(mutated, Crash) else "it gave back no draft"
        return _Strike(clean.id, crash=said)
    changed = changes(clean.draft, mutated)
    if not changed:
        return _Strike(clean.id)
    after = guarded(lambda: grade(mutated, clean.view, applied).findings)
    if isinstance(after, Crash):
        return _Strike(clean.id, changed, crash=f"a grader broke off on what it made: {after.said}")
    return _Strike(clean.id, changed, _new(before, after))


def _new(before: tuple[Finding, ...], after: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Findings that weren't there before. Spans move with every word, so they don't tell findings apart."""

    def key(finding: Finding) -> tuple[str, ...]:
        return finding.grader, finding.severity.value, finding.target, finding.message

    known = Counter(map(key, before))
    new = []
    for finding in after:
        if known[key(finding)] > 0:
            known[key(finding)] -= 1
        else:
            new.append(finding)
    return tuple(new)


def _kind_rows(bench: _Bench, by_place: list[list[_Strike]], present: set[str]) -> Iterator[KindRow]:
    for place, (pack, mutator) in enumerate(bench.mutators):
        if not mutator.expected:
            continue
        struck = _struck(by_place[place])
        expected = tuple(mutator.expected)
        right = [one for one in struck if _by(one, expected)]
        blocked = [one for one in struck if _blocks(one.found)]
        missed = [one for one in struck if not _by(one, expected) and not _blocks(one.found)]
        yield KindRow(
            pack=pack,
            name=mutator.name,
            layer=getattr(mutator, "layer", None),
            about=str(getattr(mutator, "about", "")),
            expected=expected,
            absent=tuple(name for name in expected if name not in present),
            caught=share(len(struck) - len(missed), len(struck)),
            right=len(right),
            blocked=len(blocked),
            idle=_idle(by_place[place]),
            missed=tuple(_sight(one) for one in missed[:SHOWN]),
        )


def _edit_rows(bench: _Bench, by_place: list[list[_Strike]]) -> Iterator[EditRow]:
    for place, (pack, mutator) in enumerate(bench.mutators):
        if mutator.expected:
            continue
        struck = _struck(by_place[place])
        wrong = [one for one in struck if _blocks(one.found)]
        yield EditRow(
            pack=pack,
            name=mutator.name,
            about=str(getattr(mutator, "about", "")),
            stopped=share(len(wrong), len(struck)),
            advised=sum(bool(one.found) for one in struck),
            idle=_idle(by_place[place]),
            wrong=tuple(_sight(one) for one in wrong[:SHOWN]),
        )


def _grader_row(
    grader: Grader, bench: _Bench, by_place: list[list[_Strike]], graded: list[_Graded]
) -> GraderRow:
    held = [(set(map(_seer, m.expected)), by_place[place]) for place, (_, m) in enumerate(bench.mutators)]
    known = {
        one.name for one in (bench.applied if bench.applied is not None else _every_grader(bench.cleans))
    } | ({bench.judge.name} if bench.judge else set())
    alone = [
        one for expected, strikes in held if expected & known == {grader.name} for one in _struck(strikes)
    ]
    harmless = [one for expected, strikes in held if not expected for one in _struck(strikes)]
    return GraderRow(
        name=grader.name,
        layer=grader.layer,
        blocks=grader.severity is Severity.block,
        kinds=sum(grader.name in expected for expected, _ in held),
        seen=sum(_by(one, (grader.name,)) for one in alone),
        expected=len(alone),
        on_edits=sum(_by(one, (grader.name,)) for one in harmless),
        on_clean=sum(any(f.grader == grader.name and f.severity is Severity.block for f in one.found) for one in graded),
    )  # fmt: skip


def _every_grader(cleans: Sequence[Clean]) -> tuple[Grader, ...]:
    return tuple(dict.fromkeys(grader for clean in cleans for grader in graders_for(clean.view.kind)))


def _broken(bench: _Bench, graded: list[_Graded], by_place: list[list[_Strike]]) -> Iterator[str]:
    """One sentence for each mutator or grader that broke off, with the first draft it did so on."""
    for one in graded:
        if one.crash:
            yield f"A grader broke off on the clean draft {one.draft}: {one.crash}"
    for place, (pack, mutator) in enumerate(bench.mutators):
        crashed = [one for one in by_place[place] if one.crash]
        if crashed:
            yield (
                f"'{mutator.name}' of the pack '{pack}' broke off on {len(crashed)} drafts, "
                f"first on {crashed[0].draft}: {crashed[0].crash}"
            )


def _struck(strikes: list[_Strike]) -> list[_Strike]:
    return [one for one in strikes if one.changed and not one.crash]


def _idle(strikes: list[_Strike]) -> int:
    return sum(not one.changed and not one.crash for one in strikes)


def _by(one: _Strike, expected: Sequence[str]) -> bool:
    """Whether one of these said something. `judge` stands for all questions of the judge; one of them may be named by itself."""
    return any(
        finding.grader in expected or (JUDGE in expected and finding.grader in _OF_JUDGE)
        for finding in one.found
    )


def _seer(name: str) -> str:
    """The grader that gives findings of that name: one model answers all questions of a judge."""
    return JUDGE if name in _OF_JUDGE else name


def _blocks(found: tuple[Finding, ...]) -> bool:
    return any(finding.severity is Severity.block for finding in found)


def _sight(one: _Strike) -> Sight:
    return Sight(draft=one.draft, changes=one.changed, findings=_told(one.found, None))


def _told(found: tuple[Finding, ...], only: Severity | None) -> tuple[str, ...]:
    return tuple(
        f"{finding.severity.value} {finding.grader} {finding.target}: {finding.message}"
        for finding in found
        if only in (None, finding.severity)
    )
