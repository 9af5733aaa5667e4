"""How a text file is encoded, and the hash of its bytes: one pass, constant memory."""

import codecs
import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from charset_normalizer import from_bytes

from assistant.errors import InputRejected
from ingest.clean.language import detect_language

MARK_BAD_BYTES = "voxspec-mark"
"""Error handler for decoding: what doesn't fit the encoding becomes a lone surrogate, and the row that holds it is rejected."""

_CHUNK = 1 << 20
_MAX_LINE = 64 << 20
"""Bytes. No table and no text has such a line; reading on would cost seconds for a field that is rejected anyway."""
_SAMPLE_BYTES = 1 << 16
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = [
    "cp1252",
    "cp932",
    "euc_jp",
    "gb18030",
    "big5",
    "cp949",
    "cp1251",
    "koi8_r",
    "cp1250",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
]
"""What exports of spreadsheets and older tools are written in; without this limit short samples match exotic code pages."""
GUESSED = "the file isn't UTF-8; it was read as {encoding}, which is a guess: look at letters such as ä and é in the records"
_ODD_SHARE = 0.02
_MIN_ODD = 3
_LATIN = {"cp1250": {"cs", "hr", "hu", "pl", "ro", "sk", "sl"}, "cp1254": {"tr"}}
_BAD_BYTE = re.compile(r"[\udc80-\udcff]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_NON_ASCII_RUN = re.compile(rb"[^\n]*[\x80-\xff][^\n]*\n?")


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff", error.end


codecs.register_error(MARK_BAD_BYTES, _mark)


@dataclass(frozen=True)
class FileFacts:
    """What one pass over a file's bytes tells."""

    sha: str
    """Hash of all bytes (SHA-256)."""
    size: int
    encoding: str
    """Codec name, for `open(…, errors=MARK_BAD_BYTES)`."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What the person should know about the encoding."""
        return (GUESSED.format(encoding=self.encoding),) if self.encoding in _LEGACY else ()


def inspect(path: Path, *, lines: bool = True) -> FileFacts:
    """Hash a file and find its encoding.

    Args:
        path: the file.
        lines: it is read line by line, so that no line may be longer than 64 MB.

    Raises: InputRejected if it can't be read, is empty, or holds no text.
    """
    try:
        with path.open("rb") as file:
            facts = _scan(file, path, _Lines(path) if lines else None)
    except OSError as problem:
        raise InputRejected(
            f"{path.name} can't be read: {problem.strerror or problem}.",
            hint="Check the path and its permissions.",
        ) from problem
    return facts


class _Lines:
    """Watches how long the lines of a file get."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open = 0

    def see(self, chunk: bytes) -> None:
        """Raises: InputRejected for a line that no file of lines has."""
        last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        self._open = len(chunk) - last - 1 if last >= 0 else self._open + len(chunk)
        if self._open > _MAX_LINE:
            raise InputRejected(
                f"{self._path.name} holds a line of more than {_MAX_LINE >> 20} MB.",
                hint="Export it again with one row per line, or leave that row out.",
            )


def hash_file(path: Path, *, lines: bool = False) -> str:
    """Hash of a file's bytes.

    Args:
        path: the file.
        lines: as of `inspect`.

    Raises: InputRejected if it can't be read, or holds a line that is too long.
    """
    hasher = sha256()
    watch = _Lines(path) if lines else None
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                if watch is not None:
                    watch.see(chunk)
                hasher.update(chunk)
    except OSError as problem:
        raise InputRejected(
            f"{path.name} can't be read: {problem.strerror or problem}.",
            hint="Check the path and its permissions.",
        ) from problem
    return hasher.hexdigest()


class _Utf8Check:
    """Counts the characters that UTF-8 explains and the bytes that it doesn't."""

    def __init__(self) -> None:
        self.decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self.good = 0
        self.bad = 0
        self.sample = b""

    def feed(self, chunk: bytes, final: bool = False) -> None:
        if chunk.isascii() and not self.decoder.getstate()[0] and not final:
            return
        text = self.decoder.decode(chunk, final)
        bad = len(_BAD_BYTE.findall(text))
        self.bad += bad
        self.good += len(text) - len(text.encode("ascii", "ignore")) - bad
        if bad and len(self.sample) < _SAMPLE_BYTES:
            room = _SAMPLE_BYTES - len(self.sample)
            self.sample += b"".join(_NON_ASCII_RUN.findall(chunk[: _SAMPLE_BYTES * 4]) or [chunk])[:room]


def _scan(file: BinaryIO, path: Path, watch: _Lines | None) -> FileFacts:
    hasher = sha256()
    check = _Utf8Check()
    size = 0
    head = b""
    while chunk := file.read(_CHUNK):
        if not head:
            head = chunk[:4096]
            _check_text(head, path)
        if watch is not None:
            watch.see(chunk)
        hasher.update(chunk)
        check.feed(chunk)
        size += len(chunk)
    check.feed(b"", final=True)
    if not size:
        raise InputRejected(f"{path.name} is empty.", hint="Export it again, or leave it out.")
    return FileFacts(hasher.hexdigest(), size, _encoding(head, check, path))


def _check_text(head: bytes, path: Path) -> None:
    """Raises: InputRejected for bytes that are no text in any encoding, before the rest of them is read."""
    if any(head.startswith(mark) for mark, _ in _BOMS) or _wide(head) is not None:
        return
    controls = len(_CONTROL.findall(head))
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
        is_utf8 = True
    except UnicodeDecodeError:
        is_utf8 = False
    if head.count(0) * 8 > len(head) or (
        not is_utf8 and controls >= _MIN_ODD and controls > _ODD_SHARE * len(head)
    ):
        raise _binary(path)


def _encoding(head: bytes, check: _Utf8Check, path: Path) -> str:
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    if (wide := _wide(head)) is not None:
        return wide
    # Characters of UTF-8 hardly come about by chance (in Chinese text, one for seven bytes that don't fit): where they are as many,
    # the bad bytes are damage or a row from elsewhere, not another encoding.
    if check.bad == 0 or check.good >= check.bad:
        return "utf-8"
    encoding = _legacy(check.sample)
    if _odd(head, encoding):
        raise _binary(path)
    return encoding


def _binary(path: Path) -> InputRejected:
    return InputRejected(
        f"{path.name} holds binary data, not text.",
        hint="Export the feedback as CSV, XLSX, JSON or plain text.",
    )


def _odd(head: bytes, encoding: str) -> bool:
    """Whether more of it than a text can have are control characters, or bytes that the encoding doesn't know."""
    text = head.decode(encoding, "replace")
    odd = sum(
        1 for c in text if c == "\ufffd" or (unicodedata.category(c) == "Cc" and c not in "\t\n\r\f\v\x85")
    )
    return odd >= _MIN_ODD and odd > _ODD_SHARE * len(text)


def _legacy(sample: bytes) -> str:
    best = from_bytes(sample, cp_isolation=_LEGACY).best()
    if best is None:
        return "cp1252"
    # The Latin code pages share most letters; only the language tells them apart.
    languages = _LATIN.get(best.encoding)
    if languages is None:
        return best.encoding
    decoded = sample.decode(best.encoding, "replace")
    return best.encoding if detect_language(decoded) in languages else "cp1252"


def _wide(head: bytes) -> str | None:
    """UTF-16 without a byte order mark: every other byte of Latin text is zero."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if half >= 4 and odd * 10 > half * 7 and even * 10 < half:
        return "utf-16-le"
    if half >= 4 and even * 10 > half * 7 and odd * 10 < half:
        return "utf-16-be"
    return None
