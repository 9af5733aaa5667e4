"""Looking into a ZIP container (XLSX, DOCX) before a parser unpacks it: bombs and path tricks are refused."""

import copy
import re
import zipfile
import zlib
from pathlib import Path

from assistant.errors import InputRejected
from ingest.connectors.directory import bomb, check_directory, check_names
from ingest.damage import Damage

_MAX_ENTRIES = 5_000
_MAX_TOTAL = 400 << 20
_MAX_RATIO = 200
_MAX_TAG_BYTES = 1 << 20
_RATIO_FROM = 4 << 20
"""Small parts may compress well; a bomb is large."""
_PIECE = 1 << 18
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)
"""What zipfile raises on damaged files; NotImplementedError for compression methods and versions that it doesn't know."""
_XML_NAMES = (".xml", ".rels", ".vml")
_ENCODING = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']{0,40})["']""")
_ENCODINGS = frozenset({b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252"})
"""In the others, for example UTF-7, a declaration doesn't look like one."""
_EBCDIC = "<?xm".encode("cp037")
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def check_archive(
    path: Path,
    *,
    needs: str,
    max_entries: int = _MAX_ENTRIES,
    max_tags: int | None = None,
    holding: bytes = b"",
) -> tuple[str, ...]:
    """Unpack every part to nowhere, within limits.

    Args:
        path: the container.
        needs: a part that this kind of file has, for example `xl/workbook.xml`.
        max_entries: how many parts this kind of file may have.
        max_tags: of all XML parts together, for readers that hold every element in memory.
        holding: what is looked for in the XML parts.

    Returns: names of the XML parts that hold it.
    Raises: InputRejected for damaged files, bombs, encrypted parts, names that leave the container, and XML with
        declarations of its own, which no Office program writes.
    """
    found: list[str] = []
    damage = Damage(
        _DAMAGE,
        lambda: InputRejected(
            f"{path.name} is damaged, or not the kind of file its name says.",
            hint="Open and save it again, or export it as CSV.",
        ),
    )
    check_directory(path)
    with damage:
        archive = zipfile.ZipFile(path)
    with archive:
        entries = archive.infolist()
        check_names(path, entries, max_entries)
        _check_needed(path, entries, needs)
        total = 0
        markup = _Markup(path, max_tags, holding)
        for entry in entries:
            total += _unpacked_size(archive, entry, path, _MAX_TOTAL - total, markup, damage)
            if markup.found:
                found.append(entry.filename)
    return tuple(found)


def _check_needed(path: Path, entries: list[zipfile.ZipInfo], needs: str) -> None:
    if needs not in {entry.filename for entry in entries}:
        raise InputRejected(
            f"{path.name} isn't the kind of file its name says: '{needs}' is missing in it.",
            hint="Save it again with the program that made it, or export it as CSV.",
        )


class _Markup:
    """Watches the XML parts go by."""

    def __init__(self, path: Path, max_tags: int | None, holding: bytes) -> None:
        self._path = path
        self._max_tags = max_tags
        self._holding = holding
        self._tags = 0
        self._tag_bytes = 0
        self._before = b""
        self._is_xml = False
        self.found = False
        """Whether the part that went by holds what is looked for."""

    def begin(self, name: str, piece: bytes) -> None:
        """A new part starts with this piece. Raises: InputRejected for XML in an encoding that hides what it says."""
        self._before, self.found, self._tag_bytes = b"", False, 0
        plain = _without_nul(piece[:1024])
        for mark in _MARKS:
            plain = plain.removeprefix(mark)
        # Readers know a part by its declared type: a name without .xml doesn't keep it from being parsed.
        self._is_xml = plain.lstrip().startswith(b"<") or name.casefold().endswith(_XML_NAMES)
        declared = _ENCODING.match(plain)
        if plain.startswith(_EBCDIC) or (declared is not None and declared[1].lower() not in _ENCODINGS):
            raise _declares(self._path)

    def see(self, piece: bytes) -> None:
        """Raises: InputRejected for a document type declaration (entities), too many tags, or an endless one."""
        if not self._is_xml:
            return
        plain = _without_nul(piece)
        window = self._before + plain
        if b"<!DOCTYPE" in window:
            raise _declares(self._path)
        self.found = self.found or (bool(self._holding) and self._holding in window)
        self._before = plain[-16:]
        self._measure_tag(plain)
        self._tags += plain.count(b"<")
        if self._max_tags is not None and self._tags > self._max_tags:
            raise InputRejected(
                f"{self._path.name} holds more than {self._max_tags:,} elements, which a document may have.",
                hint="Split it, or save it as PDF.",
            )

    def _measure_tag(self, plain: bytes) -> None:
        """How long the tag is that isn't closed yet: each attribute costs a reader 300 bytes."""
        opened, closed = plain.rfind(b"<"), plain.rfind(b">")
        if opened > closed:
            self._tag_bytes = len(plain) - opened
        elif closed >= 0:
            self._tag_bytes = 0
        elif self._tag_bytes:
            self._tag_bytes += len(plain)
        if self._tag_bytes > _MAX_TAG_BYTES:
            raise InputRejected(
                f"{self._path.name} holds a tag of more than {_MAX_TAG_BYTES >> 20} MB, which no Office program writes.",
                hint="Open and save it again with the program that made it.",
            )


def _without_nul(piece: bytes) -> bytes:
    """So that UTF-16 reads like ASCII; deleting is fifteen to fifty times as fast as replacing."""
    return piece.translate(None, b"\0") if b"\0" in piece else piece


def _unpacked_size(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    path: Path,
    room: int,
    markup: _Markup,
    damage: Damage,
) -> int:
    if entry.file_size > room:
        raise bomb(path, "would unpack to more than 400 MB")
    # The directory may lie about sizes, so the true size is counted, up to the room that is left.
    honest = copy.copy(entry)
    honest.file_size = room + 1
    size = 0
    with damage:
        part = archive.open(honest)
    with part:
        with damage:
            piece = part.read(_PIECE)
        markup.begin(entry.filename, piece)
        while piece:
            size += len(piece)
            markup.see(piece)
            if size > entry.file_size:
                raise bomb(path, "unpacks to more than it says")
            if size > _RATIO_FROM and size > _MAX_RATIO * max(entry.compress_size, 1):
                raise bomb(path, f"unpacks to more than {_MAX_RATIO} times its size")
            with damage:
                piece = part.read(_PIECE)
    return size


def _declares(path: Path) -> InputRejected:
    return InputRejected(
        f"{path.name} holds XML with declarations of its own: it may be an attack.",
        hint="Open and save it again with the program that made it.",
    )
