"""The rules for what a person typed into a rendered file: every number, quotation, link and lost proof of a changed block."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.domain.draft import Draft, MetricBlock
from assistant.domain.fact import Fact, Measure
from assistant.domain.finding import Finding, Severity
from assistant.domain.text import STOP_WORDS
from evals.documents.blocks import Block
from evals.documents.edits import LONGEST_BLOCK, Changed
from evals.documents.safety import find_foreign
from evals.documents.statements import Cited, Statement, statements
from evals.documents.stored import is_goal, metric_words
from evals.graders.placeholders import LEFT_OVER
from evals.language.lexicon import quantifiers
from evals.language.match import fold, repeats, same_words
from evals.language.negation import negations
from evals.language.number_words import number_words
from evals.language.saying import cited
from evals.view import EvidenceView

_COUNTS = {Measure.records, Measure.people, Measure.accounts, Measure.duplicates}
_NUMBER = re.compile(
    r"[^\W_]*\d[^\W_]*(?:[.,:/-](?=\d)[^\W_]+)*|[一二三四五六七八九十百千万億]+(?=[人名件社割倍%])"
)
_NEXT = re.compile(r"\W*([^\W\d_]+|%)")
_ID = re.compile(r"\b[A-Z]{1,4}-?\d+\b")
_QUOTED = re.compile(
    r"[“„«‹「『\"]([^“”„«»‹›「」『』\"]*)(?:[”“»›」』\"]|\Z)|(?<!\w)[‘']([^‘’']*(?:\w['’]\w[^‘’']*)*)(?:[’'](?!\w)|\Z)"
)
_SAYS = re.compile(
    r"(?::|—|\b(?:says?|said|writes?|wrote|reports?|reported|puts it|asks?|asked|words|told|tells?|states?))\s*\Z",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\((?:assumption|target)\b|^\W*(?:proposed )?(?:targets?|assumptions?|proposals?|ziele?|annahmen?|vorschlag)\W*:"
    r"|^\W*(?:we|i|wir|ich) (?:assume|propose|aim|nehmen an|nehme an)\b",
    re.IGNORECASE,
)
_PROPOSED_BOUND = "bound proposed"
_TURNING_WORDS = """above about additional almost another around below beyond exactly fewer further hardly least less merely
minus more most nearly no not only other over plus roughly than times under up without"""
_TURNING = frozenset(_TURNING_WORDS.split())
_GOAL_CELLS = slice(3, 6)


@dataclass(frozen=True)
class Known:
    """What a changed block may repeat: read once from the draft and its rendering."""

    draft: Draft
    view: EvidenceView
    said: tuple[tuple[str, str], ...]
    """(text, language) of everything that is on record."""
    ids: frozenset[str]
    before: dict[str, frozenset[str]]
    """Fact id → words that stand before it in the rendering."""
    after: dict[str, frozenset[str]]


def known_of(draft: Draft, view: EvidenceView, rendered: tuple[Block, ...]) -> Known:
    """Read what the rendering says."""
    said = [(draft.brief, "und"), *((quote.text, quote.language) for quote in draft.quotes.values())]
    said += [(record.title, record.language) for record in view.records.values() if record.title]
    said += [
        (match[1] or match[2], "und")
        for block in rendered
        for match in _QUOTED.finditer(block.words)
        if match[1] or match[2]
    ]
    before: dict[str, set[str]] = {}
    after: dict[str, set[str]] = {}
    for block in rendered:
        for number in (number for said_here in statements(block) for number in said_here.numbers):
            before.setdefault(number.name, set()).add(number.before)
            after.setdefault(number.name, set()).add(number.after)
    blocks = {str(getattr(block, "id", "")) for block in draft.blocks()}
    return Known(
        draft,
        view,
        tuple(said),
        frozenset(blocks | {*draft.claims, *draft.quotes, *draft.facts, *draft.selections}),
        {name: frozenset(words) for name, words in before.items()},
        {name: frozenset(words) for name, words in after.items()},
    )


def judge(change: Changed, known: Known) -> Iterator[Finding]:
    """All findings about one changed block."""
    block = change.block
    if len(block.words) > LONGEST_BLOCK:
        yield file_finding(block.span, "draft", f"A paragraph of {len(block.words):,} characters isn't read.")
        return
    for piece in block.pieces:
        if piece.kind == "markup" or (piece.href and not re.fullmatch(r"#[qf]\d{1,6}", piece.href)):
            yield file_finding(
                block.span,
                "draft",
                "A link or mark-up that the evidence can't vouch for.",
                grader="foreign_links" if piece.href else "markup",
            )
    if block.first != 1:
        yield file_finding(
            block.span,
            "draft",
            f"'{block.first}' was typed; no fact stands behind it.",
            grader="numbers_bound",
        )
    goals = _goals(block, known.draft)
    yield from goals
    held = change.statements if not goals else tuple(statements(_without_goals(block)))
    for now, was in zip(held, change.was, strict=True):
        for quote in now.quotes:
            yield from _quote(block, quote, known)
        for number in now.numbers:
            yield from _number(block, number, known)
        yield from _typed(block, now, was, known)
        yield from _speech(block, now, known)
        yield from _foreign(block, now, known.draft)
        if not goals:
            yield from _turned(block, now, was, known.draft)


def lost_proof(changes: tuple[Changed, ...]) -> Iterator[Finding]:
    """Findings about statements that still stand, reworded or not, without the proof or the label they had."""
    kept: dict[int, tuple[Statement, Block, set[str]]] = {}
    for change in changes:
        for now, was in zip(change.statements, change.was, strict=True):
            if was is not None:
                kept.setdefault(id(was), (was, change.block, set()))[2].update(now.marks)
    for was, block, marks in kept.values():
        for name in sorted(was.marks - marks):
            message = f"{name} was taken from a statement that still stands: {cited(was.text, 80)}"
            target = name if name.isalnum() else "draft"
            yield file_finding(block.span, target, message, was.text.strip()[:200], grader="claims_supported")


def _quote(block: Block, cited: Cited, known: Known) -> Iterator[Finding]:
    quote = known.draft.quotes.get(cited.name)
    if quote is None:
        yield file_finding(block.span, cited.name, f"{cited.name} is no quote of this draft.")
        return
    record = known.view.records.get((quote.record_id, quote.revision))
    if record is None:
        yield file_finding(
            block.span, cited.name, f"The record that {cited.name} cites is gone.", quote.record_id
        )
        return
    said = record.raw[quote.start : quote.end]
    if cited.shown and not same_words(cited.shown, said, record.language):
        yield file_finding(block.span, cited.name, f"{cited.name} doesn't read as it was said.", said[:300])


def _number(block: Block, cited: Cited, known: Known) -> Iterator[Finding]:
    fact = known.draft.facts.get(cited.name)
    if fact is None:
        yield file_finding(block.span, cited.name, f"{cited.name} is no number of this draft.")
    elif fold(cited.shown) != fold(fact.display):
        message = f"The file says '{cited.shown[:60]}' for {cited.name}; counting gave another value."
        yield file_finding(block.span, cited.name, message, fact.display)
    elif not _fits(fact, cited, known):
        around = f"{cited.before} {cited.shown} {cited.after}".strip()
        message = f"'{around[:80]}' says of {cited.name} what wasn't counted."
        fix = "Put back the word beside the number: it says what was counted."
        yield file_finding(
            block.span, cited.name, message, ", ".join(sorted(known.after.get(cited.name, ()))), fix
        )


def _fits(fact: Fact, cited: Cited, known: Known) -> bool:
    """Whether a number still counts the same thing: its noun stands behind it, and nothing new before it turns it."""
    after, before = known.after.get(cited.name, frozenset()), known.before.get(cited.name, frozenset())
    linking = fact.measure not in _COUNTS and (not cited.after or cited.after in STOP_WORDS)
    plain = not cited.before or (cited.before[0].isalpha() and cited.before not in _TURNING)
    return (cited.after in after or linking) and (cited.before in before or plain)


def _typed(block: Block, now: Statement, was: Statement | None, known: Known) -> Iterator[Finding]:
    language = known.draft.language
    allowed = _quantities(was.text, language, known) if was else Counter()
    nouns = {noun for _, noun in allowed}
    for (word, noun), count in (_quantities(now.text, language, known) - allowed).items():
        own = _OWN.search(now.text.strip()) or (_PROPOSED_BOUND in now.text and noun in nouns)
        if own:
            message = f"'{word}' is a person's own; it is marked as a target or an assumption."
            yield file_finding(
                block.span,
                "draft",
                message,
                fix="Nothing, if it is meant.",
                grader="numbers_bound",
                blocks=False,
            )
        else:
            times = f" {count} times" if count > 1 else ""
            message = f"'{word}' was typed{times}; no fact stands behind it."
            fix = "Take it out, or mark the sentence: *(target, proposed)* or *(assumption)*."
            yield file_finding(block.span, "draft", message, fix=fix, grader="numbers_bound")


def _quantities(text: str, language: str, known: Known) -> Counter[tuple[str, str]]:
    """(word, what it counts) of each number, number word and quantifier; a quantifier counts nothing by itself."""
    plain = unicodedata.normalize(
        "NFKC", _ID.sub(lambda m: "·" if m.group() in known.ids else m.group(), text)
    )
    found: Counter[tuple[str, str]] = Counter()
    for match in _NUMBER.finditer(plain):
        following = _NEXT.match(plain[match.end() :])
        found[match.group(), following[1].casefold() if following else ""] += 1
    found.update((word.text.casefold(), "") for word in number_words(plain, language))
    found.update((plain[first:last].casefold(), "") for _, first, last in quantifiers(plain))
    return found


def _speech(block: Block, now: Statement, known: Known) -> Iterator[Finding]:
    spoken = [(match[1] or match[2] or "", now.text[: match.start()]) for match in _QUOTED.finditer(now.text)]
    if block.quoted:
        spoken.append((re.sub(r"\s+[—–-]+\s+[^—–]*\Z", "", now.text), ":"))
    spoken += [
        (p.text, "")
        for p in block.pieces
        if p.emphasis and p.text.strip() in now.text and not p.text.strip().startswith("(")
    ]
    for words, before in spoken:
        words = words.replace("·", " ").strip()
        number = len(re.findall(r"\w+", words))
        if (
            number
            and (number >= 4 or _SAYS.search(before))
            and not any(repeats(words, *said) for said in known.said)
        ):
            yield file_finding(
                block.span, "draft", f"Nobody is on record with {cited(words, 80)}", grader="quote_verbatim"
            )


def _foreign(block: Block, now: Statement, draft: Draft) -> Iterator[Finding]:
    for match in LEFT_OVER.finditer(now.text):
        message = f"'{match.group()[:40]}' stands where text should."
        yield file_finding(block.span, "draft", message, grader="placeholders")
    for grader, spot in find_foreign(now.text, draft.brief):
        yield file_finding(block.span, "draft", spot.message, grader=grader)


def _turned(block: Block, now: Statement, was: Statement | None, draft: Draft) -> Iterator[Finding]:
    """A statement with proof, or a requirement, that was turned round: the proof doesn't say that."""
    if was is None or not (was.quotes or was.numbers or re.search(r"\bshall\b", was.text)):
        return
    priority = re.compile(r"\bwon['’]t\b") if block.kind == "row" else re.compile(r"(?!)")
    counts = [negations(priority.sub("", one.text), draft.language) for one in (now, was)]
    if counts[0] != counts[1]:
        message = f"“{now.text.strip()[:80]}” has another “not” than what was proven."
        yield file_finding(block.span, "draft", message, was.text.strip()[:200], grader="claims_supported")


def _goals(block: Block, draft: Draft) -> list[Finding]:
    """A metric's row in which a person set another target, window or guardrail: advice, if they are goals."""
    metric = _metric(block, draft)
    if metric is None:
        return []
    told = [" ".join(piece.text for piece in cell).strip() for cell in block.cells[_GOAL_CELLS]]
    if not all(is_goal(text.replace("—", ""), metric_words(metric)) for text in told):
        return []
    message = f"The goals of {metric.id} may differ from the stored draft; they are a person's to set."
    return [file_finding(block.span, metric.id, message, fix="Nothing, if it is meant.", blocks=False)]


def _metric(block: Block, draft: Draft) -> MetricBlock | None:
    if block.kind != "row" or len(block.cells) != _GOAL_CELLS.stop:
        return None
    name = "".join(piece.text for piece in block.cells[0]).strip()
    return next((one for one in draft.blocks() if isinstance(one, MetricBlock) and one.id == name), None)


def _without_goals(block: Block) -> Block:
    cells = (*block.cells[: _GOAL_CELLS.start], *(() for _ in block.cells[_GOAL_CELLS]))
    return Block(block.kind, cells, block.span, block.heading, block.quoted, block.first)


def file_finding(
    span: tuple[int, int] | None,
    target: str,
    message: str,
    evidence: str = "",
    fix: str = "Put back what stood there, or take it out.",
    *,
    grader: str = "markdown",
    blocks: bool = True,
) -> Finding:
    """A finding about a file, as the grader whose rule was broken would give it. Args: span: None where no one place shows it."""
    return Finding(
        grader=grader,
        severity=Severity.block if blocks else Severity.advise,
        target=target,
        span=span,
        message=message,
        evidence=evidence,
        fix=fix,
    )
