"""PDF: the text of each page, with the page as anchor."""

import logging
import time
from pathlib import Path

from pypdf import Configuration, PdfReader, apply_configuration
from pypdf.errors import DependencyError, DeprecationError, LimitReachedError, PyPdfError

from assistant.errors import InputRejected
from ingest.damage import Damage
from ingest.parse.limits import MAX_DOCUMENT_CHARS, MAX_PAGES, MAX_SECONDS, assemble
from ingest.parse.pdf_table import check_table
from ingest.port import Document, TextBlock

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it warns about every flaw of a file that it can read

_MAX_STREAM = 16 << 20
"""Bytes of a page's instructions, unpacked; usual are some hundred kilobytes. Images aren't unpacked here."""
_LIMITS = Configuration().with_overwrites(
    array_based_stream_maximum_output_length=_MAX_STREAM,
    lzw_maximum_output_length=_MAX_STREAM,
    run_length_maximum_output_length=_MAX_STREAM,
    zlib_maximum_output_length=_MAX_STREAM,
    stream_decoding_work_maximum_length=4 * _MAX_STREAM,
    stream_parsing_work_maximum_count=250_000,
    disable_legacy_handling=True,
)
# What pypdf lets through on damaged files, besides its own errors, and around its calls alone: it reads values without checking their kind, and raises
# NotImplementedError for filters and encryptions that it doesn't know.
_DAMAGE = (PyPdfError, DependencyError, DeprecationError, ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError, RecursionError, OSError,
           NotImplementedError, OverflowError, MemoryError)  # fmt: skip

_HINT = "Open it in a viewer and print it to a new PDF."


def parse_pdf(path: Path) -> Document:
    """Read a PDF page by page.

    Raises: InputRejected if it is damaged, encrypted, holds images only, or takes over a minute.
    """
    check_table(path)
    with apply_configuration(_LIMITS):
        blocks, title = _read(path)
    if not blocks:
        raise InputRejected(
            f"{path.name} holds no text, only images.", hint="Run text recognition (OCR) on it first."
        )
    return assemble(path, blocks, title)


def _read(path: Path) -> tuple[list[TextBlock], str | None]:
    bomb = Damage(
        (LimitReachedError,),
        lambda: InputRejected(
            f"{path.name} has a page that unpacks to more than a page holds: it looks like a bomb.",
            hint=_HINT,
        ),
    )
    damage = Damage(_DAMAGE, lambda: InputRejected(f"{path.name} is damaged or not a PDF.", hint=_HINT))
    with damage, bomb:
        reader = PdfReader(path)
        is_locked = reader.is_encrypted and not reader.decrypt("")
    if is_locked:
        raise InputRejected(f"{path.name} is encrypted.", hint="Remove the password and try again.")
    with damage, bomb:
        pages = len(reader.pages)
    if pages > MAX_PAGES:
        raise InputRejected(f"{path.name} has {pages:,} pages; {MAX_PAGES:,} are allowed.", hint="Split it.")
    until = time.monotonic() + MAX_SECONDS
    chars = 0
    blocks = []
    for number in range(1, pages + 1):
        with damage, bomb:
            text = reader.pages[number - 1].extract_text()
        chars += len(text)
        if time.monotonic() > until or chars > MAX_DOCUMENT_CHARS * 2:
            raise InputRejected(
                f"{path.name} takes too long to read (stopped at page {number:,}).",
                hint="Split it, or export it as text.",
            )
        if text.strip():
            blocks.append(TextBlock(text, f"page {number}"))
    with damage, bomb:
        title = str((reader.metadata.title if reader.metadata else None) or "")
    return blocks, title.strip() or None
