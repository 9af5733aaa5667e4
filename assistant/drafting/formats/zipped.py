"""Zip containers whose bytes depend on what they hold, not on when they were written."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can name."""


def rezipped(content: bytes) -> bytes:
    """The same files in the same order, without the time of writing."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            kept = ZipInfo(entry.filename, _MOMENT)
            kept.compress_type = ZIP_DEFLATED
            kept.external_attr = 0o600 << 16
            new.writestr(kept, old.read(entry.filename))
    return out.getvalue()
