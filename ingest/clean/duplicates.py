"""Exact duplicates: when two records are one voice."""

from assistant.domain.base import digest


def voice(cleaned: str, person: str | None) -> str:
    """Same text from the same person has the same voice, whatever its case and spacing.

    Args:
        cleaned: the cleaned text (`domain.clean`).
        person: pseudonym; unknown authors of the same text count as one.
    """
    return digest("voice", " ".join(cleaned.casefold().split()), person or "", size=12)
