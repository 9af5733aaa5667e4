"""Names and summaries of themes by a model: asked once per theme, checked by code, and remembered with the theme."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from assistant.domain.theme import NamedBy, RemovedWording, Theme, ThemeNode, ThemeSet
from assistant.errors import UsageError
from assistant.jobs.port import Progress
from assistant.llm.batches import Filling
from assistant.llm.masked import masked_call
from assistant.llm.port import BatchServer, ChatModel
from assistant.llm.structured import typed
from assistant.search.cutoffs import cutoffs_of
from assistant.stores.theme_port import ThemeState
from assistant.synthesis.asking import Answer, asked
from assistant.synthesis.describe import stamp_of
from assistant.synthesis.held import Meaning, held
from assistant.synthesis.questions import Question, ThemeWording, budget_of, questions_of
from assistant.workbench import Workbench


@dataclass(frozen=True)
class NamingReport:
    """What the naming of a run did and cost."""

    asked: int = 0
    """Themes that a model was asked about, or whose reply was there already."""
    named: int = 0
    removed: int = 0
    """Wordings that did not hold."""
    unanswered: int = 0
    calls: int = 0
    """That went out one by one."""
    in_batch: int = 0
    """That a batch answered."""
    tokens_in: int = 0
    tokens_out: int = 0
    stopped: str = ""
    """Why the model was asked no further; empty where it was asked everything."""


@dataclass
class Naming:
    """How themes are named by a model, and what came of it."""

    most_tokens: int | None = None
    """See `questions.budget_of`."""
    batch: bool = False
    """Ask through the Batch API of the model's server."""
    report: NamingReport = field(default_factory=NamingReport)


def worded(
    bench: Workbench,
    model: ChatModel,
    state: ThemeState,
    themes: ThemeSet,
    progress: Progress,
    naming: Naming,
) -> ThemeSet:
    """Let a model name the themes that have no name yet. Themes and names are saved where anything came of it.

    Args: naming: its `report` is set.

    Raises: Cancelled; UsageError; StoreError. A model that can't be reached leaves the names by keywords.
    """
    questions = to_ask(bench, state, themes, naming.most_tokens)
    filling = _batched(bench, questions, progress) if naming.batch and questions else None
    answers = asked(model, questions, progress)
    nodes, report = _named(bench, state, themes, questions, answers.by_theme)
    naming.report = replace(
        report,
        calls=answers.calls,
        in_batch=filling.answered if filling else 0,
        tokens_in=answers.tokens_in + (filling.tokens[0] if filling else 0),
        tokens_out=answers.tokens_out + (filling.tokens[1] if filling else 0),
        stopped=answers.stopped,
    )
    if nodes == state.nodes:
        return themes
    state = replace(state, nodes=nodes)
    bench.catalog.themes.save(bench.workspace, state, {})
    shown = _shown(bench, state, themes)
    bench.catalog.themes.show(bench.workspace, shown)
    return shown


def demand_batches(bench: Workbench) -> BatchServer:
    """What takes batches. Raises: UsageError where the model has no such server."""
    if bench.batches is None:
        raise UsageError(
            f"The model '{bench.settings.model}' takes no batches.",
            hint="Run without --batch, or set VOXSPEC_MODEL to openai:<name>.",
        )
    return bench.batches


def _batched(bench: Workbench, questions: Sequence[Question], progress: Progress) -> Filling:
    """Put the replies of a batch into the call store, where the single calls then find them."""
    server = demand_batches(bench)
    shows = bench.settings.show_personal_data
    calls = [typed(question.call, ThemeWording) for question in questions]
    filling = Filling(server, bench.catalog.calls, bench.workspace)
    filling.fill([call if shows else masked_call(call) for call in calls], progress)
    return filling


def to_ask(
    bench: Workbench, state: ThemeState, themes: ThemeSet, most_tokens: int | None = None
) -> list[Question]:
    """The questions that a run would put to a model."""
    budget = budget_of(themes.records, most_tokens)
    shows = bench.settings.show_personal_data
    return questions_of(themes.themes, state.nodes, budget, model=bench.settings.model, show_personal=shows)


def _named(
    bench: Workbench,
    state: ThemeState,
    themes: ThemeSet,
    questions: Sequence[Question],
    answers: dict[str, Answer],
) -> tuple[tuple[ThemeNode, ...], NamingReport]:
    """In the order of the questions, so that no race of answers decides who gets a name."""
    names = {theme.id: theme.name for theme in themes.themes}
    level = {theme.id: theme.level for theme in themes.themes}
    nodes = {node.id: node for node in state.nodes}
    near = cutoffs_of(bench.embedder.identity)
    report = NamingReport(asked=len(questions))
    for question in questions:
        theme = question.theme
        answer = answers.get(theme.id)
        if answer is None:
            report = replace(report, unanswered=report.unanswered + 1)
            continue
        if isinstance(answer, RemovedWording):
            told = {"removed": (answer,), "asked": question.call.key(bench.settings.model)}
            nodes[theme.id] = nodes[theme.id].model_copy(update=told)
            report = replace(report, removed=report.removed + 1)
            continue
        others = [name for one, name in names.items() if level[one] == theme.level and one != theme.id]
        left = held(question, answer, others, _meaning(bench, question), near)
        changes: dict[str, object] = {
            "asked": question.call.key(bench.settings.model),
            "removed": left.removed,
            "cites": left.cites,
            "summary": left.summary,
        }
        if left.name:
            changes |= {"name": left.name, "named_by": NamedBy.model}
            names[theme.id] = left.name
        nodes[theme.id] = nodes[theme.id].model_copy(update=changes)
        report = replace(
            report, named=report.named + bool(left.name), removed=report.removed + len(left.removed)
        )
    return tuple(nodes[node.id] for node in state.nodes), report


def _meaning(bench: Workbench, question: Question) -> Meaning:
    """Nearness to the statements that were shown. They are embedded only where a name has a word that none of them has."""

    def nearness(text: str) -> float:
        rows = bench.embedder.embed([text, *question.texts]).astype(np.float64)
        middle = rows[1:].mean(axis=0)
        length = float(np.sqrt(middle @ middle)) or 1.0
        return round(float(rows[0] @ middle) / length, 5)

    return nearness


def _shown(bench: Workbench, state: ThemeState, themes: ThemeSet) -> ThemeSet:
    nodes = {node.id: node for node in state.nodes}

    def as_named(theme: Theme) -> Theme:
        node = nodes[theme.id]
        told = {"name": node.name, "named_by": node.named_by} if node.name else {}
        return theme.model_copy(update={"summary": node.summary, "removed": node.removed, **told})

    return themes.model_copy(
        update={
            "stamp": stamp_of(bench.columns(), state),
            "themes": tuple(as_named(theme) for theme in themes.themes),
        }
    )
