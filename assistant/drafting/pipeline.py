"""`draft`: from a request to a Draft whose quotes and numbers are cut and counted by code.

Steps: survey the evidence, write the sections, ground them. Checking and revising is the gate's work (`evals/gate.py`).
"""

import re
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np

from assistant.domain.base import digest
from assistant.domain.draft import Draft, Provenance, Section
from assistant.domain.events import EventType
from assistant.domain.evidence import Scope
from assistant.domain.fact import Measure
from assistant.domain.ids import draft_id
from assistant.domain.record import RecordKind
from assistant.domain.request import DraftRequest
from assistant.drafting.assemble import renumber, tidy
from assistant.drafting.closing import with_assumptions
from assistant.drafting.desk import Desk
from assistant.drafting.editing.locks import keep_locked
from assistant.drafting.editing.settle import settled
from assistant.drafting.extract import extract, too_little
from assistant.drafting.facts import FactBook
from assistant.drafting.formats.tree import plain
from assistant.drafting.needs import Landscape, survey
from assistant.drafting.profile import TOO_FEW
from assistant.drafting.reader import Reader
from assistant.drafting.stored import stored_themes
from assistant.drafting.write import reword
from assistant.errors import NotFound, UnknownKind, UsageError
from assistant.llm.port import ChatModel
from assistant.llm.prices import cost_of, prices_of
from assistant.search.matrix import matrix_of
from assistant.search.scope import record_mask
from assistant.workbench import Workbench
from prompts.loader import Prompt, kinds

EXTRACTIVE = "extractive"
"""Name of the writer that is no model."""
_LONGEST_TITLE = 160
Emit = Callable[[EventType, dict[str, Any]], None]
"""Called with each event of the writing; whoever keeps the log numbers it."""


def draft(bench: Workbench, request: DraftRequest, emit: Emit | None = None) -> Draft:
    """Write a draft. It has no report yet and isn't saved.

    Raises: UnknownKind, NotFound (parent), UsageError (a language that needs a model), ModelError, StoreError.
    """
    tell: Emit = emit or (lambda _type, _data: None)
    spec = _spec(request.kind)
    if request.language != "en" and bench.model is None:
        raise UsageError(
            f"The extractive writer writes English only, not '{request.language}'.",
            hint="Set VOXSPEC_MODEL to a language model, or leave out --lang; quotes stay in their language either way.",
        )
    parent = _parent(bench, request)
    tell("step.started", {"step": "survey"})
    matrix = matrix_of(bench)
    book = FactBook(matrix, working_scope(request.scope))
    mask = record_mask(matrix, book.scope)
    tells_all = spec.layout == "insight_summary" and not request.brief.strip()
    stored = stored_themes(bench, mask) if tells_all else None
    desk = Desk(stored.reader if stored else Reader(bench, matrix), book, counts_of(book))
    landscape = (
        stored.landscape
        if stored
        else survey(bench, desk.reader, request.brief, mask, split=spec.layout == "insight_summary")
    )
    found = {"needs": len(landscape.groups), "passages": len(landscape.retrieved)}
    tell("step.completed", {"step": "survey", **found})

    tell("step.started", {"step": "outline"})
    for assumed in request.assumptions:
        desk.assume(_shown(assumed))
    enough = _people(desk, landscape, troubled=spec.layout != "insight_summary") >= TOO_FEW
    brief = _shown(request.brief)
    if enough:
        title, sections = extract(bench, desk, landscape, spec, brief, request.max_items, stored)
        # A draft that shows nobody's words proves nothing.
        enough = bool(desk.quotes)
    if not enough:
        title, sections = too_little(desk, landscape, spec, brief)
    if request.assumptions:
        sections = with_assumptions(desk, sections)
    written = _draft(
        bench,
        request,
        parent,
        desk,
        title,
        sections,
        _provenance(bench, request, spec, landscape, enough, stored.themes.stamp if stored else ""),
    )
    written = keep_locked(parent, settled(parent, tidy(written))) if parent else renumber(tidy(written))
    _tell_outline(tell, written, desk, landscape, request.max_items)
    _tell_written(tell, written)
    if bench.model is None or not enough:
        return written
    return _worded(bench, bench.model, written, spec, tell)


def _draft(
    bench: Workbench,
    request: DraftRequest,
    parent: Draft | None,
    desk: Desk,
    title: str,
    sections: list[Section],
    provenance: Provenance,
) -> Draft:
    own_id = draft_id(
        bench.workspace, request.kind, request.brief, request.scope.model_dump(mode="json"), request.language,
        request.max_items, provenance.corpus, _writer(bench), provenance.settings, provenance.prompt_sha256,
        *request.assumptions,
    )  # fmt: skip
    return Draft(
        id=parent.id if parent else own_id,
        workspace=bench.workspace,
        kind=request.kind,
        title=title,
        version=parent.version + 1 if parent else 1,
        parent_version=parent.version if parent else None,
        language=request.language,
        brief=request.brief,
        scope=desk.book.scope,
        max_items=request.max_items,
        assumptions=request.assumptions,
        sections=tuple(sections),
        claims=desk.claims,
        quotes=desk.quotes,
        facts=desk.book.facts,
        selections=desk.book.selections,
        provenance=provenance,
    )


def _provenance(
    bench: Workbench, request: DraftRequest, spec: Prompt, landscape: Landscape, enough: bool, themes: str
) -> Provenance:
    return Provenance(
        prompt_id=f"{spec.id}.v{spec.version}",
        prompt_sha256=spec.sha256,
        writer=EXTRACTIVE,
        parameters={"max_items": request.max_items, "enough_evidence": enough}
        | ({"themes": themes} if themes else {}),
        corpus=bench.corpus().snapshot,
        settings=_settings_hash(bench, request, themes),
        embedder=bench.embedder.identity,
        retrieved=landscape.retrieved,
    )


def _tell_outline(tell: Emit, written: Draft, desk: Desk, landscape: Landscape, most: int) -> None:
    """What is to come, before the first sentence: the sections, and the chosen needs with how many speak of each."""
    people = desk.reader.matrix.person if desk.counts is Measure.people else desk.reader.matrix.voice
    needs = []
    for one in landscape.groups[:most]:
        codes = people.codes[desk.reader.hear(one.passages).usable.rows]
        named = one.label or _shown(written.brief) or ", ".join(one.keywords[:3])
        needs.append({"name": named, str(desk.counts): len(np.unique(codes[codes >= 0]))})
    sections = [{"id": one.id, "title": plain(written, one.title)} for one in written.sections]
    told = {"title": plain(written, written.title), "sections": sections, "needs": needs}
    tell("step.completed", {"step": "outline", **told})


def _tell_written(tell: Emit, written: Draft) -> None:
    tell("step.started", {"step": "write"})
    for name, quote in written.quotes.items():
        span = {"record_id": quote.record_id, "start": quote.start, "end": quote.end}
        tell("draft.citation.added", {"quote": name, **span})
    for section in written.sections:
        tell("draft.text.delta", {"section": section.id, "text": section.title})
        for block in section.blocks:
            for name in block.claim_ids if block.type == "claims" else ():
                tell("draft.text.delta", {"target": name, "text": plain(written, written.claims[name].text)})
    tell(
        "step.completed", {"step": "write", "sections": len(written.sections), "claims": len(written.claims)}
    )


def _worded(bench: Workbench, model: ChatModel, written: Draft, spec: Prompt, tell: Emit) -> Draft:
    tell("step.started", {"step": "word", "model": model.name})
    worded = reword(
        model,
        written,
        spec,
        lambda where, piece: tell("draft.text.delta", {"target": where, "text": piece}),
        show_personal=bench.settings.show_personal_data,
    )
    tell(
        "step.completed",
        {"step": "word", "refused": len(worded.provenance.removed), "calls": len(worded.provenance.calls)},
    )
    of = worded.provenance
    if not of.calls:
        return worded
    cost = cost_of(prices_of(bench.settings), bench.settings.model, of.tokens_in, of.tokens_out)
    return worded.model_copy(
        update={"provenance": of.model_copy(update={"writer": model.name, "cost": cost})}
    )


def _writer(bench: Workbench) -> str:
    """Who is asked to write; it is part of the draft's id also where the evidence leaves nothing to word."""
    return bench.model.name if bench.model else EXTRACTIVE


def _spec(kind: str) -> Prompt:
    known = kinds()
    if kind not in known:
        raise UnknownKind(
            f"There is no kind of draft called '{kind[:60]}'.", hint=f"Kinds: {', '.join(sorted(known))}."
        )
    return known[kind]


def _parent(bench: Workbench, request: DraftRequest) -> Draft | None:
    if request.parent is None:
        return None
    parent = bench.catalog.drafts.get(bench.workspace, request.parent, request.parent_version)
    if parent is None:
        raise NotFound(f"There is no draft '{request.parent[:60]}' in the workspace '{bench.workspace}'.")
    return parent


def counts_of(book: FactBook) -> Measure:
    """What «how many» counts over these records: people, where at least four of five records have an author."""
    rows = book.rows(None, book.scope)
    known = int((book.matrix.person.codes[rows] >= 0).sum())
    return Measure.people if len(rows) and known >= 0.8 * len(rows) else Measure.records


def _people(desk: Desk, landscape: Landscape, *, troubled: bool) -> int:
    """How many speak of it in words that count as evidence. Args: troubled: whether only those whom it troubles count."""
    if not landscape.groups:
        return 0
    heard = desk.reader.hear(np.concatenate([one.passages for one in landscape.groups])).usable
    rows = (heard.troubled if troubled else heard).rows
    column = desk.reader.matrix.person if desk.counts is Measure.people else desk.reader.matrix.voice
    codes = column.codes[rows]
    return len(np.unique(codes[codes >= 0]))


def _shown(brief: str) -> str:
    """The brief as it stands in a title: on one line, without braces, not too long."""
    words = " ".join(re.sub(r"[{}]", "", brief).split())
    return words if len(words) <= _LONGEST_TITLE else f"{words[:_LONGEST_TITLE].rsplit(' ', 1)[0]} …"


def _settings_hash(bench: Workbench, request: DraftRequest, themes: str) -> str:
    # With a model, what it is shown bears on what it writes.
    personal = ("personal",) if bench.model and bench.settings.show_personal_data else ()
    named = (version("voxspec"), bench.settings.model, bench.embedder.identity, request.language)
    return digest(*named, *personal, *((themes,) if themes else ()), size=8)


def working_scope(scope: Scope) -> Scope:
    """The scope that a draft counts over: customers, where no kind is named."""
    return scope if scope.kinds else scope.model_copy(update={"kinds": (RecordKind.customer,)})
