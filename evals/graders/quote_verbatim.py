"""Every quote is the record's own text, byte for byte, cut where it doesn't change its meaning; none is typed."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from assistant.domain.draft import PLACEHOLDER, Draft
from assistant.domain.evidence import Quote
from assistant.domain.finding import Finding, Severity
from assistant.domain.record import Record, RecordKind
from assistant.stores.port import CorpusRows
from evals.grader import Grader
from evals.language.match import contains
from evals.language.negation import cut_negation, cuts_word
from evals.language.saying import cited
from evals.reading.prose import places
from evals.recounting.recount import in_scope
from evals.sample import sample_quote, with_quote
from evals.view import EvidenceView

_NAME = "quote_verbatim"
_TYPED = re.compile(r"[“\"„«「]([^“”\"„«»「」]{12,}?)[”\"“»」]")
_SPEECH = re.compile(
    r"(?::|\b(?:says?|said|writes?|wrote|reports?|reported|puts it|asks?|words))\s*\Z", re.IGNORECASE
)
_FIRST_PERSON = re.compile(r"\b(?:I|we|my|our|me|us|ich|wir|mein\w*|unser\w*)\b", re.IGNORECASE)


def quote_verbatim(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on a quote that differs from its record's revision, lies outside the scope, or is cut so that it turns around.

    Block, too, on words in quotation marks that are spoken but stand in no quote of the draft.
    """
    found = [finding for key, quote in draft.quotes.items() for finding in _quote(key, quote, draft, view)]
    return [*found, *_typed(draft, view)]


def _quote(key: str, quote: Quote, draft: Draft, view: EvidenceView) -> Iterator[Finding]:
    record = view.records.get((quote.record_id, quote.revision))
    if record is None or not record.workspace == view.workspace == draft.workspace:
        yield _finding(
            key, f"{key} cites {quote.record_id}, which this workspace doesn't hold in that revision."
        )
        return
    stands = record.raw[quote.start : quote.end]
    if stands.encode("utf-8", "surrogatepass") != quote.text.encode("utf-8", "surrogatepass"):
        yield _finding(key, f"{key} differs from what {quote.record_id} says there.", stands[:200])
        return
    if wrong := [name for name, ok in _credits(quote, record).items() if not ok]:
        yield _finding(key, f"{key} gives another {' and '.join(wrong)} than its record.")
    if not _within(key, record, draft, view):
        yield _finding(key, f"{key} cites {quote.record_id}, which is outside of the draft's scope.")
    if quote.text != quote.text.strip():
        yield _finding(key, f"{key} begins or ends with a blank.", advise=True)
    if cuts_word(record.raw, quote.start, quote.end):
        yield _finding(
            key, f"{key} begins or ends inside a word.", record.raw[max(0, quote.start - 20) : quote.end + 20]
        )
    elif negation := cut_negation(record.raw, quote.start, quote.end, record.language):
        context = record.raw[max(0, quote.start - 40) : quote.end + 40]
        yield _finding(key, f"{key} leaves out the '{negation}' beside it, which turns it around.", context)


def _credits(quote: Quote, record: Record) -> dict[str, bool]:
    return {
        "source": quote.source == record.source,
        "person": quote.person == record.person,
        "date": quote.said_at == record.said_at,
    }


def _within(key: str, record: Record, draft: Draft, view: EvidenceView) -> bool:
    if record.kind is RecordKind.competitor and record.kind not in draft.scope.kinds:
        # A scope narrows customers' voices. What competitors publish may stand in their own section, as their word.
        return _citing_sections(key, draft) <= {"competitors", "evidence"}
    return in_scope(
        draft.scope,
        kind=record.kind.value,
        source=record.source,
        language=record.language,
        account=record.account,
        segments=record.segments,
        said_at=record.said_at.timestamp() if record.said_at else None,
        rating=record.rating,
        **_facets(record.id, view.corpus),
    )


def _facets(record_id: str, corpus: CorpusRows) -> dict[str, str | None]:
    """Type and sentiment of a record, as the corpus has them now; none where it isn't there."""
    place = bisect_left(corpus.record_ids, record_id)
    if not corpus.type or corpus.record_ids[place : place + 1] != (record_id,):
        return {}
    return {"type": corpus.type[place], "sentiment": corpus.sentiment[place]}


def _citing_sections(key: str, draft: Draft) -> set[str]:
    citing = {
        claim.id for claim in draft.claims.values() if key in (*claim.quote_ids, *claim.counter_quote_ids)
    }
    return {
        section.id
        for section in draft.sections
        for block in section.blocks
        if key in getattr(block, "quote_ids", ()) or citing & set(getattr(block, "claim_ids", ()))
    }


def _typed(draft: Draft, view: EvidenceView) -> Iterator[Finding]:
    said = [draft.brief, *(quote.text for quote in draft.quotes.values())]
    said += [name for one in draft.selections.values() for name in re.findall(r"«([^»]+)»", one.rule)]
    said += [_no_digits(record.title) for record in view.records.values() if record.title]
    for place in places(draft):
        for match in _TYPED.finditer(place.text):
            words = PLACEHOLDER.sub(lambda found: _filled(draft, found.group(1)), match.group(1))
            if is_saying(place.text[: match.start()], words) and not any(
                contains(text, words) for text in said
            ):
                yield Finding(
                    grader=_NAME,
                    severity=Severity.block,
                    target=place.target,
                    span=match.span(),
                    message=f"Nobody is on record with {cited(words, 80)}",
                    fix="Cite a quote by its id, or leave the quotation marks out.",
                )


def is_saying(before: str, words: str) -> bool:
    """Whether words in quotation marks are somebody's speech rather than a name. Args: before: the text up to them."""
    number = len(words.split())
    return number >= 7 or (number >= 4 and bool(_SPEECH.search(before) or _FIRST_PERSON.search(words)))


def _no_digits(title: str) -> str:
    return " ".join(re.sub(r"\d", "", title).split())


def _filled(draft: Draft, name: str) -> str:
    if name in draft.quotes:
        return draft.quotes[name].text
    return draft.facts[name].display if name in draft.facts else name


def _finding(target: str, message: str, evidence: str = "", *, advise: bool = False) -> Finding:
    return Finding(
        grader=_NAME,
        severity=Severity.advise if advise else Severity.block,
        target=target,
        message=message,
        evidence=evidence,
        fix="Cut the quote from the record again, or take it out.",
    )


def _good(draft: Draft) -> Draft:
    whole = sample_quote(
        "rec_a", "The timetable does not load on a slow line. I wish I could keep it on the phone."
    )
    return with_quote(draft, "Q1", start=whole.start, end=whole.end, text=whole.text)


def _bad(draft: Draft) -> Draft:
    part = sample_quote("rec_a", "load on a slow line.")
    return with_quote(draft, "Q1", start=part.start, end=part.end, text=part.text)


GRADER = Grader(_NAME, 1, Severity.block, quote_verbatim, _good, _bad)
