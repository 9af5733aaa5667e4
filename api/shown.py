"""What leaves through the command line and over HTTP: masked, unless the workspace shows personal data.

`voxspec record`, `voxspec export` and `/v1/records` are not here: they give raw records, byte for byte.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from assistant.domain.draft import Draft
from assistant.domain.draft_diff import Change, DraftDiff, VersionNote
from assistant.domain.edit import Edit, Reword
from assistant.domain.evidence import Hit
from assistant.domain.finding import CheckReport, Verdict
from assistant.domain.personal.find import masked
from assistant.domain.personal.views import (
    masked_draft,
    masked_hit,
    masked_mapping,
    masked_quote,
    masked_report,
    masked_value,
)
from assistant.domain.staleness import StaleClaim
from assistant.domain.thread import Option, Thread, Turn
from assistant.domain.triage import Alike, Triage
from assistant.drafting.editing.compare import pieces
from assistant.drafting.editing.proposals import Proposal
from assistant.drafting.formats.tree import plain
from assistant.settings import Settings
from evals.runs.outcome import CaseResult, EvalRun, SetRun
from ingest.options import IngestResult
from ingest.port import FileReport, Sample

_EDITS = TypeAdapter(list[Edit])


def shown_draft(settings: Settings, draft: Draft) -> Draft:
    """A draft for a reader."""
    return draft if settings.show_personal_data else masked_draft(draft)


def shown_title(settings: Settings, draft: Draft) -> str:
    """Its title as plain text, for a reader."""
    return shown_text(settings, plain(draft, draft.title))


def shown_stale(settings: Settings, claim: StaleClaim) -> StaleClaim:
    """A claim that no longer holds, for a reader."""
    if settings.show_personal_data:
        return claim
    moved = tuple(
        one.model_copy(update={"before": masked(one.before), "after": masked(one.after)})
        for one in claim.moved
    )
    told = {name: masked(getattr(claim, name)) for name in ("reason", "before", "after")}
    return claim.model_copy(update=told | {"moved": moved})


def shown_diff(settings: Settings, told: DraftDiff) -> DraftDiff:
    """What differs between versions, for a reader. Words are compared again where one of the texts is masked."""
    if settings.show_personal_data:
        return told
    check = told.check.model_copy(
        update={
            name: masked_report(
                CheckReport(verdict=Verdict.ready, findings=getattr(told.check, name))
            ).findings
            for name in ("solved", "raised")
        }
    )
    changes = tuple(map(_masked_change, told.changes))
    why = tuple(map(masked, told.why))
    return told.model_copy(update={"changes": changes, "check": check, "why": why})


def _masked_change(one: Change) -> Change:
    before, after = masked(one.before), masked(one.after)
    if (before, after) == (one.before, one.after):
        return one
    compared = pieces(before, after) if one.pieces else ()
    return one.model_copy(update={"before": before, "after": after, "pieces": compared})


def shown_proposal(settings: Settings, told: Proposal, wanted: Reword) -> Proposal:
    """Another wording, for a reader. Where its words are masked, what takes it is the wish itself: by rules it gives the same again."""
    if settings.show_personal_data:
        return told
    before, after = masked(told.before), masked(told.after)
    if (before, after) == (told.before, told.after):
        return told
    compared = {"before": before, "after": after, "pieces": pieces(before, after)}
    return told.model_copy(update=compared | ({"edit": wanted} if told.edit else {}))


def shown_edits(settings: Settings, edits: Sequence[Edit]) -> list[Edit]:
    """Edits for a reader; masked ones are for looking at."""
    if settings.show_personal_data:
        return list(edits)
    held = [masked_value(one.model_dump(mode="json")) for one in edits]
    return _EDITS.validate_python(held)


def shown_note(settings: Settings, note: VersionNote) -> VersionNote:
    """How a version came about, for a reader: edits hold what people typed."""
    if settings.show_personal_data or not note.edits:
        return note
    held = masked_value(note.model_dump(mode="json"))
    return VersionNote.model_validate(held)


def shown_hits(settings: Settings, hits: Sequence[Hit]) -> list[Hit]:
    """Search results for a reader."""
    return list(hits) if settings.show_personal_data else [masked_hit(hit) for hit in hits]


def shown_alike(settings: Settings, found: Sequence[Alike]) -> list[Alike]:
    """Tickets that say the same, for a reader."""
    return [one.model_copy(update={"title": shown_text(settings, one.title)}) for one in found]


def shown_triage(settings: Settings, told: Triage) -> Triage:
    """What was worked out of a ticket, for a reader."""
    if settings.show_personal_data:
        return told
    quotes = {name: tuple(map(masked_quote, getattr(told, name))) for name in ("steps", "expected", "actual")}
    quote = masked_quote(told.rated.quote) if told.rated.quote else None
    changes: dict[str, Any] = {
        "title": masked(told.title),
        "alike": tuple(shown_alike(settings, told.alike)),
        "rated": told.rated.model_copy(update={"quote": quote}),
    }
    return told.model_copy(update=changes | quotes)


def shown_report(settings: Settings, report: CheckReport) -> CheckReport:
    """A check's report for a reader."""
    return report if settings.show_personal_data else masked_report(report)


def shown_run(settings: Settings, run: EvalRun) -> EvalRun:
    """A run of evaluation sets for a reader: it repeats words of the sets' records."""
    if settings.show_personal_data:
        return run
    return run.model_copy(update={"sets": tuple(map(_masked_set, run.sets))})


def _masked_set(held: SetRun) -> SetRun:
    evidence = {
        name: one.model_copy(update={"text": masked(one.text)}) for name, one in held.evidence.items()
    }
    return held.model_copy(update={"evidence": evidence, "results": tuple(map(_masked_result, held.results))})


def _masked_result(result: CaseResult) -> CaseResult:
    report = CheckReport(verdict=result.verdict or Verdict.needs_fixes, findings=result.findings)
    return result.model_copy(
        update={
            "ask": masked(result.ask),
            "about": masked(result.about),
            "misses": tuple(map(masked, result.misses)),
            "findings": masked_report(report).findings,
            "quotes": tuple(one.model_copy(update={"text": masked(one.text)}) for one in result.quotes),
        }
    )


def shown_text(settings: Settings, text: str) -> str:
    """Any words for a reader."""
    return text if settings.show_personal_data else masked(text)


def shown_thread(settings: Settings, thread: Thread) -> Thread:
    """A chat for a reader."""
    return thread.model_copy(update={"title": shown_text(settings, thread.title)})


def shown_turn(settings: Settings, turn: Turn) -> Turn:
    """A message of a chat for a reader."""
    if turn.proposal is not None:
        turn = turn.model_copy(update={"proposal": shown_offer(settings, turn.proposal)})
    if settings.show_personal_data:
        return turn
    body = turn.body
    claims = {name: one.model_copy(update={"text": masked(one.text)}) for name, one in body.claims.items()}
    quotes = {name: masked_quote(one) for name, one in body.quotes.items()}
    changes: dict[str, Any] = {
        "text": masked(turn.text),
        "about": turn.about.model_copy(update={"selected": masked(turn.about.selected)}),
        "body": body.model_copy(update={"claims": claims, "quotes": quotes}),
    }
    if turn.question is not None:
        options = tuple(_masked_option(one) for one in turn.question.options)
        changes["question"] = turn.question.model_copy(
            update={"text": masked(turn.question.text), "options": options}
        )
    if turn.order is not None:
        assumed = tuple(map(masked, turn.order.assumptions))
        changes["order"] = turn.order.model_copy(
            update={"brief": masked(turn.order.brief), "assumptions": assumed}
        )
    return turn.model_copy(update=changes)


def shown_offer(settings: Settings, offer: dict[str, Any]) -> dict[str, Any]:
    """A proposal of a chat, for a reader: what would take a masked wording is the wish for it, as in `shown_proposal`."""
    pairs = list(zip(offer["edits"], offer.get("wishes", offer["edits"]), strict=True))
    if not settings.show_personal_data:
        pairs = [(edit, wish) if masked_value(edit) == edit else (wish, wish) for edit, wish in pairs]
    told = {name: held for name, held in offer.items() if name != "wishes"}
    return {**told, "edits": [edit for edit, _ in pairs]}


def _masked_option(option: Option) -> Option:
    words = {name: masked(getattr(option, name)) for name in ("text", "reason", "assumed")}
    return option.model_copy(update={**words, "change": masked_mapping(option.change)})


def shown_result(settings: Settings, result: IngestResult) -> IngestResult:
    """What an import did or would do, for a reader: the samples of a dry run repeat words of records."""
    if settings.show_personal_data:
        return result
    return replace(result, files=tuple(map(_shown_file, result.files)))


def _shown_file(report: FileReport) -> FileReport:
    return replace(report, samples=[_shown_sample(one) for one in report.samples])


def _shown_sample(sample: Sample) -> Sample:
    words = {name: getattr(sample, name) for name in ("text", "title", "external_id", "account", "url")}
    return replace(sample, **masked_mapping(words), segments=masked_mapping(sample.segments))
