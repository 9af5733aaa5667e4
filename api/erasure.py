"""The use case `erase`: a person, an account or single records out of everything that is kept.

The order is what makes it safe to break off at any point. First the intent is written down (`pending`, without a name). What lies
outside of the catalog is cleaned while the catalog still has the texts to look for; then one transaction takes them out of the
catalog; what follows (writing files anew, building the index, searching every file) needs hashes only. Asked again, it goes on.
"""

import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Self

from api import idempotency
from api.uploads import kept_uploads
from assistant.domain.erased_words import ErasedWords
from assistant.domain.erasure import Asked, ErasureState, Receipt
from assistant.domain.ids import person_id
from assistant.drafting.staleness.mark import mark
from assistant.errors import IndexLocked, NotFound, UsageError
from assistant.jobs import erasing as job_rows
from assistant.jobs.ledger import TERMINAL
from assistant.jobs.places import FILE as JOBS_FILE
from assistant.jobs.places import jobs_place
from assistant.jobs.turns import own_turn
from assistant.stores.erased import account_name
from assistant.stores.erasure_port import Doomed
from assistant.stores.rewriting import rewrite_file
from assistant.stores.traces import Traces, holds, search_files, traces_from, traces_of
from assistant.wiring import index_keeper
from assistant.workbench import Workbench
from evals.runs.run_sets import HOME as EVALS

_PLAIN = frozenset(
    {".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".md", ".html", ".htm", ".eml", ".mbox"}
)
"""Uploads that can be searched as they are; in a packed file nothing would be found."""
_MANY = 100_000


@dataclass(frozen=True)
class ErasureOrder:
    """What somebody asks for."""

    asked: Asked
    names: tuple[str, ...]
    """The author's or the account's name as the source has it, or record ids."""

    @classmethod
    def of(cls, author: str | None, account: str | None, record_ids: Sequence[str], hint: str) -> Self:
        """The order for what was named. Raises: UsageError with that hint unless exactly one was."""
        given = [
            cls(asked, tuple(names))
            for asked, names in (
                (Asked.author, [author] if author is not None else []),
                (Asked.account, [account] if account is not None else []),
                (Asked.records, record_ids),
            )
            if names
        ]
        if len(given) != 1:
            raise UsageError("Say what to erase: an author, an account or records, one of them.", hint=hint)
        return given[0]


@dataclass(frozen=True)
class Plan:
    """What an erasure would do."""

    order: ErasureOrder
    subject: str
    doomed: Doomed
    words: ErasedWords
    counts: dict[str, int]
    pending: Receipt | None = None
    """An erasure of the same that was broken off."""
    earlier: Receipt | None = None
    """One that is done, where nothing is left to erase."""


def plan(bench: Workbench, order: ErasureOrder) -> Plan:
    """Find what there is to erase, and count it in every place. Changes nothing.

    Raises: UsageError for an empty name; NotFound where nobody and nothing of that name is there, or ever was; StoreError.
    """
    if not order.names or any(not name.strip() for name in order.names):
        raise UsageError("Say what to erase.", hint="Name an author, an account, or ids of records.")
    subject, names = _subject(bench, order)
    before = [one for one in bench.catalog.erasures.newest(bench.workspace, _MANY) if one.subject == subject]
    pending = next((one for one in before if one.state is ErasureState.pending), None)
    ids = bench.catalog.eraser.find(bench.workspace, order.asked, names)
    missing = order.asked is Asked.records and set(order.names) - set(ids)
    if (not ids or missing) and not before:
        raise _nobody(bench, order, sorted(missing or ()))
    doomed = Doomed(
        tuple(ids),
        persons=tuple(names) if order.asked is Asked.author else (),
        accounts=order.names if order.asked is Asked.account else (),
    )
    if not ids:
        return Plan(order, subject, doomed, ErasedWords((), (), ()), {}, pending, before[0])
    words = ErasedWords(
        bench.catalog.eraser.texts(bench.workspace, ids),
        () if order.asked is Asked.records else order.names,
        chain(bench.catalog.eraser.other_texts(bench.workspace, ids), _own_prose()),
    )
    counts = _counted(bench, doomed, words) | {"shared": words.shared}
    return Plan(order, subject, doomed, words, counts, pending)


@contextmanager
def owning(bench: Workbench) -> Iterator[None]:
    """Own the workspace's index folder, and its turn to import, while the block runs: nobody writes into either meanwhile.

    Raises: IndexLocked where another process owns it; nothing was erased then.
    """
    with ExitStack() as owned:
        try:
            owned.enter_context(index_keeper(bench).own())
        except IndexLocked as problem:
            raise IndexLocked(f"{problem.message} Nothing was erased.", hint=problem.hint) from problem
        owned.enter_context(
            own_turn(bench.catalog.turns.take, bench.workspace, _waiting, of="imports", told="an import")
        )
        yield


def _waiting(done: int, total: int | None, message: str) -> None:
    """An import that doesn't own the index is over in a moment."""


def remove(bench: Workbench, what: Plan) -> Receipt:
    """Erase what was planned, inside of `owning`. Returns: the receipt, which `prove` closes.

    Raises: StoreError, DiskFull: the erasure is pending then; the same call goes on.
    """
    if what.pending is None and what.earlier is not None:
        return what.earlier
    home, log = bench.settings.home, bench.catalog.erasures
    receipt = what.pending or _new_receipt(bench, what)
    if what.doomed.record_ids:
        receipt = receipt.model_copy(update={"counts": _most(receipt.counts, what.counts)})
        traces = traces_of(what.words.pieces())
        log.save(receipt, traces.to_json())
        _clean_beside(bench, what.doomed, what.words, traces)
        bench.catalog.eraser.remove(bench.workspace, what.doomed, what.words, _reason(receipt), receipt)
    if what.pending is not None:
        # Whoever ran beside a broken-off erasure may have stored an answer since, and its texts aren't known any more.
        idempotency.forget_answers(home / idempotency.FILE, None)
    _forget_eval_runs(bench, receipt)
    index_keeper(bench).discard()
    bench.catalog.eraser.compact()
    job_rows.compact_jobs(jobs_place(bench.settings))
    for name in (JOBS_FILE, idempotency.FILE):
        if (home / name).exists():
            rewrite_file(home / name)
    return receipt


def prove(bench: Workbench, receipt: Receipt) -> Receipt:
    """Build the index anew, search every file, and close the receipt where nothing is found. After `owning`.

    Returns: the receipt, `done`; or `pending`, with the files in which something was left. Raises: StoreError.
    """
    if receipt.state is ErasureState.done:
        return receipt
    home, log = bench.settings.home, bench.catalog.erasures
    index_keeper(bench).build_anew()
    mark(bench)
    stored = log.traces(bench.workspace, receipt.id)
    traces = traces_from(stored) if stored else traces_of(())
    found = search_files(home, traces)
    over = not found.left
    closed = receipt.model_copy(
        update={
            "state": ErasureState.done if over else ErasureState.pending,
            "finished_at": datetime.now(UTC).replace(microsecond=0) if over else None,
            "index_rebuilt": True,
            "pieces": traces.pieces,
            "files": found.files,
            "bytes": found.bytes,
            "left": tuple(found.left),
        }
    )
    log.save(closed, None if over else traces.to_json())
    return closed


def _subject(bench: Workbench, order: ErasureOrder) -> tuple[str, tuple[str, ...]]:
    """Pseudonym of what is asked for, and what the catalog knows it by."""
    if order.asked is Asked.author:
        person = person_id(bench.workspace, order.names[0], bench.person_key)
        return person, (person,)
    if order.asked is Asked.account:
        said = account_name(order.names[0])
    else:
        said = " ".join(sorted(set(order.names)))
    pseudonym = bench.catalog.erasures.pseudonym(bench.workspace, order.asked.value, said)
    return f"{'acc' if order.asked is Asked.account else 'rcs'}_{pseudonym}", order.names


def _own_prose() -> Iterator[str]:
    """What our own code says in drafts: a word of it, such as `time`, is no person's, also where no other record has it."""
    for package in ("assistant.drafting", "assistant.search", "assistant.domain"):
        for path in sorted(Path(str(files(package))).glob("*.py")):
            yield path.read_text(encoding="utf-8")


def _nobody(bench: Workbench, order: ErasureOrder, missing: Sequence[str]) -> NotFound:
    if order.asked is Asked.records:
        return NotFound(
            f"There is no record '{missing[0][:60]}'; nothing was erased.",
            hint="`voxspec search` prints ids.",
        )
    what = "Nobody named" if order.asked is Asked.author else "Nobody of an account named"
    return NotFound(
        f"{what} '{order.names[0][:200]}' wrote in workspace '{bench.workspace}'.",
        hint="Write the name as it stands in the source; upper and lower case don't matter. -w chooses another workspace.",
    )


def _counted(bench: Workbench, doomed: Doomed, words: ErasedWords) -> dict[str, int]:
    home, workspace = bench.settings.home, bench.workspace
    in_catalog = bench.catalog.eraser.remove(workspace, doomed, words, "", None)
    uploads = _uploads(bench, traces_of(words.pieces()))
    runs = bench.catalog.eraser.touched_jobs(workspace, doomed.record_ids)
    in_jobs = job_rows.clean_jobs(jobs_place(bench.settings), workspace, words, runs, uploads, dry_run=True)
    answers = idempotency.forget_answers(home / idempotency.FILE, _hits(doomed, words), dry_run=True)
    return {**in_catalog, **in_jobs, "uploads": len(uploads), "answers": answers}


def _hits(doomed: Doomed, words: ErasedWords) -> "_Hits":
    return _Hits(frozenset(doomed.record_ids), words)


@dataclass(frozen=True)
class _Hits:
    record_ids: frozenset[str]
    words: ErasedWords

    def __call__(self, text: str) -> bool:
        return any(one in text for one in self.record_ids) or self.words.occur_in(text)


def _clean_beside(bench: Workbench, doomed: Doomed, words: ErasedWords, traces: Traces) -> None:
    """What is kept outside of the catalog, while the catalog still has what to look for."""
    home, workspace = bench.settings.home, bench.workspace
    uploads = _uploads(bench, traces)
    runs = bench.catalog.eraser.touched_jobs(workspace, doomed.record_ids)
    job_rows.clean_jobs(jobs_place(bench.settings), workspace, words, runs, uploads)
    for folder in uploads.values():
        shutil.rmtree(folder, ignore_errors=True)
    idempotency.forget_answers(home / idempotency.FILE, _hits(doomed, words))


def _forget_eval_runs(bench: Workbench, receipt: Receipt) -> None:
    """Runs of evaluation sets, with the answers kept for them: all go where one holds what is erased, since it is in a catalog of its own."""
    folder = bench.settings.home / EVALS
    stored = bench.catalog.erasures.traces(bench.workspace, receipt.id)
    if stored and folder.is_dir() and search_files(folder, traces_from(stored)).left:
        shutil.rmtree(folder)


def _uploads(bench: Workbench, traces: Traces) -> dict[str, Path]:
    """Uploads to remove, by their job: of imports that are over, and those that hold or may hold what is erased."""
    kept = kept_uploads(bench.settings.home, bench.workspace)
    over = {state.value for state in TERMINAL}
    states = job_rows.states(jobs_place(bench.settings), kept)
    return {
        job: folder
        for job, folder in kept.items()
        if states.get(job) is None
        or states[job] in over
        or any(
            path.suffix.lower() not in _PLAIN or holds(path, traces)
            for path in folder.rglob("*")
            if path.is_file()
        )
    }


def _new_receipt(bench: Workbench, what: Plan) -> Receipt:
    return Receipt(
        id=f"era_{secrets.token_hex(8)}",
        workspace=bench.workspace,
        asked=what.order.asked,
        subject=what.subject,
        state=ErasureState.pending,
        asked_at=datetime.now(UTC).replace(microsecond=0),
    )


def _reason(receipt: Receipt) -> str:
    return (
        f"Evidence of this draft was erased on request on {receipt.asked_at:%Y-%m-%d} (receipt {receipt.id})."
    )


def _most(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    """Counts of an erasure that was begun twice: what the first call had done is no longer counted by the second."""
    return {name: max(one.get(name, 0), other.get(name, 0)) for name in {**one, **other}}
