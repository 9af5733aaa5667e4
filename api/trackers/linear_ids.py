"""Linear lets its clients choose the id of what they make, a UUID (version 4), and takes none twice.

So the marker is the id: its 80 bits and 42 bits by which it is told from an id by chance. Nothing has to be written into a text.
"""

from uuid import UUID

from assistant.domain.base import digest

ATTEMPTS = 3
"""Ids of one marker: where somebody deleted what had the first, its id is spent."""
_MARKER_BITS, _CHECK_BITS = 80, 42
_NAME = "voxspec-"


def id_of(marker: str, attempt: int = 0) -> str:
    """The id of what is made with a marker."""
    bits = int(marker.removeprefix(_NAME), 16) << _CHECK_BITS | _check(marker, attempt)
    # RFC 9562: 48 bits, the version, 12 bits, the variant, 62 bits.
    high, middle, low = bits >> 74, bits >> 62 & 0xFFF, bits & (1 << 62) - 1
    return str(UUID(int=high << 80 | 0x4 << 76 | middle << 64 | 0b10 << 62 | low))


def marker_of(number: str) -> str:
    """The marker that an id was made of; empty where it was made otherwise."""
    try:
        whole = UUID(number).int
    except ValueError:
        return ""
    bits = (whole >> 80) << 74 | (whole >> 64 & 0xFFF) << 62 | whole & (1 << 62) - 1
    marker = f"{_NAME}{bits >> _CHECK_BITS:0{_MARKER_BITS // 4}x}"
    own = {id_of(marker, attempt) for attempt in range(ATTEMPTS)}
    return marker if str(UUID(number)) in own else ""


def _check(marker: str, attempt: int) -> int:
    return int(digest("linear", marker, str(attempt), size=6), 16) >> 48 - _CHECK_BITS
