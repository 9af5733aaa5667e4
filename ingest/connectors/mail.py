"""Mailboxes (mbox) and single mails (EML): one row per mail."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC
from email import message_from_bytes
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path

from ingest.clean.replies import own_spans
from ingest.connectors.cells import cell_problem
from ingest.connectors.mail_parts import without_attachments
from ingest.parse.html import html_text
from ingest.port import Row

MAIL_FIELDS = {
    "text": "text",
    "author": "From",
    "said_at": "Date",
    "title": "Subject",
    "external_id": "Message-ID",
}
"""`--map` field → column."""
_MAX_MAIL = 32 << 20
_MAX_NESTING = 30
_MAX_HEADER = 2_000
_LINE = 1 << 16
_SEPARATOR = re.compile(rb"From [^\r\n]{0,200}\d\d:\d\d[^\r\n]{0,40}\d{4}[^\r\n]{0,10}\r?\n")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,76}:[ \t\r\n]")
_ATTACHED = "attachments were left out"
_DAMAGE = (
    MessageError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    RecursionError,
    OverflowError,
)
"""What the email package lets through on damaged mails."""


def looks_like_mbox(head: bytes) -> bool:
    """Whether a file begins as a mailbox does: a separator, then a header line."""
    separator = _SEPARATOR.match(head)
    return separator is not None and _HEADER_LINE.match(head, separator.end()) is not None


class MailRows:
    """A connector over one mailbox or mail; a mail that can't be read is a row with a problem."""

    def __init__(self, path: Path, max_field_chars: int, *, single: bool) -> None:
        self._path = path
        self._max_field = max_field_chars
        self._single = single

    @property
    def layout(self) -> str:
        """`mbox` or `eml`."""
        return "eml" if self._single else "mbox"

    def columns(self) -> Sequence[str]:
        """The text, and the headers that are read."""
        return tuple(MAIL_FIELDS.values())

    def rows(self, start: int = 0) -> Iterator[Row]:
        """Mails after the first `start`, in the order of the file."""
        for number, (raw, too_long) in enumerate(self._mails(), start=1):
            if number > start:
                yield self._row(number, raw, too_long)

    def _row(self, number: int, raw: bytes, too_long: bool) -> Row:
        if too_long:
            return Row(number, {}, f"a mail larger than {_MAX_MAIL >> 20} MB")
        kept, problem = without_attachments(raw)
        if problem:
            return Row(number, {}, problem)
        try:
            mail = message_from_bytes(kept)
            text, attachments = _body(mail)
            cells = [
                text,
                _author(mail),
                _date(mail),
                _header(mail, "Subject"),
                _header(mail, "Message-ID").strip("<> "),
            ]
        except _DAMAGE:
            return Row(number, {}, "a damaged mail")
        problem = cell_problem(cells, self._max_field)
        if problem:
            return Row(number, {}, problem)
        remarks = (_ATTACHED,) if attachments else ()
        return Row(
            number, dict(zip(MAIL_FIELDS.values(), cells, strict=True)), remarks=remarks, own=own_spans(text)
        )

    def _mails(self) -> Iterator[tuple[bytes, bool]]:
        """(bytes of a mail, whether they were cut off)."""
        with self._path.open("rb") as file:
            if self._single:
                raw = file.read(_MAX_MAIL + 1)
                yield raw, len(raw) > _MAX_MAIL
                return
            held: list[bytes] = []
            size = 0
            inside, after_blank, whole = False, True, True
            while line := file.readline(_LINE):
                if whole and after_blank and _SEPARATOR.match(line):
                    if inside or any(line.strip() for line in held):
                        yield _unescaped(held), size > _MAX_MAIL
                    inside, held, size = True, [], 0
                    continue
                size += len(line)
                if size <= _MAX_MAIL:
                    held.append(line)
                after_blank, whole = whole and not line.strip(), line.endswith(b"\n")
            yield _unescaped(held), size > _MAX_MAIL


def _unescaped(lines: list[bytes]) -> bytes:
    """Lines of the text that begin with `From ` have a `>` before them in a mailbox."""
    return _ESCAPED.sub(rb"\1", b"".join(lines))


def _body(mail: Message) -> tuple[str, int]:
    """The text to read, plain where there is plain text, and how many attachments there are beside it."""
    plain: list[str] = []
    pages: list[str] = []
    attachments = 0
    stack: list[tuple[Message, int]] = [(mail, 0)]
    while stack:
        part, depth = stack.pop()
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            parts = part.get_payload()
            if isinstance(parts, list) and depth < _MAX_NESTING:
                stack.extend((inner, depth + 1) for inner in reversed(parts) if isinstance(inner, Message))
            continue
        kind = part.get_content_type()
        named = part.get_content_disposition() == "attachment" or part.get_filename() is not None
        if named or kind not in ("text/plain", "text/html"):
            attachments += 1
        elif text := _decoded(part):
            (plain if kind == "text/plain" else pages).append(text)
    if any(text.strip() for text in plain):
        return "\n".join(plain), attachments
    return "\n".join(html_text(page) for page in pages), attachments


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    declared = str(part.get_content_charset() or "utf-8")
    for charset in (declared, "utf-8", "cp1252"):
        try:
            return payload.decode(charset).replace("\0", "")
        except (LookupError, UnicodeError, ValueError):
            continue
    return payload.decode("latin-1").replace("\0", "")


def _header(mail: Message, name: str) -> str:
    value = mail.get(name)
    if value is None:
        return ""
    raw = str(value)[:_MAX_HEADER]
    try:
        parts = [
            text if isinstance(text, str) else text.decode(charset or "utf-8", "replace")
            for text, charset in decode_header(raw)
        ]
    except (HeaderParseError, LookupError, ValueError):
        parts = [raw]
    joined = "".join(parts).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return " ".join(joined.replace("\0", "").split())


def _author(mail: Message) -> str:
    """The address, which stays the same where the name doesn't; else the name."""
    value = _header(mail, "From")
    name, address = parseaddr(value)
    return address.casefold() if "@" in address else name or value


def _date(mail: Message) -> str:
    value = _header(mail, "Date")
    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    except (TypeError, ValueError, IndexError, OverflowError):
        return value
