"""Checks a document that was written elsewhere: its quotations against the store, its numbers, its Gherkin, its stories."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from assistant.domain.finding import CheckReport, Count, Finding, Severity, Verdict
from assistant.errors import InputRejected
from assistant.workbench import Workbench
from evals.documents.blocks import MARK, Block, Page, read_page
from evals.documents.edited import file_finding
from evals.documents.markdown import check_markdown
from evals.documents.on_record import Look, OnRecord
from evals.documents.quotations import Quotation, quotations, without_quotations
from evals.graders.placeholders import LEFT_OVER
from evals.language.amounts import AMONG_PEOPLE
from evals.language.number_words import number_words
from evals.language.saying import cited
from evals.reading.scenarios import scenario_problem

_LONGEST = 500_000
_MOST_MARKS = 10_000
"""The parser takes quadratic time over open brackets, and over runs of emphasis."""
_MOST_QUOTATIONS = 500
_MOST_SEARCHED = 100
_MOST_OF_A_KIND = 50
_SURELY_MEANT = 0.8
"""Share of its words from which on a sentence in quotation marks is a record's, even if nobody is named."""
_SCENARIO_START = re.compile(r"(?m)^(?=[ \t]*(?:Scenario|Example)\b)")
_OTHER_GHERKIN = re.compile(r"(?m)^\s*#\s*language:\s*(?!en\b)|^\s*Rule:")
_COUNTED = re.compile(
    r"\b(?:users?|customers?|people|persons?|respondents?|participants?|interviewees?|reviewers?|reviews?|tickets?|complaints?|accounts?"
    r"|companies|clients?|teams?|survey(?:ed|s)?|feedback|mentions?|votes?|nutzer\w*|kund\w+|befragte\w*|bewertungen|utilisateurs?"
    r"|clientes?|usuarios?|klanten)\b",
    re.IGNORECASE,
)
_NORMATIVE = re.compile(
    r"\b(?:shall|must|should|will|can|could|may|might|targets?|goals?|aims?|at (?:least|most)|up to|within|no more than|per (?:user|account)"
    r"|limit(?:ed|s)?|supports?|maximum|minimum|assum\w+|hypothes\w+|soll(?:en|te)?|muss|müssen|ziel\w*|höchstens|mindestens)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w.-])\d[\d.,\u202f]*(?:\s?%|\s?(?:k|m)\b)?")
_DATE = re.compile(r"\b(?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?\b|\bQ[1-4]\b|\b[A-Z]{1,5}-\d+\b|\bv?\d+\.\d+\.\d+\b")
_LINE_END = re.compile(r"\r\n|\r|\n")
_SENTENCE_END = re.compile(r"(?<=[.!?。！？])\s+")
_STORY = re.compile(r"\bAs (?:an?|the)\s+(?P<role>[^,.;:]{1,120})[,:]?\s+I\b", re.IGNORECASE)
_VAGUE_ROLE = re.compile(r"(?:end[- ]?)?(?:user|customer|person|someone)s?", re.IGNORECASE)


def check_document(bench: Workbench, text: str) -> CheckReport:
    """Check Markdown: a file of Voxspec against its draft, any other as a document that was written elsewhere.

    Raises: InputRejected (too long, no text, not text), UsageError, NotFound, StoreError.
    """
    if MARK.search(text) or "<!-- voxspec draft=" in text:
        return check_markdown(bench, text)
    return check_foreign(bench, text)


def check_foreign(bench: Workbench, text: str) -> CheckReport:
    """Check a document that was written elsewhere.

    What somebody is said to have said must stand in a record, verbatim: else it blocks, with the nearest record and what
    differs. Scenarios that can't be read block. Everything else is advice: counts of people or feedback that no fact backs,
    reported speech, user stories without a benefit, links, left-over placeholders.

    Returns: the report; its spans are offsets into the text. `not enough evidence` where it quotes and no record is there.
    Raises: InputRejected, StoreError, ModelError.
    """
    text = _readable(text)
    page = read_page(text)
    if not page.blocks:
        raise InputRejected("This file holds no text.", hint="Give a Markdown file with something in it.")
    store = OnRecord(bench)
    said = list(quotations(page))
    found, verified = _quotations(text, said, store)
    scenarios = [_scenario(body, span) for body, span in _scenarios(page)]
    found += [one for one in scenarios if one]
    numbers = _capped(_numbers(text, page, store), "numbers_bound")
    forms = _capped(_forms(text, page), "story_form")
    links = _capped(_links(page), "injected_text")
    lines = _Lines(text)
    findings = tuple(map(lines.named, sorted({*found, *numbers, *forms, *links}, key=_order)))
    asked = sum(not one.reported for one in said)
    counts = {
        "quotes_verified": Count(ok=verified, total=asked),
        "criteria_parsed": Count(ok=sum(one is None for one in scenarios), total=len(scenarios)),
    }
    blocked = any(one.severity is Severity.block for one in findings)
    unknown = asked > 0 and store.records == 0
    verdict = Verdict.needs_fixes if blocked else Verdict.not_enough_evidence if unknown else Verdict.ready
    return CheckReport(verdict=verdict, counts=counts, findings=findings)


def _readable(text: str) -> str:
    """The text, if it is one that can be read in reasonable time. Raises: InputRejected."""
    if "\0" in text:
        raise InputRejected(
            "This file is no text: it holds NUL bytes.", hint="Give a Markdown file in UTF-8."
        )
    worst = max(text.count(mark) for mark in "[*_`~<")
    if len(text) > _LONGEST or worst > _MOST_MARKS:
        raise InputRejected(
            f"This Markdown is too long to be checked: {len(text):,} characters, up to {worst:,} marks of one kind.",
            hint=f"At most {_LONGEST:,} characters and {_MOST_MARKS:,} of each of [ * _ ` ~ < are read; check it in parts.",
        )
    return text.encode("utf-8", "replace").decode("utf-8").removeprefix("\ufeff")


def _quotations(text: str, said: list[Quotation], store: OnRecord) -> tuple[list[Finding], int]:
    found: list[Finding] = []
    verified = searched = 0
    places = _Places(text)
    for one in said[:_MOST_QUOTATIONS]:
        span = places.of(one.words, one.block)
        if store.records == 0:
            if not one.reported:
                found.append(
                    _advice(
                        span,
                        "quote_verbatim",
                        f"“{one.words[:80]}” can't be looked up: no records are here.",
                        fix="Bring the feedback in: voxspec ingest FILE.",
                    )
                )
            continue
        look = store.look(one.words, nearest=searched < _MOST_SEARCHED)
        searched += not look.verbatim
        verified += look.verbatim and not one.reported
        if not look.verbatim:
            found.append(_judged(one, look, span))
    if len(said) > _MOST_QUOTATIONS:
        message = f"{len(said):,} quotations; those after the first {_MOST_QUOTATIONS} weren't looked up."
        found.append(
            file_finding(None, "document", message, "", "Check it in parts.", grader="quote_verbatim")
        )
    return found, verified


def _judged(one: Quotation, look: Look, span: tuple[int, int]) -> Finding:
    words = f"“{one.words[:80]}{'…' if len(one.words) > 80 else ''}”"
    nearest = f"{look.record.id} says: {look.nearest[:300]}" if look.record else ""
    if one.reported:
        message = f"{words} is told without quotation marks: nobody can check it."
        return _advice(
            span, "quote_verbatim", message, nearest, "Quote it as it was said, or call it an assumption."
        )
    if look.differs and look.record and (one.attributed or look.share >= _SURELY_MEANT):
        message = f"{words} differs from what {look.record.id} says: {look.differs}."
        return file_finding(
            span, "document", message, nearest, "Quote it as it was said.", grader="quote_verbatim"
        )
    where = "Nobody is on record with" if look.certain else "Not found among the nearest records:"
    if one.attributed:
        fix = "Cite a record that says so, or take the quotation out."
        return file_finding(
            span, "document", f"{where} {cited(one.words, 80)}", nearest, fix, grader="quote_verbatim"
        )
    return _advice(
        span,
        "quote_verbatim",
        f"{where} {cited(one.words, 80)}",
        nearest,
        "If somebody said it, say who; else leave the marks out.",
    )


def _numbers(text: str, page: Page, store: OnRecord) -> Iterator[Finding]:
    """Counts of people or feedback; what the product shall do may hold any number."""
    people = len({person for person in store.bench.corpus().person if person})
    here = f"On record here: {store.records:,} records of {people:,} known people."
    places = _Places(text)
    for block in page.blocks:
        if block.kind in ("code", "markup", "heading"):
            continue
        for sentence in _SENTENCE_END.split(without_quotations(block.words)):
            plain = _DATE.sub(lambda match: " " * len(match.group()), sentence)
            if not _COUNTED.search(plain) or _NORMATIVE.search(plain):
                continue
            held = [match.group().strip() for match in _NUMBER.finditer(plain)]
            held += [word.text for word in number_words(plain, "en")]
            held += [match.group() for match in AMONG_PEOPLE.finditer(plain)]
            for number in dict.fromkeys(held):
                message = f"'{number}' is a number about people or feedback, and no fact stands behind it: {cited(' '.join(sentence.split()), 100)}"
                fix = "Count it: voxspec draft insight_summary '…' gives such numbers with their query; or mark it as an assumption."
                yield _advice(places.of(number, block), "numbers_bound", message, here, fix)


def _scenarios(page: Page) -> Iterator[tuple[str, tuple[int, int]]]:
    for body, span in page.scenarios:
        if _OTHER_GHERKIN.search(body):
            continue
        head, *rest = _SCENARIO_START.split(body)
        if not rest and head.strip():
            yield head, span
        for scenario in rest:
            yield re.sub(r"(?m)^[ \t]*@.*$", "", scenario), span


def _scenario(body: str, span: tuple[int, int]) -> Finding | None:
    problem = scenario_problem(body)
    message = f"A scenario can't be read: {problem}"
    return (
        file_finding(
            span,
            "document",
            message,
            body.strip()[:200],
            "Write it as Given, When and Then.",
            grader="gherkin",
        )
        if problem
        else None
    )


def _forms(text: str, page: Page) -> Iterator[Finding]:
    places = _Places(text)
    for block in page.blocks:
        if block.kind in ("code", "markup"):
            continue
        for match in LEFT_OVER.finditer(block.words) if not block.quoted else ():
            yield _advice(
                places.of(match.group(), block),
                "placeholders",
                f"'{match.group()[:40]}' stands where text should.",
                fix="Write it, or take it out.",
            )
        for match in _STORY.finditer(block.words):
            rest = block.words[match.end() : match.end() + 600]
            span = places.of(match.group()[:20], block)
            if not re.search(r"\bso(?: that)?\b|\bin order to\b|\bbecause\b", rest, re.IGNORECASE):
                yield _advice(
                    span, "story_form", f"“{match.group()} …” doesn't say what for.", fix="Add 'so that …'."
                )
            if _VAGUE_ROLE.fullmatch(match["role"].strip()):
                yield _advice(
                    span,
                    "story_form",
                    f"'{match['role'].strip()}' says little about who wants it.",
                    fix="Name the role that the evidence names.",
                )


def _links(page: Page) -> Iterator[Finding]:
    for block in page.blocks:
        for piece in block.pieces:
            if piece.kind == "link" and not piece.href.startswith("#"):
                yield _advice(
                    block.span,
                    "injected_text",
                    f"A link to {piece.href[:120]}; what stands there wasn't checked.",
                    fix="Follow it before you build on it.",
                )
            elif piece.kind == "markup" and not piece.text.startswith("<!--"):
                shown = piece.href or piece.text
                yield _advice(
                    block.span,
                    "injected_text",
                    f"An image or mark-up that a reader may not see as text: {shown[:120]}",
                    fix="Say it in words.",
                )


def _capped(found: Iterator[Finding], grader: str) -> list[Finding]:
    held = list(dict.fromkeys(found))
    if len(held) <= _MOST_OF_A_KIND:
        return held
    more = f"{len(held) - _MOST_OF_A_KIND:,} more findings of this kind aren't listed."
    return [*held[:_MOST_OF_A_KIND], _advice(None, grader, more, fix="Mend these, then check again.")]


class _Places:
    """Where in the file something stands. Looked for in reading order, so that the same words twice are two places."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._after: dict[tuple[int, str], int] = {}

    def of(self, words: str, block: Block) -> tuple[int, int]:
        """The span of the words in the block, or of the block where mark-up stands between them."""
        start, end = block.span
        piece = words.split("\n")[0][:60].strip()
        first = self._after.get((start, piece), start)
        at = self._text.find(piece, first, end) if piece else -1
        if at < 0:
            return block.span
        self._after[start, piece] = at + len(piece)
        return at, min(end, at + len(words))


class _Lines:
    """Names the target of a finding by its line, counted from 1."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def named(self, finding: Finding) -> Finding:
        """The finding about a line; about the document where it has no place."""
        if finding.span is None:
            return finding
        return finding.model_copy(update={"target": f"line {bisect_right(self._starts, finding.span[0])}"})


def _advice(
    span: tuple[int, int] | None, grader: str, message: str, evidence: str = "", fix: str = ""
) -> Finding:
    return file_finding(span, "document", message, evidence, fix, grader=grader, blocks=False)


def _order(finding: Finding) -> tuple[object, ...]:
    return (
        finding.severity is Severity.advise,
        finding.span or (1 << 60, 0),
        finding.grader,
        finding.message,
    )
