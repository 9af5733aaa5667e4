"""The parts of a report: steps, what was expected, what happened; cut from the text as quotes. And what of it is missing."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from assistant.domain.evidence import Quote
from assistant.domain.record import Record
from assistant.domain.text import content_words, sentences
from assistant.domain.triage import Question, TicketType
from assistant.search.instructions import is_instruction_like
from assistant.triage.reading import MAX_CHARS, quote_of
from assistant.triage.tickets import body_of

MOST_QUESTIONS = 3
_MOST_QUOTES = 12
_NEEDS = {
    TicketType.bug: ("steps", "expected", "actual", "version", "environment"),
    TicketType.feature: ("why", "who", "example"),
    TicketType.question: ("example", "version"),
    TicketType.task: ("why",),
}
"""What whoever works on it will ask, by how much its lack delays the work."""
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ITEM = re.compile(r"^[ \t]*(?:\(?\d{1,2}[.)]|[-*+•])[ \t]+")
_PLACEHOLDER = re.compile(
    r"^[\W\d_]*(?:n/?a|none|todo|tbd|\.\.\.|no response|_no response_)?[\W_]*$", re.IGNORECASE
)
_TITLE_CHARS = 80
_FEW_WORDS = 2


@dataclass(frozen=True)
class Parts:
    """What a report holds under its headings; offsets into the raw text, in order."""

    steps: tuple[tuple[int, int], ...]
    expected: tuple[tuple[int, int], ...]
    actual: tuple[tuple[int, int], ...]


def parts_of(record: Record) -> Parts:
    """The parts of a report. Templates' hints (HTML comments) and empty list items are nothing that was said."""
    found: dict[str, list[tuple[int, int]]] = {"steps": [], "expected": [], "actual": []}
    part = ""
    for start, line in _lines(record.raw):
        heading = _heading(line)
        if heading is not None:
            part, rest = heading
            start, line = start + rest, line[rest:]
        elif part and line.lstrip().startswith("#"):
            part = ""
        if part in found and not _PLACEHOLDER.match(line):
            lead = len(item[0]) if (item := _ITEM.match(line)) else 0
            found[part].append((start + lead, start + len(line)))
    if not found["steps"]:
        found["steps"] = _numbered(record.raw)
    return Parts(*(tuple(found[name][:_MOST_QUOTES]) for name in ("steps", "expected", "actual")))


def quotes_of(record: Record, spans: tuple[tuple[int, int], ...]) -> tuple[Quote, ...]:
    """The spans as quotes, each once; those of white space alone are left out."""
    return tuple(quote_of(record, start, end) for start, end in spans if record.raw[start:end].strip())


def questions(record: Record, title: str, kind: TicketType, parts: Parts) -> tuple[Question, ...]:
    """What the ticket doesn't say, at most three, in its own language where that is known, else in English."""
    text = "\n".join((title, *_said_lines(record.raw))).lower()
    headed = {"steps": parts.steps, "expected": parts.expected, "actual": parts.actual}
    told = _forms().ask
    wording = told.get(record.language, told["en"])
    missing = [
        about for about in _NEEDS[kind] if not headed.get(about) and not _forms().said[about].search(text)
    ]
    if "version" in missing and "environment" in missing:
        missing.remove("environment")
    return tuple(Question(about=about, text=wording[about]) for about in missing[:MOST_QUESTIONS])


def better_title(record: Record, title: str, told: Quote | None) -> str:
    """A title from the ticket's own words, where its own says too little; empty where that says enough, or nothing better is there.

    Args:
        told: the sentence that gave the severity; it says what it is about.
    """
    few = len(set(content_words(title, record.language))) < _FEW_WORDS
    if not few and not _forms().says_too_little.match(title.lower().replace("’", "'")):
        return ""
    body = body_of(record)
    candidates = ([told.text] if told else []) + [body[start:end] for start, end in sentences(body[:4000])]
    for text in candidates:
        line = " ".join(_COMMENT.sub(" ", text).lstrip("#>*- ").split())
        says = len(set(content_words(line, record.language)))
        if says > _FEW_WORDS and line != title and _heading(line) is None and not is_instruction_like(line):
            return _shortened(line)
    return ""


def _shortened(line: str) -> str:
    if len(line) <= _TITLE_CHARS:
        return line.rstrip(" .")
    cut = line[: _TITLE_CHARS - 1]
    whole = cut.rpartition(" ")[0] if " " in cut[_TITLE_CHARS // 2 :] else cut
    return whole.rstrip(" ,;:.") + "…"


def _lines(raw: str) -> Iterator[tuple[int, str]]:
    """Lines with their offsets; comments of templates are blanked, so that offsets stay."""
    text = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), raw[:MAX_CHARS])
    start = 0
    for line in text.splitlines(keepends=True):
        yield start, line.rstrip("\r\n")
        start += len(line)


def _said_lines(text: str) -> Iterator[str]:
    """Lines without the headings and the gaps of a template, which nobody said."""
    for _, line in _lines(text):
        said = line[heading[1] :] if (heading := _heading(line)) else line
        if not _PLACEHOLDER.match(said):
            yield said


def _heading(line: str) -> tuple[str, int] | None:
    """The part that a line opens, and where in the line its content begins; None for a line that is no heading."""
    if len(line) > 2000:
        return None
    for name, pattern in _forms().headings.items():
        if match := pattern.match(line):
            return name, match.end()
    return None


def _numbered(raw: str) -> list[tuple[int, int]]:
    """The items of the first numbered list that has two or more."""
    found: list[tuple[int, int]] = []
    for start, line in _lines(raw):
        match = re.match(r"[ \t]*\(?(\d{1,2})[.)][ \t]+(?=\S)", line)
        if match and int(match[1]) == len(found) + 1:
            found.append((start + match.end(), start + len(line)))
        elif match and len(found) < 2:
            found = [(start + match.end(), start + len(line))] if match[1] == "1" else []
    return found if len(found) >= 2 else []


@dataclass(frozen=True)
class _Forms:
    headings: dict[str, re.Pattern[str]]
    said: dict[str, re.Pattern[str]]
    ask: dict[str, dict[str, str]]
    says_too_little: re.Pattern[str]


@lru_cache(maxsize=1)
def _forms() -> _Forms:
    told: dict[str, Any] = tomllib.loads(
        resources.files("assistant.triage").joinpath("forms.toml").read_text("utf-8")
    )
    before = r"^[ \t>]*(?:#{1,6}[ \t]*|h[1-6]\.[ \t]*)?(?:\d{1,2}[.)][ \t]*)?[*_]{0,3}(?:the[ \t]+)?"
    # Alone in its line, or before a colon: a sentence that begins with the same word is none.
    behind = r"[*_]{0,3}[ \t]*(?:[:：][ \t]*[*_]{0,3}[ \t]*|[?？]?[ \t]*[*_]{0,3}[ \t]*$)"
    return _Forms(
        headings={
            name: re.compile(f"{before}(?:{names}){behind}", re.IGNORECASE)
            for name, names in told["headings"].items()
        },
        said={name: re.compile(pattern) for name, pattern in told["said"].items()},
        ask=told["ask"],
        says_too_little=re.compile(told["title"]["says_too_little"]),
    )
