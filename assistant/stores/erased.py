"""Whom and what a workspace erased: keyed hashes, so that an import doesn't bring them back unasked."""

from dataclasses import dataclass
from hashlib import blake2b

from assistant.domain.record import Record


@dataclass(frozen=True)
class Erased:
    """What a workspace erased. Only who has the key and guesses right can tell what stands in it."""

    key: bytes = b""
    digests: frozenset[str] = frozenset()

    def holds(self, record: Record) -> tuple[str, ...]:
        """The hashes by which a record must not come back; empty where it may."""
        if not self.digests:
            return ()
        named = (
            self.digest("record", record.id),
            self.digest("person", record.person),
            self.digest("account", account_name(record.account)),
        )
        return tuple(one for one in named if one in self.digests)

    def holds_record(self, record_id: str) -> bool:
        """Whether the record of that id was erased."""
        return bool(self.digests) and self.digest("record", record_id) in self.digests

    def digest(self, what: str, name: str | None) -> str:
        """Keyed hash of a name; of none, a hash that never occurs."""
        if not name:
            return ""
        said = f"{what}\0{name}".encode("utf-8", "surrogatepass")
        return blake2b(said, digest_size=16, key=self.key).hexdigest()


def account_name(name: str | None) -> str:
    """An account's name as it is compared: case and spacing don't matter."""
    return " ".join((name or "").casefold().split())
