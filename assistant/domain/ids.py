"""Deterministic ids: the same content gives the same id on any machine, in any order of arrival."""

from assistant.domain.base import digest


def record_id(workspace: str, source: str, key: str) -> str:
    """Id of a record. `key` is the source's own id, or a content hash where it has none."""
    return "rec_" + digest(workspace, source, key, size=10)


def passage_id(record_id: str, ordinal: int) -> str:
    """Id of a passage: its record and its place in it, from 0."""
    return f"{record_id}.{ordinal}"


def person_id(workspace: str, author: str) -> str:
    """Pseudonym of an author: stable in a workspace, not reversible without guessing the name."""
    return "per_" + digest("person", workspace, " ".join(author.casefold().split()), size=8)


def draft_id(*parts: object) -> str:
    """Id of a draft from what it is made of: kind, brief, scope, corpus snapshot, writer, settings."""
    return "dra_" + digest(*parts, size=8)


def text_hash(text: str) -> str:
    """Hash of a text as it is embedded; the key of the vector cache."""
    return digest(text, size=16)
