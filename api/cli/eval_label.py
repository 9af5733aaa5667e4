"""`voxspec eval label` and `eval agreement`: people's answers, and how far they agree."""

import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from api.cli.checks import stored_draft
from api.cli.exits import ExitCode
from api.cli.files import demand_place, writing
from api.cli.session import Session
from assistant.domain.label import Label
from assistant.errors import InputRejected, NotFound, UsageError
from assistant.workbench import Workbench
from evals.cases.chains import ChainSet, load_chains, shipped_chains
from evals.cases.opinions import keep_newer
from evals.judging.agreement import Agreement
from evals.judging.agreement import agreement as agreement_of
from evals.judging.labelling import (
    KEYS,
    Labelled,
    Reply,
    of_chains,
    of_draft,
    of_findings,
    of_pair,
    read_reply,
    waiting,
)
from evals.judging.rater_files import read_labels, written

_PAGE = 100


def label(
    session: Session,
    source: Annotated[
        str | None, Argument(metavar="[SET]", help="A set of chains.", show_default=False)
    ] = None,
    draft: Annotated[str | None, Option("--draft", metavar="ID", help="The claims of a draft.")] = None,
    findings: Annotated[
        bool, Option("--findings", help="Findings of all drafts, or of the --draft.")
    ] = False,
    prefer: Annotated[
        str | None, Option("--prefer", metavar="ID", help="Which is better, this draft or the --draft.")
    ] = None,
    take: Annotated[
        Path | None, Option("--import", metavar="FILE", help="Take another rater's labels, JSON lines.")
    ] = None,
    out: Annotated[Path | None, Option("--export", metavar="FILE", help="Write the labels there.")] = None,
    rater: Annotated[str, Option(help="Your name, as it stands beside your answers.")] = "",
) -> ExitCode:
    """Label claims or findings, one at a time.

    y yes, n no, u unsure, s skip, q quit; a reason may follow the letter. Each answer is kept at once, and the next start goes on there. A pipe gives one
    answer a line. A finding of a draft that you call wrong with a reason counts as overruled. Two drafts are shown in both orders.
    Labels that are imported overrule nothing.
    """
    if take is not None or out is not None:
        return _exchange(session, take, out, rater.strip())
    if not rater.strip():
        raise UsageError("Whose labels are these?", hint="Add --rater NAME.")
    with session.bench() as bench:
        things = _things(session, bench, source, draft, findings, prefer)
        held = bench.catalog.labels.labels(bench.workspace)
        left = waiting(things, held, rater.strip())
        kept, skipped = _ask_all(session, bench, left, rater.strip(), len(things))
    told = {"labelled": kept, "skipped": skipped, "left": len(left) - kept, "of": len(things)}
    if session.as_json:
        session.output.json(told)
    else:
        session.output.say(f"{kept} labelled, {told['left']} of {len(things)} left.")
    return ExitCode.ok


def agreement(
    session: Session,
    source: Annotated[
        str | None,
        Argument(metavar="[SET]", help="With the labels of that set of chains.", show_default=False),
    ] = None,
) -> ExitCode:
    """Show how far raters agree, by question.

    Krippendorff's α over all of them, and Cohen's κ of each two.
    """
    with session.bench() as bench:
        labels = bench.catalog.labels.labels(bench.workspace)
    if source is not None:
        labels = [*labels, *chain_set(source).labels]
    found = agreement_of(labels)
    if session.as_json:
        session.output.json({"questions": [asdict(one) for one in found]})
        return ExitCode.ok
    if not found:
        session.output.say("No labels yet.")
        session.output.note("voxspec eval label evidence_chains --rater NAME makes some.")
        return ExitCode.ok
    session.output.table(
        ["question", "items", "shared", "raters", "α", "κ"],
        [
            [one.question, one.items, one.shared, ", ".join(one.raters), _number(one.alpha), _kappas(one)]
            for one in found
        ],
    )
    return ExitCode.ok


def _exchange(session: Session, take: Path | None, out: Path | None, rater: str) -> ExitCode:
    if out is not None:
        demand_place(out)
    with session.bench() as bench:
        store = bench.catalog.labels
        given = read_labels(take, rater) if take is not None else []
        kept = keep_newer(store, bench.workspace, given)
        if out is not None:
            with writing(out) as stream:
                stream.write(written(store.labels(bench.workspace)))
            session.output.note(f"written to {out}")
    if session.as_json:
        session.output.json({"read": len(given), "kept": kept})
    elif take is not None:
        session.output.say(
            f"{kept} of {len(given)} labels kept; the others were known, or answered anew since."
        )
    return ExitCode.ok


def chain_set(name: str) -> ChainSet:
    """A shipped set of chains by its name. Raises: NotFound."""
    shipped = shipped_chains()
    if name not in shipped:
        raise NotFound(
            f"There is no set of chains '{name}'.", hint=f"Sets that can be labelled: {', '.join(shipped)}."
        )
    return load_chains(shipped[name])


def _things(
    session: Session,
    bench: Workbench,
    source: str | None,
    draft: str | None,
    findings: bool,
    prefer: str | None,
) -> list[Labelled]:
    if (source is not None) == (draft is not None or findings):
        raise UsageError(
            "Say what to label: a set, a draft or findings.",
            hint="voxspec eval label SET | --draft ID | --findings [--draft ID]; --rater NAME.",
        )
    if source is not None:
        return of_chains(chain_set(source))
    show = bench.settings.show_personal_data
    if prefer is not None:
        if draft is None or findings or draft == prefer:
            raise UsageError("Of which two drafts?", hint="voxspec eval label --draft ID --prefer OTHER_ID")
        return of_pair(stored_draft(bench, draft), stored_draft(bench, prefer), show_personal=show)
    if draft is not None and not findings:
        return of_draft(stored_draft(bench, draft), show_personal=show)
    if draft is not None:
        return list(of_findings(stored_draft(bench, draft), show_personal=show))
    found: list[Labelled] = []
    after: str | None = None
    while page := bench.catalog.drafts.newest(bench.workspace, after, _PAGE):
        found += [one for held in page for one in of_findings(held, show_personal=show)]
        after = page[-1].id
    return found


def _ask_all(
    session: Session, bench: Workbench, left: list[Labelled], rater: str, of: int
) -> tuple[int, int]:
    """Ask until the rater stops. Returns: how many were labelled and skipped."""
    kept = skipped = 0
    ask = _asker(session)
    if left:
        session.output.note(KEYS)
    for thing in left:
        place = of - len(left) + kept + skipped + 1
        session.output.note(f"\n{place} of {of} · {thing.question} · {thing.item}\n{thing.shown}")
        reply = ask(thing.asks)
        if reply is None or reply.what == "quit":
            break
        if reply.what == "skip":
            skipped += 1
            continue
        told: Label = thing.answered(reply.what, rater, reply.reason, datetime.now(UTC))
        bench.catalog.labels.put(bench.workspace, told)
        kept += 1
        session.saved = f"{kept} labels were kept; the same command goes on there."
    return kept, skipped


def _asker(session: Session) -> Callable[[str], Reply | None]:
    """Asks on stderr, reads from stdin; None at its end."""
    number = 0

    def ask(question: str) -> Reply | None:
        nonlocal number
        while True:
            session.output.note(f"{question} [y/n/u/s/q]")
            line = sys.stdin.readline()
            if not line:
                return None
            number += 1
            try:
                return read_reply(line)
            except InputRejected as problem:
                if not sys.stdin.isatty():
                    # Asking again would take the next line, which answers the next thing, for this one.
                    raise InputRejected(
                        f"Line {number} of the input is no answer; what came before it is kept.",
                        hint=problem.hint,
                    ) from problem
                session.output.note(problem.hint)

    return ask


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.2f}"


def _kappas(held: Agreement) -> str:
    return "; ".join(f"{one}/{other} {_number(value)} ({n})" for one, other, n, value in held.kappas if n)
