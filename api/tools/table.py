"""The tools that there are: their names, what they take and give, what they may change, and the sentences that tell a model of them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool

from api.routes.checks import report_on
from api.tools import checks, drafts, evidence, proof, themes
from api.tools.caller import Caller
from api.tools.shapes import Asked, Told
from assistant.workbench import Workbench


@dataclass(frozen=True)
class Tool:
    """One tool.

    Args:
        tells: for the model: what it does and when to use it.
        changes: whether it keeps or stops something; the log of the service then says so.
        spends: whether a language model may be asked, where the service has one.
    """

    name: str
    title: str
    tells: str
    takes: type[Asked]
    gives: type[Told]
    answer: Callable[[Caller, Any], Awaitable[Told]]
    changes: bool = False
    repeats: bool = True
    """Whether the same call again does nothing more."""
    spends: bool = False


def _reading(look: Callable[[Caller, Workbench, Any], Told]) -> Callable[[Caller, Any], Awaitable[Told]]:
    """A tool that reads the workspace, in a thread of its own."""

    def read(caller: Caller, asked: Any) -> Told:
        with caller.service.benches.use(caller.workspace) as bench:
            return look(caller, bench, asked)

    async def answer(caller: Caller, asked: Any) -> Told:
        return await run_in_threadpool(read, caller, asked)

    return answer


def _evidence(caller: Caller, bench: Workbench, asked: evidence.EvidenceAsked) -> Told:
    evidence.not_both(asked)
    if asked.draft_id is None:
        return evidence.evidence_of_statement(bench, asked)
    draft = drafts.draft_of(caller, bench, asked.draft_id, asked.version)
    return proof.evidence_of_draft(bench, draft, asked.target)


def _number(caller: Caller, bench: Workbench, asked: proof.NumberAsked) -> Told:
    draft = drafts.draft_of(caller, bench, asked.draft_id, asked.version)
    return proof.explain_number(bench, draft, asked.number)


def _check(caller: Caller, bench: Workbench, asked: checks.CheckAsked) -> Told:
    checks.demand_one(asked)
    if asked.text is not None:
        return checks.check_text(bench, asked.text)
    draft = drafts.draft_of(caller, bench, str(asked.draft_id), asked.version)
    return checks.checked(bench.settings, report_on(bench, draft))


TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            "search_feedback",
            "Search feedback",
            "Find verbatim quotes in customer feedback for a question. Use it to see what people say, before drafting or "
            "claiming anything. Each quote names its record and offsets.",
            evidence.SearchAsked,
            evidence.Found,
            _reading(lambda _, bench, asked: evidence.search_feedback(bench, asked)),
        ),
        Tool(
            "get_record",
            "Read a record",
            "Read one piece of feedback or one document in full, with what is known about it.",
            evidence.RecordAsked,
            evidence.RecordTold,
            _reading(lambda _, bench, asked: evidence.get_record(bench, asked)),
        ),
        Tool(
            "list_themes",
            "List themes",
            "What customers speak of, counted: named themes with their people, share and keywords, largest first.",
            themes.ThemesAsked,
            themes.ThemesTold,
            _reading(lambda _, bench, asked: themes.list_themes(bench, asked)),
        ),
        Tool(
            "get_theme",
            "Read a theme",
            "One theme: how many people, typical and dissenting quotes, its parts, its trend over time and what changed.",
            themes.ThemeAsked,
            themes.ThemeTold,
            _reading(lambda _, bench, asked: themes.get_theme(bench, asked)),
        ),
        Tool(
            "evidence_for",
            "Evidence for a statement",
            "What speaks for and against a statement, counted in people and quoted; or, with draft_id, what the claims of a draft "
            "rest on.",
            evidence.EvidenceAsked,
            evidence.EvidenceTold,
            _reading(_evidence),
        ),
        Tool(
            "explain_number",
            "Explain a number",
            "Where a number of a draft comes from: measure, filter, denominator, people, and the same query counted again now.",
            proof.NumberAsked,
            proof.NumberTold,
            _reading(_number),
        ),
        Tool(
            "check",
            "Check a draft or a text",
            "Check a stored draft, or Markdown that was written elsewhere, by code: are its quotations in the records, its numbers "
            "right, its claims supported, its criteria sound? Use it before showing any text that cites feedback.",
            checks.CheckAsked,
            checks.Checked,
            _reading(_check),
        ),
        Tool(
            "draft",
            "Write a draft",
            "Have a PRD, user stories or an insight summary written from the feedback, with every quote and number proven by code. "
            "Waits for it; a long one gives a run_id for get_draft. The same request over the same records gives the same draft.",
            drafts.DraftAsked,
            drafts.DraftTold,
            drafts.draft,
            changes=True,
            spends=True,
        ),
        Tool(
            "get_draft",
            "Read a draft",
            "Read a draft as Markdown, with its verdict; without an id the newest one, and a list of the others.",
            drafts.DraftRead,
            drafts.DraftText,
            drafts.get_draft,
        ),
        Tool(
            "revise_draft",
            "Write another version",
            "Have another version of a draft written, with another brief, other filters, or the records of now.",
            drafts.RevisionAsked,
            drafts.DraftTold,
            drafts.revise_draft,
            changes=True,
            repeats=False,
            spends=True,
        ),
        Tool(
            "stop_draft",
            "Stop a draft",
            "Stop a draft that is being written, by its run_id. What was finished is kept.",
            drafts.RunAsked,
            drafts.DraftTold,
            drafts.stop_draft,
            changes=True,
        ),
        Tool(
            "export_draft",
            "Take a draft as a file",
            "A draft as md, html, json, docx, pdf, Jira ADF, Confluence, Gherkin, csv, xlsx or ReqIF. The file comes as an embedded "
            "resource beside the answer.",
            drafts.FileAsked,
            drafts.FileTold,
            _reading(drafts.export_draft),
        ),
    )
}
"""By name, in the order in which clients list them."""
