"""Taking a person's words out of a stored draft, so that what is left still opens, renders and can be checked."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from assistant.domain.draft import Draft, DraftStatus
from assistant.domain.erased_words import ErasedWords
from assistant.domain.erasure import ERASED_RECORD, GRADER, MARK
from assistant.domain.fact import Measure
from assistant.domain.finding import CheckReport, Finding, Severity, Verdict

_EXTRACTIVE = "extractive"
_NO_WORDS = frozenset(
    [
        "id",
        "type",
        "schema_version",
        "kind",
        "kinds",
        "workspace",
        "status",
        "language",
        "languages",
        "stance",
        "measure",
        "path",
        "priority",
        "style",
        "level",
        "prompt_id",
        "prompt_sha256",
        "writer",
        "corpus",
        "settings",
        "embedder",
        "calls",
        "record_id",
        "revision",
        "said_at",
        "as_of",
        "since",
        "until",
        "selection",
        "peers",
        "record_ids",
        "claim_ids",
        "quote_ids",
        "counter_quote_ids",
        "fact_ids",
        "story_ids",
        "depends_on",
        "locks",
        "assumptions",
        "param",
        "verdict",
        "grader",
        "severity",
        "target",
        "parameters",
        "retrieved",
        "quotes",
        "report",
    ]
)
"""Fields of a draft that hold ids, hashes, dates and names of our own; quotes are dealt with one by one."""
_PROSE = frozenset(
    [
        "title",
        "role",
        "want",
        "benefit",
        "text",
        "reason",
        "mitigation",
        "name",
        "ask",
        "given",
        "when",
        "then",
        "note",
    ]
)
"""Fields of a block that rest on its claims."""
_GONE_QUOTE = {
    "record_id": ERASED_RECORD, "revision": "", "start": 0, "end": len(MARK), "text": MARK, "source": "",
    "person": None, "said_at": None, "language": "und", "anchor": None,
}  # fmt: skip


@dataclass(frozen=True)
class Redacted:
    """A draft without a person's words."""

    draft: Draft
    quotes: int
    """Quotes that were taken out of it."""


def rests_on(draft: Draft, words: ErasedWords, record_ids: frozenset[str]) -> bool:
    """Whether a draft was made with records that are erased, or repeats them."""
    named = {quote.record_id for quote in draft.quotes.values()}
    named.update(one for selection in draft.selections.values() for one in selection.record_ids)
    named.update(passage.partition(".")[0] for passage in draft.provenance.retrieved)
    if named & record_ids:
        return True
    return _some(draft.model_dump(mode="json"), words.occur_in)


def redact_draft(draft: Draft, words: ErasedWords, record_ids: frozenset[str], reason: str) -> Redacted:
    """The draft as it may be kept: quotes, what rests on them alone, and every repetition replaced by a mark; stale, with the reason.

    A claim goes with its quotes where all of them are erased. Where a model worded the draft, one is enough: it may have said the
    same in other words. Numbers stay as they were counted; the selections that they are counted over lose the records.
    """
    held: dict[str, Any] = draft.model_dump(mode="json")
    gone = {name for name, quote in draft.quotes.items() if quote.record_id in record_ids}
    held["quotes"] |= dict.fromkeys(gone, _GONE_QUOTE)
    _clear_claims(held, draft, gone)
    for selection in held["selections"].values():
        selection["record_ids"] = [one for one in selection["record_ids"] if one not in record_ids]
    found = held["provenance"]["retrieved"]
    held["provenance"]["retrieved"] = [one for one in found if one.partition(".")[0] not in record_ids]
    for fact in held["facts"].values():
        if fact["measure"] == Measure.stated and (name := fact["param"].partition(":")[0]) in gone:
            fact |= {"value": MARK, "param": f"{name}:0:{len(MARK)}"}
    held = {
        name: value if name in _NO_WORDS else without_words(value, words, skip=_NO_WORDS)
        for name, value in held.items()
    }
    held |= {"status": DraftStatus.stale.value, "stale_reason": reason, "report": None}
    left = Draft.model_validate_json(json.dumps(held))
    return Redacted(left.model_copy(update={"report": _report(reason)}), len(gone))


def without_words(
    value: JsonValue, words: ErasedWords, *, nearby: bool = True, skip: frozenset[str] = frozenset()
) -> JsonValue:
    """JSON with a mark in place of erased words.

    Args:
        nearby: whether it is known to be made with the erased texts.
        skip: fields that hold no words.
    """
    if isinstance(value, str):
        return words.redacted(value, nearby=nearby)
    if isinstance(value, list):
        return [without_words(one, words, nearby=nearby, skip=skip) for one in value]
    if isinstance(value, dict):
        return {
            name: one if name in skip else without_words(one, words, nearby=nearby, skip=skip)
            for name, one in value.items()
        }
    return value


def erased_finding(reason: str) -> Finding:
    """What a check says of a draft that rests on what was erased."""
    return Finding(
        grader=GRADER,
        severity=Severity.block,
        target="draft",
        message=reason,
        fix="Write it again: the same kind and brief over the records that are there now.",
    )


def _clear_claims(held: dict[str, Any], draft: Draft, gone: set[str]) -> None:
    extractive = draft.provenance.writer == _EXTRACTIVE
    cleared = set()
    for name, claim in draft.claims.items():
        proof = {*claim.quote_ids, *claim.counter_quote_ids}
        if proof and (proof <= gone or (proof & gone and not extractive)):
            held["claims"][name]["text"] = MARK
            cleared.add(name)
    for section in held["sections"]:
        for block in section["blocks"]:
            rests = block.get("claim_ids") or ()
            if block["type"] != "claims" and rests and set(rests) <= cleared:
                _clear(block)


def _clear(block: dict[str, Any]) -> None:
    for name in _PROSE & block.keys():
        block[name] = [MARK] if isinstance(block[name], list) else MARK if block[name] else ""
    for criterion in block.get("criteria", ()):
        _clear(criterion)


def _report(reason: str) -> CheckReport:
    return CheckReport(verdict=Verdict.needs_fixes, findings=(erased_finding(reason),))


def _some(value: JsonValue | Mapping[str, Any], test: Callable[[str], bool]) -> bool:
    if isinstance(value, str):
        return test(value)
    if isinstance(value, dict):
        return any(_some(one, test) for name, one in value.items() if name not in _NO_WORDS)
    if isinstance(value, list):
        return any(_some(one, test) for one in value)
    return False
