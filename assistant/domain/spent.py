"""What models took."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Spent:
    """Of one day or one request."""

    tokens: int = 0
    """Read and written."""
    usd: float = 0.0
