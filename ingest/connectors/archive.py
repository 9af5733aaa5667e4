"""Looking into a ZIP container (XLSX, DOCX) before a parser unpacks it: bombs and path tricks are refused."""

import copy
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from assistant.errors import InputRejected

_MAX_ENTRIES = 5_000
_MAX_TOTAL = 400 << 20
_MAX_RATIO = 200
_RATIO_FROM = 4 << 20
"""Small parts may compress well; a bomb is large."""


def check_archive(
    path: Path, *, needs: str, max_entries: int = _MAX_ENTRIES, max_tags: int | None = None
) -> None:
    """Unpack every part to nowhere, within limits.

    Args:
        path: the container.
        needs: a part that this kind of file has, for example `xl/workbook.xml`.
        max_entries: how many parts this kind of file may have.
        max_tags: of all XML parts together, for readers that hold every element in memory.

    Raises: InputRejected for damaged files, bombs, encrypted parts, names that leave the container, and XML with
        declarations of its own, which no Office program writes.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_names(path, entries, needs, max_entries)
            total = 0
            markup = _Markup(path, max_tags)
            for entry in entries:
                total += _unpacked_size(archive, entry, path, _MAX_TOTAL - total, markup)
    # zipfile's NotImplementedError: a compression method or version that it doesn't know, as damaged headers claim.
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as problem:
        raise InputRejected(
            f"{path.name} is damaged, or not the kind of file its name says.",
            hint="Open and save it again, or export it as CSV.",
        ) from problem


def _check_names(path: Path, entries: list[zipfile.ZipInfo], needs: str, max_entries: int) -> None:
    if len(entries) > max_entries:
        raise _bomb(path, f"holds {len(entries):,} parts")
    for entry in entries:
        name = PurePosixPath(entry.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in name.parts[0] if name.parts else True:
            raise InputRejected(
                f"{path.name} holds a part whose name leaves the file: it may be an attack.",
                hint="Ask whoever sent it for a CSV export.",
            )
        if entry.flag_bits & 0x1:
            raise InputRejected(f"{path.name} is encrypted.", hint="Remove the password and try again.")
    if needs not in {entry.filename for entry in entries}:
        raise InputRejected(
            f"{path.name} isn't the kind of file its name says: '{needs}' is missing in it.",
            hint="Save it again with the program that made it, or export it as CSV.",
        )


class _Markup:
    """Watches the XML parts go by."""

    def __init__(self, path: Path, max_tags: int | None) -> None:
        self._path = path
        self._max_tags = max_tags
        self._tags = 0
        self._before = b""

    def begin(self) -> None:
        """A new part starts."""
        self._before = b""

    def see(self, piece: bytes) -> None:
        """Raises: InputRejected for a document type declaration (entities), or too many tags."""
        plain = piece.replace(b"\0", b"")
        if b"<!DOCTYPE" in self._before + plain:
            raise InputRejected(
                f"{self._path.name} holds XML with declarations of its own: it may be an attack.",
                hint="Open and save it again with the program that made it.",
            )
        self._before = plain[-16:]
        self._tags += plain.count(b"<")
        if self._max_tags is not None and self._tags > self._max_tags:
            raise InputRejected(
                f"{self._path.name} holds more than {self._max_tags:,} elements, which a document may have.",
                hint="Split it, or save it as PDF.",
            )


def _unpacked_size(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path, room: int, markup: _Markup
) -> int:
    if entry.file_size > room:
        raise _bomb(path, "would unpack to more than 400 MB")
    # The directory may lie about sizes, so the true size is counted, up to the room that is left.
    honest = copy.copy(entry)
    honest.file_size = room + 1
    size = 0
    is_xml = entry.filename.casefold().endswith((".xml", ".rels", ".vml"))
    markup.begin()
    with archive.open(honest) as part:
        while piece := part.read(1 << 18):
            size += len(piece)
            if is_xml:
                markup.see(piece)
            if size > room:
                raise _bomb(path, "would unpack to more than 400 MB")
            if size > _RATIO_FROM and size > _MAX_RATIO * max(entry.compress_size, 1):
                raise _bomb(path, f"unpacks to more than {_MAX_RATIO} times its size")
    return size


def _bomb(path: Path, what: str) -> InputRejected:
    return InputRejected(
        f"{path.name} {what}: it looks like a zip bomb and was not opened.",
        hint="Export the data as CSV instead.",
    )
