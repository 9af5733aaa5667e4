"""One page by its address: redirects, sizes, types and encodings within limits."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import httpcore2

from assistant.errors import InputRejected
from ingest.web.guard import Guard, GuardedBackend

MAX_BYTES = 20 << 20
"""Of a page, as it is sent and as it is unpacked."""
_MAX_REDIRECTS = 5
_MAX_URL = 2_000
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SUFFIXES = {"text/html": ".html", "application/xhtml+xml": ".html", "application/pdf": ".pdf", "text/plain": ".md", "text/markdown": ".md"}  # fmt: skip
"""What is fetched. Plain text is read as Markdown: a page is a document, never rows."""
_SAVE_HINT = "Save the page in a browser and import the file."


@dataclass(frozen=True)
class Page:
    """What came back."""

    url: str
    """After redirects."""
    content: bytes
    """Unpacked; text with a declared character set is UTF-8 already."""
    suffix: str
    """`.html`, `.pdf` or `.md`."""


def fetch(url: str, guard: Guard | None = None) -> Page:
    """Read a page.

    Args:
        url: `http` or `https`, without user and password.
        guard: what may be reached; by default the public internet.

    Raises: InputRejected where the address isn't allowed, nothing answers, or the answer isn't a page of a readable size.
    """
    backend = GuardedBackend(guard or Guard())
    pool = httpcore2.ConnectionPool(network_backend=backend, max_connections=1, max_keepalive_connections=0)
    try:
        with pool:
            for _ in range(_MAX_REDIRECTS + 1):
                url = checked_url(url)
                found = _ask(pool, url)
                if isinstance(found, Page):
                    return found
                url = found
    except (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError, httpcore2.UnsupportedProtocol, OSError, UnicodeError) as problem:  # fmt: skip
        reason = (
            "it takes too long"
            if isinstance(problem, httpcore2.TimeoutException)
            else "nothing usable answers"
        )
        raise InputRejected(
            f"{_shown(url)} can't be fetched: {reason}.", hint=f"Check the address. {_SAVE_HINT}"
        ) from problem
    raise InputRejected(
        f"{_shown(url)} leads on more than {_MAX_REDIRECTS} times.", hint="Name the address it ends at."
    )


def checked_url(url: str) -> str:
    """The address in its plain ASCII form. Raises: InputRejected for anything but a plain web address."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
        host = host if ":" in host else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError) as problem:
        raise _bad(url, "is not a web address") from problem
    if parts.scheme not in ("http", "https") or not host:
        raise _bad(url, "is not a web address (http or https)")
    if parts.username is not None or parts.password is not None:
        raise InputRejected(
            f"The address of '{host}' carries a user name or password.", hint="Only open pages are fetched."
        )
    if len(url) > _MAX_URL or any(ord(character) < 33 or ord(character) == 127 for character in url.strip()):
        raise _bad(url, "is too long, or holds blanks")
    shown = f"[{host}]" if ":" in host else host
    where = shown if port is None else f"{shown}:{port}"
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    return urlunsplit((parts.scheme, where, path, quote(parts.query, safe="/%:@!$&'()*+,;=~?"), ""))


def _bad(url: str, what: str) -> InputRejected:
    return InputRejected(f"'{_shown(url)}' {what}.", hint="For example https://example.com/pricing.")


def _shown(url: str) -> str:
    """For messages: short, without a password in it."""
    return url.partition("?")[0].rpartition("@")[2][:200]


def _ask(pool: httpcore2.ConnectionPool, url: str) -> Page | str:
    """A page, or the address it leads on to."""
    headers: dict[bytes | str, bytes | str] = {
        "User-Agent": f"Voxspec/{version('voxspec')}",
        "Accept": "text/html, application/xhtml+xml, application/pdf, text/markdown, text/plain;q=0.8",
        "Accept-Encoding": "gzip, identity",
        "Connection": "close",
    }
    with pool.stream("GET", url, headers=headers) as response:
        told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
        if response.status in _REDIRECTS and "location" in told:
            return urljoin(url, told["location"])
        if response.status != 200:
            raise InputRejected(
                f"{_shown(url)} answers with {response.status}.", hint=f"Check the address. {_SAVE_HINT}"
            )
        kind, charset = _content_type(told)
        suffix = _SUFFIXES.get(kind)
        if suffix is None:
            raise InputRejected(
                f"{_shown(url)} is '{kind[:60] or 'of no stated type'}', not a page.",
                hint="HTML, PDF and text are fetched; download the file and import it.",
            )
        content = _read(response.iter_stream(), told, url)
    if suffix != ".pdf":
        content = _as_utf8(content, charset)
    _check_content(content, suffix, url)
    return Page(url, content, suffix)


def _content_type(told: Mapping[str, str]) -> tuple[str, str]:
    kind, _, rest = told.get("content-type", "").partition(";")
    charset = rest.casefold().partition("charset=")[2].partition(";")[0].strip(" \"'")
    return kind.strip().casefold(), charset


def _read(stream: Iterator[bytes], told: Mapping[str, str], url: str) -> bytes:
    packing = told.get("content-encoding", "identity").strip().casefold()
    if packing not in ("", "identity", "gzip", "x-gzip"):
        raise InputRejected(f"{_shown(url)} is packed in a way that wasn't asked for.", hint=_SAVE_HINT)
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS) if packing.endswith("gzip") else None
    content = bytearray()
    sent = 0
    for piece in stream:
        sent += len(piece)
        try:
            content += piece if unpack is None else unpack.decompress(piece, MAX_BYTES + 1 - len(content))
        except zlib.error as problem:
            raise InputRejected(f"{_shown(url)} is packed wrongly.", hint=_SAVE_HINT) from problem
        if sent > MAX_BYTES or len(content) > MAX_BYTES:
            raise InputRejected(
                f"{_shown(url)} is larger than {MAX_BYTES >> 20} MB.", hint="Download the file and import it."
            )
    if unpack is not None and not unpack.eof:
        raise InputRejected(f"{_shown(url)} was cut off.", hint="Try again.")
    return bytes(content)


def _as_utf8(content: bytes, charset: str) -> bytes:
    try:
        return content.decode(charset).encode() if charset else content
    except (LookupError, UnicodeError, ValueError):
        return content


def _check_content(content: bytes, suffix: str, url: str) -> None:
    """What a server calls a page may be something else, and must not reach the parsers of that."""
    is_pdf = content.startswith(b"%PDF-")
    if is_pdf != (suffix == ".pdf") or content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise InputRejected(
            f"{_shown(url)} isn't what its server says it is.", hint="Download the file and look at it."
        )
