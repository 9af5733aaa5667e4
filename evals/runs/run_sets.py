"""Runs evaluation sets in a home of their own, in this process or in several, and puts together what they found."""

import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib.metadata import version
from multiprocessing import active_children, get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from assistant.domain.base import digest
from assistant.errors import Cancelled, StoreError
from assistant.settings import Settings
from assistant.wiring import open_workbench
from assistant.workbench import Workbench
from evals.cases.case import EvalSet
from evals.judging.calibration import Card, forget_card, keep_card
from evals.judging.judge import Question, judge_id
from evals.opinion import judge_of, judges_drafts
from evals.runs.outcome import CaseResult, EvalRun, SetRun, worst
from evals.runs.rules import stamps
from evals.runs.run import as_set_run, bring_in, run_cases, workspace_of
from evals.view import kind_spec
from prompts.loader import Prompt, kinds, of_folder

OnProgress = Callable[[int, int | None, str], None]
"""Called with the cases done, how many there are, and the set's name. What it raises ends the run."""

Cards = Mapping[Question, Card]

EXTRACTIVE = "extractive"
HOME = "evals"
"""Folder in VOXSPEC_HOME for runs with a model, whose calls are kept: what was answered is not asked again."""
_SHARES = 2
"""Pieces of work per process: small enough that none waits long for the last, and each opens the workspace once."""


def run_sets(
    held: Sequence[EvalSet],
    settings: Settings,
    *,
    workers: int = 1,
    progress: OnProgress | None = None,
    cards: Cards = MappingProxyType({}),
) -> EvalRun:
    """Run sets with the writer of the settings. The same bytes for any order of sets, cases and records, and any number of workers.

    Args: cards: what is known of the settings' judge where it was calibrated; without a card its findings advise.

    Raises: UnknownKind, UsageError, Conflict, StoreError. A model that can't serve is no error here, but the outcome of its cases.
    """
    ordered = sorted(held, key=lambda one: one.spec.name)
    for one in ordered:
        kind_spec(one.spec.kind)
    tell = progress or (lambda done, total, message: None)
    with _home(settings) as own:
        # Opened before the work begins: a missing key is heard of at once.
        with open_workbench(own, indexed=False) as bench:
            _ = bench.judge if judges_drafts(own) else bench.model
        _rate_judge(ordered, own, cards)
        sets = _alone(ordered, own, tell) if workers <= 1 else _together(ordered, own, workers, tell)
    return EvalRun(
        voxspec=version("voxspec"),
        writer=settings.model,
        judge=(judge_of(own) or "") if judges_drafts(own) else "",
        settings=_settings_hash(own),
        prompts={f"{one.id}.v{one.version}": one.sha256 for one in _prompts(ordered, settings)},
        graders=stamps(),
        sets=tuple(sets),
        gate=worst(one.gate for one in sets),
    )


@contextmanager
def _home(settings: Settings) -> Iterator[Settings]:
    """Settings that lead away from the person's own records: without servers, and without the secret of their pseudonyms."""
    apart = {
        "catalog_url": None, "jobs_url": None, "chroma_url": None, "person_key": None,
        # One thread: the last bits of a vector may hang on how a sum is divided.
        "embed_threads": 1,
    }  # fmt: skip
    own = settings.model_copy(update=apart)
    if asks_model(settings):
        yield own.model_copy(update={"home": settings.home / HOME})
        return
    with TemporaryDirectory(prefix="voxspec-eval-") as folder:
        yield own.model_copy(update={"home": Path(folder)})


def asks_model(settings: Settings) -> bool:
    """Whether a run asks a language model, to write or to judge; what it answers is kept then."""
    return settings.model != EXTRACTIVE or (judges_drafts(settings) and judge_of(settings) is not None)


def _rate_judge(sets: Sequence[EvalSet], own: Settings, cards: Cards) -> None:
    """Put the judge's cards where the runs look for them, in place of those that another workspace's run left."""
    judge = judge_of(own)
    if not judges_drafts(own) or judge is None:
        return
    for held in sets:
        with _open(own, held) as bench:
            for question in Question:
                forget_card(bench.catalog.calls, bench.workspace, judge_id(judge, question), question)
                if card := cards.get(question):
                    keep_card(bench.catalog.calls, bench.workspace, card)


def _open(own: Settings, held: EvalSet) -> Workbench:
    # Without an index search is exact, and several processes can read.
    return open_workbench(own.model_copy(update={"workspace": workspace_of(held)}), indexed=False)


def _alone(sets: Sequence[EvalSet], own: Settings, tell: OnProgress) -> list[SetRun]:
    total = sum(len(held.cases) for held in sets)
    done, runs = 0, []
    for held in sets:
        tell(done, total, held.spec.name)
        results = []
        with _open(own, held) as bench:
            bring_in(bench, held)
            for result in run_cases(bench, held, held.cases):
                results.append(result)
                done += 1
                tell(done, total, held.spec.name)
            runs.append(as_set_run(held, results, bench.embedder.identity))
    return runs


def _together(sets: Sequence[EvalSet], own: Settings, workers: int, tell: OnProgress) -> list[SetRun]:
    embedders = []
    for held in sets:
        with _open(own, held) as bench:
            bring_in(bench, held)
            embedders.append(bench.embedder.identity)
    results: dict[str, list[CaseResult]] = {held.spec.name: [] for held in sets}
    total = sum(len(held.cases) for held in sets)
    others = set(active_children())
    # Spawned, not forked: the threads of the embedder don't survive a fork.
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_heed_no_interrupt)
    try:
        waiting: dict[Future[list[CaseResult]], str] = {}
        for held in sets:
            for share in _shares(len(held.cases), workers * _SHARES):
                waiting[pool.submit(_work, own, held, share)] = held.spec.name
        tell(0, total, sets[0].spec.name)
        for finished in as_completed(waiting):
            name = waiting[finished]
            results[name] += finished.result()
            tell(sum(map(len, results.values())), total, name)
    except BrokenProcessPool as problem:
        raise StoreError(
            "A process of the run was ended from outside.",
            hint="Run it again with fewer workers: the machine may be short of memory.",
        ) from problem
    except (KeyboardInterrupt, Cancelled):
        # Half a case is nothing, and what a model answered is kept already: nobody should wait for the rest of a share.
        for process in set(active_children()) - others:
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
    return [
        as_set_run(held, results[held.spec.name], embedder)
        for held, embedder in zip(sets, embedders, strict=True)
    ]


def _shares(count: int, pieces: int) -> list[slice]:
    size = max(1, -(-count // pieces))
    return [slice(start, start + size) for start in range(0, count, size)]


def _work(own: Settings, held: EvalSet, share: slice) -> list[CaseResult]:
    with _open(own, held) as bench:
        return list(run_cases(bench, held, held.cases[share]))


def _heed_no_interrupt() -> None:
    # Ctrl-C reaches every process of the terminal; the one that hands out the work ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _prompts(sets: Sequence[EvalSet], settings: Settings) -> list[Prompt]:
    own = [kinds()[name] for name in sorted({held.spec.kind for held in sets})]
    if judges_drafts(settings):
        own += of_folder("judge")
    return own if settings.model == EXTRACTIVE else [*own, *of_folder("wording")]


def _settings_hash(own: Settings) -> str:
    server = own.openai_base_url if asks_model(own) else None
    shown = own.show_personal_data if asks_model(own) else None
    judge = (judge_of(own),) if judges_drafts(own) else ()
    return digest(
        own.model, own.embedder, server, shown, own.personal_finder, own.identity_rules, *judge, size=8
    )
