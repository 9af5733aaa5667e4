"""What an attack is."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Outcome = Literal["refused", "rejected", "read"]


@dataclass(frozen=True)
class Attack:
    """A hostile file, and what is to become of it."""

    name: str
    """Of the file; its suffix is what the file claims to be."""
    write: Callable[[Path], None]
    outcome: Outcome = "refused"
    """`refused`: the whole file, with a sentence. `rejected`: only the row that hurts. `read`: it is harmless after all."""
    within_s: float = 1.0
    """CPU-seconds that reading may take."""


def text(
    name: str, content: Callable[[], str | bytes], outcome: Outcome = "refused", within_s: float = 1.0
) -> Attack:
    """An attack that is made in memory."""

    def write(path: Path) -> None:
        made = content()
        path.write_bytes(made.encode("utf-8", "surrogatepass") if isinstance(made, str) else made)

    return Attack(name, write, outcome, within_s)
