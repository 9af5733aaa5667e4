"""Deterministic ids: the same content gives the same id on any machine, in any order of arrival."""

from hashlib import blake2b

from assistant.domain.base import canonical_json, digest


def record_id(workspace: str, source: str, key: str) -> str:
    """Id of a record. `key` is the source's own id, or a content hash where it has none."""
    return "rec_" + digest(workspace, source, key, size=10)


def passage_id(record_id: str, ordinal: int) -> str:
    """Id of a passage: its record and its place in it, from 0."""
    return f"{record_id}.{ordinal}"


def person_id(workspace: str, author: str, key: bytes = b"") -> str:
    """Pseudonym of an author, stable in a workspace.

    Args:
        key: secret of the installation, at most 64 bytes (keyed BLAKE2b, RFC 7693). Without one, whoever guesses the name can
            confirm the guess.
    """
    name = " ".join(author.casefold().split())
    if not key:
        return "per_" + digest("person", workspace, name, size=8)
    said = canonical_json(["person", workspace, name]).encode("utf-8", "surrogatepass")
    return "per_" + blake2b(said, digest_size=8, key=key).hexdigest()


def draft_id(*parts: object) -> str:
    """Id of a draft from what it is made of: kind, brief, scope, corpus snapshot, writer, settings."""
    return "dra_" + digest(*parts, size=8)


def text_hash(text: str) -> str:
    """Hash of a text as it is embedded; the key of the vector cache."""
    return digest(text, size=16)
