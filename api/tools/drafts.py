"""Drafts for models of others: ask for one and wait for it, read it, ask for another version, stop it, take it as a file."""

from typing import Any

from pydantic import Field
from starlette.concurrency import run_in_threadpool

from api import formats, runs
from api.errors import HttpProblem
from api.routes.drafts import find_draft
from api.scopes import known_filters
from api.shown import shown_draft, shown_text, shown_title
from api.tools.caller import Caller
from api.tools.checks import CountTold, FindingTold, counts_told, findings_told
from api.tools.shapes import Asked, Filters, Length, Offset, Quoting, Told, draft_uri, page_of
from api.tools.waiting import settled
from assistant.domain.draft import Draft
from assistant.domain.job import Job, JobState
from assistant.domain.request import DraftRequest, another_version
from assistant.drafting.formats.render import Format, render
from assistant.drafting.formats.tree import plain
from assistant.errors import NotFound
from assistant.settings import Settings
from assistant.workbench import Workbench
from evals.documents.exported import exported

_SHOWN_FINDINGS = 10
_OTHERS = 20
_DEFAULT_WAIT_S = 45
"""Clients of the protocol give up after 60 s unless they are told otherwise."""
_LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_NAMED = "get_draft without an id lists the newest drafts."

WaitS = Field(
    default=_DEFAULT_WAIT_S,
    ge=0,
    le=600,
    description="Seconds to wait for it. A draft that takes longer is written all the same: ask get_draft with its run_id.",
)


class Order(Asked):
    """What a draft is to be about."""

    kind: str = Field(
        max_length=100,
        description="`prd`, `user_stories` or `insight_summary`, or another kind of this service.",
    )
    brief: str = Field(
        default="",
        max_length=20_000,
        description="What it is about, in one sentence. Empty: everything in the scope.",
    )
    filters: Filters = Field(default=[])
    language: str = Field(
        default="en",
        pattern=_LANGUAGE,
        description="Language of the draft; other than en needs a language model.",
    )
    max_items: int = Field(default=10, ge=1, le=50, description="At most so many stories, needs or findings.")


class DraftAsked(Order):
    """A draft that is wanted, and how long to wait for it."""

    wait_s: int = WaitS


class RevisionAsked(Asked):
    """Another version of a draft, over the records of now. What is left out stays as it was."""

    draft_id: str = Field(min_length=1, max_length=200)
    brief: str | None = Field(
        default=None, max_length=20_000, description="What it is to be about from now on."
    )
    filters: Filters | None = Field(
        default=None, description="Which records count from now on, each as field=value."
    )
    max_items: int | None = Field(default=None, ge=1, le=50)
    wait_s: int = WaitS


class DraftRead(Asked):
    """A draft that is to be read."""

    draft_id: str | None = Field(
        default=None, max_length=200, description="Its id or its run's. None: the newest draft."
    )
    version: int | None = Field(default=None, ge=1, le=1_000_000, description="Default: the newest.")
    offset: Offset = 0
    limit: Length = 20_000
    with_claims: bool = Field(
        default=False, description="Also list its claims with their ids and what each rests on."
    )
    wait_s: int = Field(
        default=0, ge=0, le=600, description="Seconds to wait where it is still being written."
    )


class RunAsked(Asked):
    """A draft that is being written."""

    run_id: str = Field(
        min_length=1, max_length=200, description="Id of its run, as draft and revise_draft give it."
    )


class FileAsked(Asked):
    """A draft as a file."""

    draft_id: str = Field(min_length=1, max_length=200)
    version: int | None = Field(default=None, ge=1, le=1_000_000, description="Default: the newest.")
    format: Format = Field(
        default="md",
        description="The whole draft as md, html, json, docx, pdf, adf (Jira) or confluence; its criteria as feature (Gherkin); "
        "its stories and requirements as csv, xlsx or reqif.",
    )


class DraftTold(Quoting):
    """Where a draft stands: code has checked it."""

    state: str = Field(description="`done`, or `queued` or `running` while it is being written.")
    run_id: str | None = None
    draft_id: str | None = None
    version: int | None = None
    kind: str = ""
    title: str = ""
    brief: str = ""
    status: str = Field(default="", description="`draft`, `ready`, `approved` or `stale`.")
    verdict: str | None = Field(default=None, description="`ready`, `needs fixes` or `not enough evidence`.")
    counts: dict[str, CountTold] = Field(
        default_factory=dict, description="What code proved of it: so many of so many."
    )
    blocking: list[FindingTold] = Field(default_factory=list, description="What keeps it from being ready.")
    uri: str | None = None
    next: str = Field(default="", description="What to do next.")


class ClaimLine(Told):
    """A claim of a draft."""

    id: str
    text: str
    stance: str
    quotes: list[str]
    against: list[str]
    numbers: list[str]


class DraftLine(Told):
    """A draft in a list."""

    draft_id: str
    version: int
    kind: str
    title: str
    verdict: str | None


class DraftText(DraftTold):
    """A draft, as Markdown."""

    markdown: str = ""
    next_offset: int | None = Field(default=None, description="Where its text goes on; null at the end.")
    claims: list[ClaimLine] = Field(default=[])
    others: list[DraftLine] = Field(
        default=[], description="Other drafts, newest first, where no id was given."
    )


class FileTold(Told):
    """A file; its content comes beside this answer, as a resource."""

    draft_id: str
    version: int
    name: str
    media_type: str
    size: int = Field(description="In bytes.")
    content: bytes = Field(default=b"", exclude=True)


async def draft(caller: Caller, asked: DraftAsked) -> DraftTold:
    """Ask for a draft. Raises: HttpProblem where the role forbids it or it failed; UsageError; StoreError."""
    caller.demand("POST", "/v1/drafts")

    def submit() -> Job:
        with caller.service.benches.use(caller.workspace) as bench:
            request = request_of(bench, asked)
            return runs.start(caller.service, bench, request)

    return await _followed(caller, await run_in_threadpool(submit), asked.wait_s)


async def revise_draft(caller: Caller, asked: RevisionAsked) -> DraftTold:
    """Ask for another version. Raises: HttpProblem; NotFound; UsageError; StoreError."""
    caller.demand("POST", f"/v1/drafts/{asked.draft_id}/revisions")

    def submit() -> Job:
        with caller.service.benches.use(caller.workspace) as bench:
            parent = draft_of(caller, bench, asked.draft_id)
            changes: dict[str, Any] = {
                "brief": parent.brief if asked.brief is None else asked.brief,
                "scope": parent.scope if asked.filters is None else known_filters(bench, asked.filters),
                "max_items": asked.max_items or parent.max_items,
            }
            return runs.start(caller.service, bench, another_version(parent, **changes), parent.version)

    return await _followed(caller, await run_in_threadpool(submit), asked.wait_s)


async def get_draft(caller: Caller, asked: DraftRead) -> DraftText:
    """Read a draft. Raises: HttpProblem where its writing failed; NotFound; StoreError."""
    if asked.draft_id is not None and asked.wait_s:
        await settled(caller, asked.draft_id, asked.wait_s)
    return await run_in_threadpool(_read, caller, asked)


async def stop_draft(caller: Caller, asked: RunAsked) -> DraftTold:
    """Stop a draft that is being written; what was finished is kept. Raises: HttpProblem; NotFound."""
    caller.demand("DELETE", f"/v1/jobs/{asked.run_id}")

    def stop() -> Job:
        job = caller.service.jobs.get(caller.workspace, asked.run_id)
        if job is None or job.kind != runs.KIND:
            raise NotFound(
                f"There is no run of a draft '{asked.run_id[:60]}'.",
                hint="draft and revise_draft give the run_id.",
            )
        return caller.service.jobs.cancel(caller.workspace, asked.run_id) or job

    job = await run_in_threadpool(stop)
    told = "Asking for the same draft again goes on behind the steps that were finished."
    return DraftTold(state=job.state.value, run_id=job.id, draft_id=job.result.get("draft_id"), next=told)


def export_draft(caller: Caller, bench: Workbench, asked: FileAsked) -> FileTold:
    """A draft as a file. Raises: HttpProblem; NotFound; UsageError where the format can't be had here."""
    found = draft_of(caller, bench, asked.draft_id, asked.version)
    content = exported(bench, found, asked.format)
    return FileTold(
        draft_id=found.id,
        version=found.version,
        name=formats.file_name(shown_title(bench.settings, found), found.version, asked.format),
        media_type=formats.TYPES[asked.format],
        size=len(content),
        content=content,
    )


def request_of(bench: Workbench, asked: Order) -> DraftRequest:
    """The request that an order stands for. Raises: UsageError for a filter that can't be used."""
    return DraftRequest(
        kind=asked.kind,
        brief=asked.brief,
        scope=known_filters(bench, asked.filters),
        language=asked.language,
        max_items=asked.max_items,
    )


def draft_told(settings: Settings, found: Draft, run_id: str | None = None) -> DraftTold:
    """A draft that is written, without its text."""
    report = found.report
    standing = report.standing if report else ()
    ready = "get_draft reads it, export_draft gives it as a file."
    return DraftTold(
        state=JobState.done.value,
        run_id=run_id,
        draft_id=found.id,
        version=found.version,
        kind=found.kind,
        title=shown_title(settings, found),
        brief=shown_text(settings, found.brief),
        status=found.status.value,
        verdict=report.verdict.value if report else None,
        counts=counts_told(report),
        blocking=findings_told(settings, standing)[:_SHOWN_FINDINGS],
        uri=draft_uri(found.id),
        next=ready if not standing else f"{ready} What blocks it is a person's to mend or to overrule.",
    )


def draft_text(bench: Workbench, found: Draft, asked: DraftRead, run_id: str | None = None) -> DraftText:
    """A draft that is written, with the part of its text that is wanted."""
    text, following = page_of(draft_markdown(bench, found), asked.offset, asked.limit)
    return DraftText(
        **dict(draft_told(bench.settings, found, run_id)),
        markdown=text,
        next_offset=following,
        claims=_claims(shown_draft(bench.settings, found)) if asked.with_claims else [],
    )


def draft_markdown(bench: Workbench, found: Draft) -> str:
    """A draft as Markdown, with masks for personal data."""
    return render(found, "md", show_personal=bench.settings.show_personal_data).decode()


def newest(bench: Workbench, limit: int) -> list[DraftLine]:
    """The newest drafts of a workspace."""
    found = bench.catalog.drafts.newest(bench.workspace, None, limit)
    return [
        DraftLine(
            draft_id=one.id,
            version=one.version,
            kind=one.kind,
            title=shown_text(bench.settings, plain(one, one.title)),
            verdict=one.report.verdict.value if one.report else None,
        )
        for one in found
    ]


async def _followed(caller: Caller, job: Job, wait_s: int) -> DraftTold:
    if job.state in (JobState.queued, JobState.running):
        caller.began(job.id)
    await settled(caller, job.id, wait_s)

    def told() -> DraftTold:
        with caller.service.benches.use(caller.workspace) as bench:
            now = runs.run_of(caller.service, bench, job.id) or job
            if now.state in (JobState.queued, JobState.running):
                return _underway(now)
            return draft_told(bench.settings, draft_of(caller, bench, job.id), job.id)

    return await run_in_threadpool(told)


def _underway(job: Job) -> DraftTold:
    told = "It is being written and will be finished whether anybody waits or not: ask get_draft with draft_id=run_id and wait_s."
    return DraftTold(state=job.state.value, run_id=job.id, next=told)


def _read(caller: Caller, asked: DraftRead) -> DraftText:
    with caller.service.benches.use(caller.workspace) as bench:
        others = newest(bench, _OTHERS + 1) if asked.draft_id is None else []
        if asked.draft_id is None and not others:
            return DraftText(state="none", next="There are no drafts yet: draft writes one.")
        wanted = asked.draft_id or others[0].draft_id
        job = runs.run_of(caller.service, bench, wanted)
        if job is not None and job.kind == runs.KIND and job.state in (JobState.queued, JobState.running):
            return DraftText(**dict(_underway(job)))
        found = draft_of(caller, bench, wanted, asked.version)
        run_id = job.id if job is not None else None
        read = draft_text(bench, found, asked, run_id)
        return read.model_copy(update={"others": others[1:]})


def _claims(shown: Draft) -> list[ClaimLine]:
    return [
        ClaimLine(
            id=one.id,
            text=plain(shown, one.text),
            stance=one.stance.value,
            quotes=list(one.quote_ids),
            against=list(one.counter_quote_ids),
            numbers=list(one.fact_ids),
        )
        for one in shown.claims.values()
    ]


def draft_of(caller: Caller, bench: Workbench, known_id: str, version: int | None = None) -> Draft:
    """A draft by its id or its run's. Raises: NotFound; HttpProblem 409 where its writing failed or goes on."""
    try:
        return find_draft(caller.service, bench, known_id, version)
    except NotFound as problem:
        raise NotFound(problem.message, hint=_NAMED) from problem
    except HttpProblem as problem:
        if problem.code != "not-written-yet":
            raise
        raise HttpProblem(
            problem.status, problem.code, problem.detail, "Ask get_draft with wait_s."
        ) from problem
