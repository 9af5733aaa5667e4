"""Sample records of a file, for people who look before they import. They show what would be stored, cut to a readable length."""

from collections.abc import Iterator

from assistant.domain.personal.find import find_personal
from assistant.domain.record import Record
from ingest.build import Built, Candidate
from ingest.port import FileReport, Sample

SAMPLES = 3
"""Per file."""
_CHARS = 600
_BEYOND = 300
"""Characters after the cut that are looked at, so that no half of an address stands before it."""


def sampled(rows: Iterator[Built], report: FileReport) -> Iterator[Built]:
    """The same rows; the first records go into the report, each as it would be stored."""
    for row in rows:
        for candidate in row.candidates[: SAMPLES - len(report.samples)]:
            report.samples.append(sample_of(candidate))
        yield row


def sample_of(candidate: Candidate) -> Sample:
    """The record of a candidate as a sample."""
    record, text = candidate.record, candidate.cleaned.text
    return Sample(
        id=record.id,
        text=_cut(text),
        chars=len(text),
        language=record.language,
        title=record.title,
        external_id=record.external_id,
        person=record.person,
        account=record.account,
        rating=record.rating,
        said_at=_said(record),
        url=record.url,
        segments=record.segments,
    )


def _said(record: Record) -> str | None:
    return record.said_at.isoformat() if record.said_at else None


def _cut(text: str) -> str:
    """The beginning of a text. It never ends inside personal data, which a mask would then miss."""
    if len(text) <= _CHARS:
        return text
    end = _CHARS
    for span in find_personal(text[: _CHARS + _BEYOND]):
        if span.start < end < span.end:
            end = span.start
    return f"{text[:end].rstrip()} …"
