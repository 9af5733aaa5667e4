"""`voxspec themes run`: the run itself, its plan, its rehearsal."""

from dataclasses import dataclass

from api.cli.session import Session
from api.cli.theme_edits import tell_changes
from assistant.domain.personal.views import masked_mapping
from assistant.domain.theme import ThemeSet
from assistant.synthesis.naming import Naming, NamingReport
from assistant.synthesis.pipeline import synthesize, themes_of
from assistant.synthesis.plan import ThemePlan, plan
from assistant.synthesis.rehearsal import rehearse
from assistant.workbench import Workbench

_SHOWN_QUOTES = 2
_SHOWN_THEMES = 12


@dataclass(frozen=True)
class RunOptions:
    """How themes are run."""

    afresh: bool = False
    tokens: int | None = None
    """At most, for names by a model; None: a token per record, at least 100,000."""
    batch: bool = False
    """Names through the Batch API."""


def run_themes(session: Session, bench: Workbench, options: RunOptions) -> ThemeSet:
    """Run, and tell what the naming cost."""
    session.saved = "What was read is kept; run the same command to go on."
    naming = Naming(most_tokens=options.tokens, batch=options.batch)
    if bench.model is not None:
        session.output.note(
            _told(plan(bench, afresh=options.afresh, most_tokens=options.tokens, batch=options.batch))
        )
    before, was = bench.catalog.themes.shown(bench.workspace), bench.catalog.themes.state(bench.workspace)
    if before is None and was is not None and options.afresh and was.run.embedder == bench.embedder.identity:
        # Names of themes that may be gone after the run.
        before = themes_of(bench)
    with session.output.progress("themes") as progress:
        found = synthesize(bench, afresh=options.afresh, progress=progress, naming=naming)
    if options.afresh or was is None or found.run != was.run:
        tell_changes(session, found, before, masks=not bench.settings.show_personal_data)
    _tell_names(session, naming.report)
    return found


def tell_plan(session: Session, bench: Workbench, options: RunOptions) -> None:
    """Print what a run would do."""
    told = plan(bench, afresh=options.afresh, most_tokens=options.tokens, batch=options.batch)
    if session.as_json:
        session.output.json(told.model_dump(mode="json"))
        return
    session.output.say(_told(told))


def tell_rehearsal(session: Session, bench: Workbench) -> None:
    """Run over a part and print themes with quotes; nothing is stored."""
    with session.output.progress("rehearsal") as progress:
        found = rehearse(bench, progress)
    shown = found.model_dump(mode="json")
    shown = shown if bench.settings.show_personal_data else masked_mapping(shown)
    if session.as_json:
        session.output.json(shown)
        return
    themes = [one for one in shown["themes"] if one["level"] == 1 and not one["is_single_voice"]]
    lines = []
    for one in themes[:_SHOWN_THEMES]:
        lines.append(f"{one['name']} ({one['people']:,} people, {one['statements']:,} statements)")
        lines += [f"  “{quote['quote']['text']}”" for quote in one["quotes"][:_SHOWN_QUOTES]]
    session.output.say("\n".join(lines))
    session.output.note(
        f"A rehearsal over {found.statements:,} statements: {len(themes):,} areas. Nothing was stored; "
        "the whole: voxspec themes run"
    )


def _told(told: ThemePlan) -> str:
    about = "about " if told.estimated else ""
    embedding = "on the embedder's server" if told.embedding_s is None else f"about {_time(told.embedding_s)}"
    lines = [
        f"{told.records:,} records, {told.new_records:,} of them new; {about}{told.statements:,} statements.",
        f"{about}{told.texts_to_embed:,} texts to embed ({embedding}); the rest about {_time(told.other_s)} "
        f"of processor time, {told.memory_mb:,.0f} MB.",
    ]
    if told.model == "extractive":
        lines.append("No model: themes are named by their keywords.")
    else:
        cost = "price not set" if told.cost_usd is None else f"${told.cost_usd:,.4f}"
        lines.append(
            f"{told.model}: at most {told.calls:,} calls, about {told.tokens_in:,} tokens in and {told.tokens_out:,} out ({cost})."
        )
    return "\n".join(lines)


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _tell_names(session: Session, report: NamingReport) -> None:
    if not report.asked:
        return
    told = (
        f"The model was asked about {report.asked:,} themes in {report.calls:,} calls and {report.in_batch:,} lines of a batch "
        f"({report.tokens_in:,} tokens in, {report.tokens_out:,} out) and named {report.named:,}."
    )
    if report.removed:
        told += f" {report.removed:,} of its wordings did not hold and were removed; 'voxspec themes list --json' says why."
    session.output.note(told)
    if report.unanswered:
        why = report.stopped or "Some replies were cut off."
        session.output.note(
            f"Themes that keep their keywords for now: {report.unanswered:,}. {why} Run the same command to ask again."
        )
