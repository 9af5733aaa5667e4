"""The last part of a Markdown export, the records behind its numbers: cut off before a file is read, and held to what stands there today."""

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.domain.draft import Draft
from assistant.domain.finding import Finding
from assistant.domain.personal.views import masked_draft
from assistant.drafting.formats.behind import TITLE, Behind, queries
from assistant.drafting.formats.to_markdown import markdown
from assistant.errors import InputRejected
from assistant.workbench import Workbench
from evals.documents.blocks import MARK, folded
from evals.documents.edited import file_finding
from evals.documents.exported import behind_of

_HEADING = re.compile(rf"(?m)^## {TITLE}[ \t]*\r?$")
_LONGEST = 5_000_000
_ROW = re.compile(r'\| <a id="(?P<name>r\d{1,7})"></a>R\d{1,7} \|.*(?<!\\)\| (?P<record>[\w\\.:-]{1,200}) · ')
_LINKS_TO_QUERY = re.compile(r"\]\(#b\d{1,5}\)")
_LISTED = r"(?:\[R\d+\]\(#r\d+\)|R\d+(?: [\w\\.:-]+)?)"
_MOVING = (
    (re.compile(rf"{_LISTED}(?:(?:, |–){_LISTED})*"), "R"),
    (re.compile(r" \S+ of them repeats? what the same voice said and counts? once\."), ""),
    (re.compile(r"(?:, the same when counted again|, counted again: .*)$"), ""),
    (re.compile(r"^(?:[\d,]+ of [\d,]+ with their words, the others by id: |[\d,]+ of [\d,]+, spread over the time;[^:]*: )"), ""),
    (re.compile(r"\b(record|account)s?\b"), r"\1"),
    (re.compile(r"\b(?:person|people)\b"), "person"),
    (re.compile(r"\d[\d,.%:-]*"), "#"),
)  # fmt: skip
"""What of a line may differ once records have come or gone: counts, and which records are named."""


def without_appendix(text: str) -> tuple[str, str]:
    """A file's text without its records, and those. Raises: InputRejected for more than any file of ours holds."""
    began = _HEADING.search(text)
    if began is None:
        return text, ""
    marks = [mark.start() for mark in MARK.finditer(text) if mark.start() > began.start()]
    end = marks[-1] if marks else len(text)
    if end - began.start() > _LONGEST:
        raise InputRejected(
            "This Markdown holds more records than Voxspec writes.",
            hint=f"At most {_LONGEST:,} characters of records are read.",
        )
    return text[: began.start()] + text[end:], text[began.start() : end]


def original_of(shown: Draft, draft: Draft, text: str) -> str:
    """What was written before the records, as a file of its age has it. Args: draft: as it is stored."""
    if _LINKS_TO_QUERY.search(text) is None:
        return markdown(shown)
    return markdown(shown, queried=queries(draft)[0])


def judge_records(bench: Workbench, draft: Draft, main: str, records: str) -> Iterator[Finding]:
    """Findings about the records of a file: lines that aren't what today's records give.

    Where records came or went since, counts and lists may differ; the words of a record never.
    """
    if not records:
        if _LINKS_TO_QUERY.search(main):
            message = "The records behind the numbers are no longer in this file."
            fix = "Export it again where its readers are to open the numbers."
            yield file_finding(None, "draft", message, "", fix, blocks=False)
        return
    behind = behind_of(bench, draft, "md")
    known = set(_lines(draft, behind))
    strange = [line for line in map(folded, records.splitlines()) if line and line not in known]
    if strange:
        known |= set(_lines(draft, _with_the_files_rows(bench, behind, records)))
    shapes = {_shape(line) for line in known} if behind.has_changed else set()
    moved = 0
    for line in strange:
        if line in known:
            continue
        if not _ROW.match(line) and _shape(line) in shapes:
            moved += 1
            continue
        row = _ROW.match(line)
        target = row["name"].upper() if row else "draft"
        message = "A line among the records doesn't read as the records do today."
        fix = "Export the draft again, or put back what stood there."
        yield file_finding(None, target, message, line[:300], fix)
    if moved:
        message = f"Records came or went since this file was written: {moved} of its lists and counts are those of then."
        yield file_finding(None, "draft", message, "", "Export it again for those of today.", blocks=False)


def _lines(draft: Draft, behind: Behind) -> Iterator[str]:
    """Every line that the records may be shown with: masked or not, before and after others came."""
    for personal in (False, True):
        shown = draft if personal else masked_draft(draft)
        for has_changed in {False, behind.has_changed}:
            told = replace(behind, show_personal=personal, has_changed=has_changed)
            _, records = without_appendix(markdown(shown, told))
            yield from map(folded, records.splitlines())


def _with_the_files_rows(bench: Workbench, behind: Behind, records: str) -> Behind:
    """The same with those records, under those names, that the file shows: another choice of them is as true."""
    rows = {row["name"]: row["record"].replace("\\", "") for row in _ROW.finditer(records)}
    held = bench.catalog.records.get(bench.workspace, sorted(set(rows.values())))
    if list(rows) != [f"r{place}" for place in range(1, len(rows) + 1)] or len(held) != len(rows):
        return behind
    return replace(behind, records={one: held[one] for one in rows.values()}, listed=())


def _shape(line: str) -> str:
    for pattern, by in _MOVING:
        line = pattern.sub(by, line)
    return line
