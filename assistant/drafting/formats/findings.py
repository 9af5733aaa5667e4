"""The findings of a draft's check as nodes, for every format: what was found, what mends it, who overruled it and why."""

from assistant.domain.draft import Draft
from assistant.domain.finding import Finding
from assistant.drafting.formats.nodes import Heading, Node, Spans, Table, Text

_HEADER = ("gate", "where", "finding", "fix")


def finding_nodes(draft: Draft) -> list[Node]:
    """A table of all findings; nothing where there are none."""
    if draft.report is None or not draft.report.findings:
        return []
    rows = tuple(_row(one) for one in draft.report.findings)
    header = tuple((Text(name),) for name in _HEADER)
    return [Heading(2, (Text("Findings of the check"),)), Table(header, rows)]


def _row(finding: Finding) -> tuple[Spans, ...]:
    told = finding.overruled
    by = f" Overruled by {told.by} on {told.at.date().isoformat()}: {told.reason}" if told else ""
    return (
        (Text("overruled" if told else finding.severity.value, "strong"),),
        (Text(f"{finding.target} ({finding.grader})"),),
        (Text(_one_line(finding.message)), *((Text(_one_line(by), "em"),) if by else ())),
        (Text(_one_line(finding.fix) or "—"),),
    )


def _one_line(text: str) -> str:
    lead = " " if text.startswith(" ") else ""
    return lead + " ".join(text.split())
