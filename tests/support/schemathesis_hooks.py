"""How schemathesis sends the one body here that it doesn't know: lines of JSON."""

from typing import Any

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def as_lines(_: schemathesis.SerializationContext, value: Any) -> bytes:
    """The generated text as it is."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
