"""The laws hold for answers as for drafts: the same graders look at them, and a sentence that they block isn't said."""

from assistant.domain.draft import ClaimsBlock, Draft, Provenance, Section
from assistant.domain.evidence import Scope
from assistant.domain.fact import Fact
from assistant.domain.thread import Body
from assistant.telemetry import get_logger
from assistant.workbench import Workbench
from evals.check import grade
from evals.registry import graders
from evals.view import view_of

_APPLIED = (
    "ids_resolve",
    "placeholders",
    "quote_verbatim",
    "numbers_bound",
    "numbers_recomputed",
    "claims_supported",
    "injected_text",
    "secrets",
    "markup",
    "hidden_characters",
)
_KIND = "insight_summary"


def grounded(bench: Workbench, body: Body) -> Body:
    """The sentences of an answer that every grader of truth lets pass. Raises: StoreError."""
    if not body.claim_ids:
        return body
    draft = as_draft(bench, body)
    view = view_of(bench, draft)
    applied = [grader for name, grader in graders().items() if name in _APPLIED]
    report = grade(draft, view, applied)
    wrong = {finding.target for finding in report.blocking}
    kept = tuple(name for name in body.claim_ids if not _rests_on(body, name, wrong))
    if len(kept) < len(body.claim_ids):
        rules = sorted({finding.grader for finding in report.blocking})
        get_logger("chat").warning("sentences of an answer were refused", graders=rules)
    return body.model_copy(update={"claim_ids": kept, "claims": {name: body.claims[name] for name in kept}})


def as_draft(bench: Workbench, body: Body) -> Draft:
    """An answer as a document of one section, for graders."""
    block = ClaimsBlock(claim_ids=body.claim_ids, style="list")
    return Draft(
        id="answer",
        workspace=bench.workspace,
        kind=_KIND,
        title="Answer",
        brief="",
        scope=_scope(list(body.facts.values())),
        sections=(Section(id="summary", title="Answer", blocks=(block,)),),
        claims=body.claims,
        quotes=body.quotes,
        facts=body.facts,
        selections=body.selections,
        provenance=Provenance(
            prompt_id="chat",
            prompt_sha256="",
            writer="extractive",
            corpus=bench.corpus().snapshot,
            settings="",
        ),
    )


def _scope(facts: list[Fact]) -> Scope:
    """The scope that all facts lie in."""
    scopes = [fact.filter.scope for fact in facts]
    return scopes[0] if scopes and all(one == scopes[0] for one in scopes) else Scope()


def _rests_on(body: Body, name: str, wrong: set[str]) -> bool:
    claim = body.claims[name]
    return not wrong.isdisjoint((name, *claim.quote_ids, *claim.counter_quote_ids, *claim.fact_ids))
