"""Checks a rendered Markdown file that people have edited: its quotes, its numbers, and what they typed into it."""

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistant.domain.draft import Draft
from assistant.domain.finding import CheckReport, Count, Finding, Severity, Verdict
from assistant.domain.personal.views import masked_draft
from assistant.drafting.to_markdown import markdown
from assistant.errors import NotFound, UsageError
from assistant.workbench import Workbench
from evals.graders.injected_text import find_foreign
from evals.graders.numbers_recomputed import numbers_recomputed
from evals.graders.placeholders import LEFT_OVER
from evals.graders.quote_verbatim import is_saying, quote_verbatim
from evals.lexicon import number_words, quantifiers
from evals.match import contains, fold, same_words
from evals.scenarios import scenario_problem
from evals.view import EvidenceView, abstains, view_of

_NAME = "markdown"
_MARK = re.compile(
    r"<!--\s*voxspec draft=(?P<id>\S+) version=(?P<version>\d+) workspace=(?P<workspace>\S+)\s*-->"
)
_FACT_LINK = re.compile(r"\[(?P<shown>[^\]\n]*)\]\(#f(?P<number>\d+)\)")
_FACT_ROW = re.compile(
    r"^\|\s*<a id=\"f(?P<number>\d+)\"></a>\s*F\d+\s*\|\s*(?P<shown>[^|\n]*?)\s*\|.*$", re.MULTILINE
)
_QUOTE_LINK = re.compile(r"\[Q(?P<number>\d+)\]\(#q(?P<link>\d+)\)")
_QUOTE_LINE = re.compile(
    r"^- <a id=\"q(?P<number>\d+)\"></a>\s*\*\*Q\d+\*\*\s*[“\"](?P<shown>.*)[”\"]\s+—\s+(?P<record>rec\\?_\w+)"
    r"(?:@\w+)?\s*\\?\[(?P<start>\d+):(?P<end>\d+)\\?\].*$",
    re.MULTILINE,
)
_SPOKEN = re.compile(
    r"\*[“\"](?P<starred>(?:(?!\*[“\"]).)+)[”\"]\*\s*\Z|[“\"](?P<bare>[^“”\"\n]+)[”\"]\s*\Z", re.DOTALL
)
_ANY_SPOKEN = re.compile(r"[“\"]([^“”\"\n]{12,})[”\"]")
_GHERKIN = re.compile(r"^```gherkin\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL)
_SCENARIO_START = re.compile(r"(?m)^(?=[ \t]*Scenario)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_NUMBER = re.compile(r"[^\W_]*\d[^\W_]*(?:[.,:/-](?=\d)[^\W_]+)*")
_LABELLED = re.compile(
    r"\b(?:assum\w+|target\w*|proposed|proposal|annahme\w*|ziel\w*|vorschlag\w*)\b", re.IGNORECASE
)


def check_markdown(bench: Workbench, text: str) -> CheckReport:
    """Check a file that `voxspec draft --out FILE.md` wrote, as it reads now.

    Raises: UsageError (no mark of Voxspec in it), NotFound (its draft isn't in this workspace), StoreError.
    """
    draft = draft_of(bench, text)
    view = view_of(bench, draft)
    return check_text(text, draft, view, _nearest(text, draft))


def _nearest(text: str, draft: Draft) -> str:
    """As the file was rendered: with masks for personal data, or without."""
    plain, shown = markdown(draft), markdown(masked_draft(draft))
    lines = set(_lines_end_alike(text).split("\n"))
    return (
        shown
        if len(lines.intersection(shown.split("\n"))) >= len(lines.intersection(plain.split("\n")))
        else plain
    )


def draft_of(bench: Workbench, text: str) -> Draft:
    """The stored draft that a Markdown file was rendered from. Raises: UsageError, NotFound."""
    marks = list(_MARK.finditer(text))
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


def check_text(text: str, draft: Draft, view: EvidenceView, original: str) -> CheckReport:
    """Check a file's text. Args: original: the text as it was rendered, to tell what people typed. Pure."""
    text, original = _lines_end_alike(text), _lines_end_alike(original)
    masks = {name: quote.text for name, quote in masked_draft(draft).quotes.items()}
    quotes = list(_quotes(text, draft, view, masks))
    numbers = list(_numbers(text, draft))
    scenarios = list(_scenarios(text))
    cited = {item.target for item in (*quotes, *numbers)}
    stored = [*quote_verbatim(draft, view), *numbers_recomputed(draft, view)]
    findings = [finding for item in (*quotes, *numbers, *scenarios) for finding in item.findings]
    findings += [finding for finding in stored if finding.target in cited]
    findings += _typed(text, draft, original, masks)
    ordered = tuple(
        sorted(
            set(findings),
            key=lambda f: (f.severity is Severity.advise, f.span or (-1, -1), f.target, f.message),
        )
    )
    bad = {finding.target for finding in ordered if finding.severity is Severity.block}
    verdict = Verdict.not_enough_evidence if abstains(draft) else Verdict.ready
    return CheckReport(
        verdict=Verdict.needs_fixes if bad else verdict,
        counts={
            "quotes_verified": _count({item.target for item in quotes}, bad),
            "numbers_recomputed": _count({item.target for item in numbers}, bad),
            "criteria_parsed": Count(ok=sum(not item.findings for item in scenarios), total=len(scenarios)),
        },
        findings=ordered,
    )


@dataclass(frozen=True)
class _Item:
    """A quote, number or scenario of the file with what is wrong about it."""

    target: str
    findings: tuple[Finding, ...]


def _quotes(text: str, draft: Draft, view: EvidenceView, masks: Mapping[str, str]) -> Iterator[_Item]:
    for link in _QUOTE_LINK.finditer(text):
        line_start = text.rfind("\n", 0, link.start()) + 1
        spoken = _SPOKEN.search(text, line_start, link.start())
        shown = (spoken["starred"] or spoken["bare"]) if spoken else None
        yield _quote(f"Q{link['number']}", shown, link.span(), draft, view, masks)
    for line in _QUOTE_LINE.finditer(text):
        key = f"Q{line['number']}"
        yield _quote(key, line["shown"], line.span(), draft, view, masks)
        quote = draft.quotes.get(key)
        place = (_plain(line["record"]), int(line["start"]), int(line["end"]))
        if quote and place != (quote.record_id, quote.start, quote.end):
            message = f"{key} is said to stand in {place[0]} at {place[1]}:{place[2]}; it doesn't."
            yield _Item(
                key, (_finding(key, line.span(), message, f"{quote.record_id} [{quote.start}:{quote.end}]"),)
            )


def _quote(
    key: str,
    shown: str | None,
    span: tuple[int, int],
    draft: Draft,
    view: EvidenceView,
    masks: Mapping[str, str],
) -> _Item:
    quote = draft.quotes.get(key)
    if quote is None:
        return _Item(key, (_finding(key, span, f"{key} is no quote of this draft.", ""),))
    record = view.records.get((quote.record_id, quote.revision))
    if record is None:
        return _Item(key, (_finding(key, span, f"The record that {key} cites is gone.", quote.record_id),))
    said = record.raw[quote.start : quote.end]
    # A file may be written with masks; what stands masked in it must be the quote's masked form.
    forms = (said, masks[key] if said == quote.text else said)
    if shown is None or any(
        same_words(_plain(shown), form, record.language) or fold(_plain(shown)) == fold(_plain(form))
        for form in forms
    ):
        return _Item(key, ())
    return _Item(key, (_finding(key, span, f"{key} doesn't read as it was said.", said[:300]),))


def _numbers(text: str, draft: Draft) -> Iterator[_Item]:
    for match in (*_FACT_LINK.finditer(text), *_FACT_ROW.finditer(text)):
        key = f"F{match['number']}"
        fact = draft.facts.get(key)
        if fact is None:
            yield _Item(key, (_finding(key, match.span(), f"{key} is no number of this draft.", ""),))
        elif fold(_plain(match["shown"])) != fold(_plain(fact.display)):
            message = f"The file says '{match['shown']}' for {key}; counting gave another value."
            yield _Item(key, (_finding(key, match.span(), message, fact.display),))
        else:
            yield _Item(key, ())


def _scenarios(text: str) -> Iterator[_Item]:
    for block in _GHERKIN.finditer(text):
        for body in _SCENARIO_START.split(block["body"]):
            if body.strip():
                problem = scenario_problem(body)
                message = f"A scenario can't be read: {problem}"
                found = _finding("draft", block.span(), message, "", "Write it again.", grader="gherkin")
                yield _Item("draft", (found,) if problem else ())


def _typed(text: str, draft: Draft, original: str, masks: Mapping[str, str]) -> list[Finding]:
    """What stands in the file and not in the rendered draft: numbers, speech, links, words to be filled in."""
    kept = Counter(line.strip() for line in original.split("\n"))
    gone = kept.copy()
    gone.subtract(line.strip() for line in text.split("\n"))
    spare = _stated("\n".join((+gone).elements()), draft.language)
    said = [draft.brief, *(quote.text for quote in draft.quotes.values()), *masks.values()]
    found: list[Finding] = []
    changed = 0
    start = 0
    for line in text.split("\n"):
        if kept[line.strip()] > 0:
            kept[line.strip()] -= 1
        elif line.strip() and not _MARK.search(line):
            changed += 1
            found += _line(line, start, spare, said, draft)
        start += len(line) + 1
    if changed:
        message = f"{changed} lines differ from the draft that was checked."
        found.append(
            _finding(
                "draft",
                None,
                message,
                "",
                "Read them: code can't tell whether their sense still holds.",
                blocks=False,
            )
        )
    return found


def _line(line: str, start: int, spare: Counter[str], said: list[str], draft: Draft) -> Iterator[Finding]:
    labelled = _LABELLED.search(line) is not None
    for word, span in _stated_at(line, draft.language):
        if spare[word] > 0:
            spare[word] -= 1
        elif not labelled:
            message = f"'{word}' was typed; no fact stands behind it."
            fix = "Take it out, or mark the line as a target or an assumption."
            yield _finding("draft", _moved(span, start), message, "", fix, grader="numbers_bound")
    bare = _blank(line)
    for match in _ANY_SPOKEN.finditer(bare):
        words = _plain(match.group(1))
        if is_saying(bare[: match.start()], words) and not any(contains(text, words) for text in said):
            message = f"Nobody is on record with “{words[:80]}”."
            yield _finding("draft", _moved(match.span(), start), message, "", grader="quote_verbatim")
    for match in LEFT_OVER.finditer(bare):
        message = f"'{match.group()[:40]}' stands where text should."
        yield _finding("draft", _moved(match.span(), start), message, "", grader="placeholders")
    for span, message in find_foreign(bare, draft.brief):
        yield _finding("draft", _moved(span, start), message, "", grader="injected_text")


def _stated(text: str, language: str) -> Counter[str]:
    return Counter(word for line in text.split("\n") for word, _ in _stated_at(line, language))


def _stated_at(line: str, language: str) -> list[tuple[str, tuple[int, int]]]:
    bare = _blank(line)
    found = [(match.group(), match.span()) for match in _NUMBER.finditer(bare)]
    found += [(word.text.casefold(), (word.start, word.end)) for word in number_words(bare, language)]
    found += [(bare[first:last].casefold(), (first, last)) for _, first, last in quantifiers(bare, language)]
    return sorted(found, key=lambda item: item[1])


def _blank(line: str) -> str:
    """The line with what is checked by other means overwritten, so that offsets stay."""
    for pattern in (_QUOTE_LINE, _FACT_ROW, _FACT_LINK, _QUOTE_LINK, _CITED, _ANCHOR, _LIST_NUMBER):
        line = pattern.sub(lambda match: "·" * len(match.group()), line)
    return line


_CITED = re.compile(r"\*[“\"](?:(?!\*[“\"]).)+?[”\"]\*(?=\s*·)")
_ANCHOR = re.compile(r"<a id=\"[a-z]+-?\d*\"></a>")
_LIST_NUMBER = re.compile(r"^\s*\d{1,3}[.)](?=\s)|\b(?:US|FR|NFR|OQ|R|G|C|Q|F|S)-?\d+\b")


def _plain(shown: str) -> str:
    return html.unescape(_ESCAPE.sub(r"\1", shown.replace("<br>", "\n")))


def _moved(span: tuple[int, int], start: int) -> tuple[int, int]:
    return span[0] + start, span[1] + start


def _count(names: set[str], bad: set[str]) -> Count:
    return Count(ok=len(names - bad), total=len(names))


def _lines_end_alike(text: str) -> str:
    return text.replace("\r\n", "\n").removeprefix("\ufeff")


def _finding(
    target: str,
    span: tuple[int, int] | None,
    message: str,
    evidence: str,
    fix: str = "Put back what stood there, or take it out.",
    *,
    grader: str = _NAME,
    blocks: bool = True,
) -> Finding:
    severity = Severity.block if blocks else Severity.advise
    return Finding(
        grader=grader,
        severity=severity,
        target=target,
        span=span,
        message=message,
        evidence=evidence,
        fix=fix,
    )
