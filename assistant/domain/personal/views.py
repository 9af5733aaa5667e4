"""Drafts, hits and reports as they are shown: with masks for personal data. What is stored stays as it is."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import JsonValue, TypeAdapter

from assistant.domain.draft import Draft
from assistant.domain.evidence import Hit, Quote
from assistant.domain.finding import CheckReport, Finding
from assistant.domain.personal.find import find_personal, masked
from assistant.domain.personal.kinds import PersonalKind

Known = Mapping[str, PersonalKind]
"""Personal words that were found somewhere in a document, to be masked everywhere in it."""

_SHOWN = ("title", "brief", "scope", "sections", "claims", "facts", "selections")
"""Fields of a draft that hold people's words. Ids, hashes and offsets are none."""
_SHORTEST = 5
"""Shorter ones are masked only where they stand: `@bo` elsewhere is half of something else."""


def masked_value(value: JsonValue, known: Known | None = None) -> JsonValue:
    """JSON with every text in it masked; names of fields stay."""
    if isinstance(value, str):
        return masked(_without(value, known or {}))
    if isinstance(value, dict):
        return {name: masked_value(held, known) for name, held in value.items()}
    if isinstance(value, list):
        return [masked_value(held, known) for held in value]
    return value


def masked_mapping(value: Mapping[str, Any]) -> dict[str, Any]:
    """An event's data with every text in it masked."""
    return {name: masked_value(held) for name, held in value.items()}


def masked_quote(quote: Quote, known: Known | None = None) -> Quote:
    """The quote with a masked text; its offsets still say where the whole of it stands in the raw record."""
    text = masked(_without(quote.text, known or {}))
    anchor = masked(quote.anchor) if quote.anchor else quote.anchor
    if text == quote.text and anchor == quote.anchor:
        return quote
    # A copy isn't validated: the masked text is not as long as its span.
    return quote.model_copy(update={"text": text, "anchor": anchor})


def masked_hit(hit: Hit) -> Hit:
    """A search result as it is shown."""
    return hit.model_copy(update={"quote": masked_quote(hit.quote)})


def masked_report(report: CheckReport, known: Known | None = None) -> CheckReport:
    """A check's report as it is shown: messages and evidence repeat words of records."""
    findings = tuple(_masked_finding(one, known) for one in report.findings)
    return report.model_copy(update={"findings": findings})


def _masked_finding(one: Finding, known: Known | None) -> Finding:
    words = {name: str(masked_value(getattr(one, name), known)) for name in ("message", "evidence", "fix")}
    told = one.overruled
    if told is not None:
        told = told.model_copy(update={"reason": str(masked_value(told.reason, known))})
    return one.model_copy(update={**words, "overruled": told})


def masked_draft(draft: Draft) -> Draft:
    """The draft as it is shown: whatever is personal in one of its texts is masked in all of them.

    The result is for showing only: a masked quote is not as long as its span says, so it can't be validated or stored.
    """
    held = draft.model_dump(mode="json")
    known = _known(draft, held)
    if not known:
        return draft
    shown = {**held, **{name: masked_value(held[name], known) for name in _SHOWN}, "report": None}
    provenance = draft.provenance.model_copy(
        update={
            "removed": tuple(
                one.model_copy(update={"text": str(masked_value(one.text, known)), "reason": str(masked_value(one.reason, known))})
                for one in draft.provenance.removed
            )
        }
    )  # fmt: skip
    # As JSON text it could not be read back where a record holds half a surrogate pair.
    return _DRAFT.validate_python(shown).model_copy(
        update={
            "quotes": {name: masked_quote(quote, known) for name, quote in draft.quotes.items()},
            "provenance": provenance,
            "report": masked_report(draft.report, known) if draft.report else None,
        }
    )


_DRAFT = TypeAdapter(Draft)


def _known(draft: Draft, held: Mapping[str, JsonValue]) -> dict[str, PersonalKind]:
    """What is personal in any text of the draft, the longest first, so that none is cut by a part of it."""
    texts = [quote.text for quote in draft.quotes.values()]
    texts += [quote.anchor for quote in draft.quotes.values() if quote.anchor]
    texts += [text for name in (*_SHOWN, "report") for text in _texts(held[name])]
    texts += [text for one in draft.provenance.removed for text in (one.text, one.reason)]
    found = {
        text[one.start : one.end]: one.kind for text in dict.fromkeys(texts) for one in find_personal(text)
    }
    return dict(sorted(found.items(), key=lambda item: (-len(item[0]), item[0])))


def _texts(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for held in value.values():
            yield from _texts(held)
    elif isinstance(value, list):
        for held in value:
            yield from _texts(held)


def _without(text: str, known: Known) -> str:
    for words, kind in known.items():
        if len(words) >= _SHORTEST and words in text:
            text = text.replace(words, kind.mask)
    return text
