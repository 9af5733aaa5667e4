"""Checks a rendered Markdown file that people have edited, against the stored draft that it shows."""

import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.domain.draft import Draft
from assistant.domain.finding import CheckReport, Count, Finding
from assistant.domain.personal.views import masked_draft
from assistant.drafting.formats.to_markdown import markdown
from assistant.errors import InputRejected, NotFound, UsageError
from assistant.workbench import Workbench
from evals.check import grade, with_findings
from evals.documents.appendix import judge_records, original_of, without_appendix
from evals.documents.blocks import MARK, Page, read_page
from evals.documents.edited import file_finding, judge, known_of, lost_proof
from evals.documents.edits import Edits, compare_pages
from evals.documents.erased import older_copy
from evals.documents.statements import statements
from evals.opinion import kept_opinion
from evals.reading.scenarios import scenario_problem
from evals.registry import graders_for
from evals.release import stages, with_overrulings
from evals.view import EvidenceView, view_of

_LONGEST = 500_000
_MOST_BRACKETS = 10_000
"""The parser takes quadratic time over open brackets: 200,000 took two minutes."""
_MOST_CHANGES = 2_000
_SCENARIO_START = re.compile(r"(?m)^(?=[ \t]*Scenario)")


def check_markdown(bench: Workbench, text: str) -> CheckReport:
    """Check a file that `voxspec draft --out FILE.md` wrote, as it reads now.

    Raises: UsageError (no mark of Voxspec in it), InputRejected (too long), NotFound (its draft isn't in this workspace),
        StoreError.
    """
    text, records = without_appendix(text)
    if len(text) > _LONGEST or text.count("[") > _MOST_BRACKETS:
        raise InputRejected(
            f"This Markdown is too long for a draft: {len(text):,} characters, {text.count('['):,} brackets.",
            hint=f"At most {_LONGEST:,} characters and {_MOST_BRACKETS:,} brackets are read.",
        )
    draft = draft_of(bench, text)
    shown = _as_rendered(text, stages(bench, draft))
    report = check_text(text, draft, view_of(bench, draft), original_of(shown, draft, text), shown)
    report = with_findings(report, draft, tuple(judge_records(bench, draft, text, records)))
    return with_overrulings(bench, draft, kept_opinion(bench, draft, report))


def _as_rendered(text: str, held: Sequence[Draft]) -> Draft:
    """The draft as the file was written from it: with masks for personal data or without, before or after a decision.

    Args:
        held: the draft as it was shown after each decision, at least one.
    """
    shown = [one for plain in held for one in (masked_draft(plain), plain)]
    if all(one == shown[0] for one in shown):
        return shown[0]
    lines = set(text.splitlines())
    return max(shown, key=lambda one: len(lines.intersection(markdown(one).splitlines())))


def draft_of(bench: Workbench, text: str) -> Draft:
    """The stored draft that a Markdown file was rendered from. Raises: UsageError, NotFound."""
    marks = list(MARK.finditer(text))
    if not marks:
        raise UsageError(
            "This Markdown file doesn't say which draft it shows.",
            hint="Keep its last line, '<!-- voxspec draft=… -->', or check the draft by its id.",
        )
    mark = marks[-1]
    if mark["workspace"] != bench.workspace:
        raise NotFound(
            f"This file shows a draft of the workspace '{mark['workspace']}', not of '{bench.workspace}'.",
            hint=f"Check it with -w {mark['workspace']}.",
        )
    draft = bench.catalog.drafts.get(bench.workspace, mark["id"], int(mark["version"]))
    if draft is None:
        raise NotFound(
            f"Version {mark['version']} of the draft {mark['id']} isn't in the workspace '{bench.workspace}'.",
            hint="Was the file written with another VOXSPEC_HOME or workspace?",
        )
    return draft


def check_text(
    text: str, draft: Draft, view: EvidenceView, original: str, shown: Draft | None = None
) -> CheckReport:
    """Check a file's text. Pure.

    What stands in the rendered draft is known; whatever else a reader sees is held to the rules, and what carried proof must
    still be there. The stored draft's own findings are among the file's, so that a file is never better than its draft.

    Args:
        original: the text as it was rendered.
        shown: the draft that was rendered, where personal data is masked in it.
    """
    if draft.stale_reason and text != original:
        report = grade(draft, view, graders_for(view.kind))
        return with_findings(report, draft, (older_copy(draft),))
    text = _sendable(text)
    file, rendered = read_page(text), read_page(_sendable(original))
    edits = compare_pages(file, rendered)
    found = [
        *_marks(text),
        *_changed(edits, rendered, shown or draft, view),
        *_gone(edits, file, rendered, shown or draft),
    ]
    found += [file_finding(None, "draft", "A link that no text shows.", ref[:200]) for ref in file.references]
    parsed = list(_scenarios(file))
    report = grade(draft, view, graders_for(view.kind))
    report = with_findings(report, draft, (*found, *(finding for finding in parsed if finding)))
    criteria = Count(ok=sum(finding is None for finding in parsed), total=len(parsed))
    counts = {name: _still(count, report, draft, name) for name, count in report.counts.items()}
    return report.model_copy(update={"counts": counts | {"criteria_parsed": criteria}})


def _marks(text: str) -> Iterator[Finding]:
    marks = list(MARK.finditer(text))
    for mark in marks[:-1]:
        if mark.groups() != marks[-1].groups():
            yield file_finding(mark.span(), "draft", "A second mark names another draft.", mark.group())


def _changed(edits: Edits, rendered: Page, draft: Draft, view: EvidenceView) -> Iterator[Finding]:
    """Findings about blocks that don't stand in the rendered draft."""
    if len(edits.changed) > _MOST_CHANGES:
        message = f"{len(edits.changed)} lines aren't those of the draft: it has little to do with this file."
        yield file_finding(None, "draft", message, "")
        return
    known = known_of(draft, view, rendered.blocks)
    for change in edits.changed:
        if name := change.block.anchor:
            message = f"The line of {name} doesn't read as it was written."
            yield file_finding(change.block.span, name, message, _anchored(rendered, name)[:300])
        else:
            yield from judge(change, known)
    yield from lost_proof(tuple(change for change in edits.changed if not change.block.anchor))
    if edits.changed or edits.gone or edits.moved:
        moved = " Some stand in another order." if edits.moved else ""
        message = f"{len(edits.changed)} lines differ from the draft that was checked, {len(edits.gone)} of its lines are gone.{moved}"
        fix = "Read them: code can't tell whether their sense still holds."
        yield file_finding(None, "draft", message, "", fix, blocks=False)


def _gone(edits: Edits, file: Page, rendered: Page, draft: Draft) -> Iterator[Finding]:
    """Findings about lines that vanished and are not the writer's to take: evidence, numbers, the head, a story's proof."""
    head = rendered.blocks[1 : 3 if draft.report else 2]
    shown = {change.block.anchor for change in edits.changed}
    titles = {block.heading for block in file.blocks if block.kind != "heading"}
    reworded = {was for change in edits.changed for was in change.was if was}
    for block in edits.gone:
        if block.anchor and block.anchor not in shown:
            message = f"The line of {block.anchor} is gone; it is what {block.anchor} rests on."
            yield file_finding(None, block.anchor, message, block.words[:300])
        elif block in head:
            message = "The lines under the title say what was checked; they don't read as they were written."
            yield file_finding(None, "draft", message, block.words[:300])
        elif (
            block.words.startswith("Rests on:")
            and block.heading in titles
            and reworded.isdisjoint(statements(block))
        ):
            story = block.heading.split(" ", 1)[0]
            message = f"What {story} rests on is gone; the story still stands."
            yield file_finding(None, story, message, block.words[:300], grader="claims_supported")


def _scenarios(file: Page) -> Iterator[Finding | None]:
    """A finding for each scenario that can't be read, None for each that can."""
    for body, span in file.scenarios:
        for scenario in _SCENARIO_START.split(body):
            if scenario.strip():
                problem = scenario_problem(scenario)
                message = f"A scenario can't be read: {problem}"
                found = file_finding(span, "draft", message, "", "Write it again.", grader="gherkin")
                yield found if problem else None


def _still(count: Count, report: CheckReport, draft: Draft, name: str) -> Count:
    """A count of the stored draft without what the file spoilt."""
    held: dict[str, Iterable[str]] = {
        "claims_supported": draft.claims,
        "quotes_verified": draft.quotes,
        "numbers_recomputed": draft.facts,
    }
    spoilt = {finding.target for finding in report.blocking}.intersection(held.get(name, ()))
    return Count(ok=min(count.ok, max(0, count.total - len(spoilt))), total=count.total)


def _anchored(rendered: Page, name: str) -> str:
    return next((block.words for block in rendered.blocks if block.anchor == name), "")


def _sendable(text: str) -> str:
    """The text without halves of surrogate pairs, which no answer can hold, and without a byte order mark."""
    return text.encode("utf-8", "replace").decode("utf-8").removeprefix("\ufeff")
