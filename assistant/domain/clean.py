"""Cleaned text with an offset map: what is embedded and searched, traceable to the raw characters.

The raw text of a record is never changed. Cleaning drops what carries no meaning (control and bidi marks, zero-width
characters, runs of white space; a blank line stays a line break), decodes HTML entities and composes letters (NFC), one
piece at a time. The zero-width joiner stays: it holds emoji families together.
"""

import html
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

_INVISIBLE = (
    "\\x00-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
)
_ENTITY = r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_MARKS = "\u0300-\u036f\u3099\u309a"
_GAP = rf"(?P<gap>[\s{_INVISIBLE}]{{2,}}|[^\S ]|[{_INVISIBLE}]|^ | $)"
"""White space and invisible characters, but a single blank between words, which needs no change."""
_ODD_ASCII = re.compile(
    r"(?P<gap>[\s\x00-\x1f\x7f]{2,}|[\x00-\x1f\x7f]|^ | \Z)" rf"|(?P<entity>{_ENTITY})",
)
_ODD = re.compile(rf"{_GAP}|(?P<entity>{_ENTITY})")
_ODD_OR_MARKED = re.compile(rf"{_GAP}|(?P<entity>{_ENTITY})|(?P<marks>[^\s{_MARKS}][{_MARKS}]+)")
_DROPPED = re.compile(rf"[{_INVISIBLE}]+")
_LINE_BREAK = re.compile(r"\r\n|[\n\r\u2028\u2029\x85]")
_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*\Z")
"""Printable ASCII with single spaces needs no cleaning, unless it holds an entity."""


@dataclass(frozen=True)
class CleanText:
    """A text and where each run of it came from.

    Between two runs of the raw text lies what was dropped.
    """

    text: str
    raw_length: int
    runs: tuple[tuple[int, int, int], ...]
    """(clean start, raw start, raw length); a run's clean length is up to the next run's clean start. Equal lengths
    map one to one, otherwise the run is one replaced piece."""

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
    for match in _pattern(raw).finditer(raw):
        start, end = match.span()
        builder.copy(raw, position, start)
        builder.replace(_replacement(match), start, end)
        position = end
    builder.copy(raw, position, len(raw))
    return builder.finish(len(raw))


def _pattern(raw: str) -> re.Pattern[str]:
    if raw.isascii():
        return _ODD_ASCII
    return _ODD if unicodedata.is_normalized("NFC", raw) else _ODD_OR_MARKED


def _replacement(match: re.Match[str]) -> str:
    kind = match.lastgroup
    piece = match.group()
    if kind == "gap":
        if len(_LINE_BREAK.findall(piece)) > 1:
            return "\n"
        return " " if _DROPPED.sub("", piece) else ""
    if kind == "entity":
        decoded = _DROPPED.sub("", html.unescape(piece))
        return " " if decoded.isspace() else decoded
    return unicodedata.normalize("NFC", piece)


class _Builder:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.runs: list[tuple[int, int, int]] = []
        self.length = 0
        self.after_space = True

    def copy(self, raw: str, start: int, end: int) -> None:
        # After an entity that decodes to a blank, a blank of the text itself would be the second one.
        while start < end and self.after_space and raw[start] == " ":
            start += 1
        if start < end:
            self._add(raw[start:end], start, end - start)
            self.after_space = raw[end - 1] == " "

    def replace(self, text: str, start: int, end: int) -> None:
        if not text or (text.isspace() and self.after_space):
            return
        self._add(text, start, end - start)
        self.after_space = text.isspace()

    def _add(self, text: str, raw_start: int, raw_length: int) -> None:
        self.runs.append((self.length, raw_start, raw_length))
        self.parts.append(text)
        self.length += len(text)

    def finish(self, raw_length: int) -> CleanText:
        text = "".join(self.parts)
        runs = self.runs
        if text.endswith((" ", "\n")):
            text = text[:-1]
            start, raw_start, length = runs.pop()
            if start < len(text):
                # The blank ends a copied run: "word " before characters that were dropped.
                runs.append((start, raw_start, length - 1))
        return CleanText(text, raw_length, tuple(runs))
