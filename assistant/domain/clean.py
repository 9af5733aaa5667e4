"""Cleaned text with an offset map: what is embedded and searched, traceable to the raw characters.

The raw text of a record is never changed. Cleaning drops what carries no meaning (control and bidi marks, zero-width
characters, runs of white space; a blank line stays a line break), decodes HTML entities and composes letters (NFC), one piece at a time.
"""

import html
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

_INVISIBLE = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
_ODD = re.compile(
    rf"(?P<space>[\s\u00a0\u2028\u2029]+)"
    rf"|(?P<entity>&(?:#\d{{1,7}}|#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z][A-Za-z0-9]{{1,31}});)"
    rf"|(?P<invisible>[\x00-\x08\x0e-\x1f\x7f-\x9f{_INVISIBLE}]+)"
    rf"|(?P<marks>\S[\u0300-\u036f\u3099\u309a]+)"
)
_LINE_BREAK = re.compile(r"\r\n|[\n\r\u2028\u2029]")
_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*\Z")
"""Printable ASCII with single spaces needs no cleaning, unless it holds an entity."""


@dataclass(frozen=True)
class CleanText:
    """A text and where each run of it came from.

    `runs` are (clean start, raw start) of each run that maps one to one; between two runs of the raw text lies what was
    dropped or replaced.
    """

    text: str
    raw_length: int
    runs: tuple[tuple[int, int, int], ...]
    """(clean start, raw start, raw length); a run's clean length is up to the next run's clean start."""

    def to_raw(self, start: int, end: int) -> tuple[int, int]:
        """Raw offsets of the clean span [start, end), which must not be empty."""
        first = self._run_at(start)
        last = self._run_at(end - 1)
        return self._raw_start(first, start), self._raw_end(last, end)

    def _run_at(self, position: int) -> int:
        return bisect_right(self.runs, position, key=lambda run: run[0]) - 1

    def _clean_length(self, index: int) -> int:
        following = self.runs[index + 1][0] if index + 1 < len(self.runs) else len(self.text)
        return following - self.runs[index][0]

    def _raw_start(self, index: int, position: int) -> int:
        clean_start, raw_start, raw_length = self.runs[index]
        one_to_one = self._clean_length(index) == raw_length
        return raw_start + (position - clean_start if one_to_one else 0)

    def _raw_end(self, index: int, position: int) -> int:
        clean_start, raw_start, raw_length = self.runs[index]
        one_to_one = self._clean_length(index) == raw_length
        return raw_start + (position - clean_start if one_to_one else raw_length)


def clean(raw: str) -> CleanText:
    """Clean a text and remember where each character came from. An empty text gives an empty one."""
    if "&" not in raw and _PLAIN.match(raw):
        return CleanText(raw, len(raw), ((0, 0, len(raw)),))
    builder = _Builder()
    position = 0
    for match in _ODD.finditer(raw):
        builder.copy(raw, position, match.start())
        builder.replace(_replacement(match), match.start(), match.end())
        position = match.end()
    builder.copy(raw, position, len(raw))
    return builder.finish(len(raw))


def _replacement(match: re.Match[str]) -> str:
    kind = match.lastgroup
    if kind == "space":
        return "\n" if len(_LINE_BREAK.findall(match.group())) > 1 else " "
    if kind == "entity":
        decoded = html.unescape(match.group())
        return " " if decoded.isspace() else decoded
    if kind == "marks":
        return unicodedata.normalize("NFC", match.group())
    return ""


class _Builder:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.runs: list[tuple[int, int, int]] = []
        self.length = 0
        self.after_space = True

    def copy(self, raw: str, start: int, end: int) -> None:
        if start < end:
            self._add(raw[start:end], start, end - start)
            self.after_space = False

    def replace(self, text: str, start: int, end: int) -> None:
        if text.isspace() and self.after_space:
            return
        if text:
            self._add(text, start, end - start)
            self.after_space = text.isspace()

    def _add(self, text: str, raw_start: int, raw_length: int) -> None:
        self.runs.append((self.length, raw_start, raw_length))
        self.parts.append(text)
        self.length += len(text)

    def finish(self, raw_length: int) -> CleanText:
        text = "".join(self.parts)
        if text.endswith((" ", "\n")):
            text = text[:-1]
            self.runs.pop()
        return CleanText(text, raw_length, tuple(self.runs))
