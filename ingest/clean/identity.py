"""By what an author can be known in another channel: address, full name with account, handle. Only hashes are kept."""

import re
from collections.abc import Iterator

from assistant.domain.ids import person_id
from assistant.stores.ledger import Identity, PersonRule

_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_HANDLE = re.compile(r"@?[\w.-]{3,40}\Z")
_ROLES = frozenset(
    [
        "admin",
        "contact",
        "customer",
        "feedback",
        "guest",
        "hello",
        "info",
        "mail",
        "noreply",
        "no",
        "office",
        "reply",
        "sales",
        "service",
        "support",
        "team",
        "user",
    ]
)
"""Words of addresses that nobody is called by."""


def identities_of(workspace: str, author: str, account: str | None, key: bytes = b"") -> frozenset[Identity]:
    """By what the author can be known again.

    Args:
        author: as the source has it: a name, an address, both, or a handle.
        account: as the source has it.
        key: secret of the pseudonyms; empty where the installation has none.
    """
    person = person_id(workspace, author, key)
    return frozenset(
        Identity(person, rule, person_id(workspace, f"{rule} {value}", key))
        for rule, value in _known_by(author, account)
    )


def _known_by(author: str, account: str | None) -> Iterator[tuple[PersonRule, str]]:
    addresses = [found.casefold() for found in _ADDRESS.findall(author)] if "@" in author else []
    for address in addresses:
        yield "email", address
    name = _full_name(_ADDRESS.sub(" ", author)) or _full_name(
        addresses[0].partition("@")[0] if addresses else ""
    )
    if name and account:
        yield "account_name", f"{name} {' '.join(account.casefold().split())}"
    if not addresses and _HANDLE.match(author.strip()):
        yield "handle", author.strip().removeprefix("@").casefold()


def _full_name(text: str) -> str:
    """First and last name in one order, for `Ana Diaz`, `Diaz, Ana` and `ana.diaz`; empty where it is less than both."""
    words = sorted(_LETTERS.findall(text.casefold()))
    return " ".join(words) if 2 <= len(words) <= 4 and not _ROLES.intersection(words) else ""
