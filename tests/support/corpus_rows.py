"""Corpus columns without a catalog, and the same records as an export writes them."""

from datetime import UTC, datetime
from typing import Any

import numpy as np

from assistant.stores.port import CorpusRows
from assistant.stores.stack import Stack


def columns(records: list[dict[str, Any]]) -> CorpusRows:
    """Columns of records that have `voice, person, account, source, rating, said_at (seconds), segments`; ids by their order."""
    return CorpusRows(
        snapshot="none",
        record_ids=tuple(f"rec_{place:06}" for place in range(len(records))),
        kind=("customer",) * len(records),
        source=tuple(one.get("source", "mail") for one in records),
        person=tuple(one.get("person") for one in records),
        account=tuple(one.get("account") for one in records),
        voice=tuple(one.get("voice", f"voice {place}") for place, one in enumerate(records)),
        language=tuple(one.get("language", "en") for one in records),
        rating=tuple(one.get("rating") for one in records),
        said_at=tuple(one.get("said_at") for one in records),
        segments=tuple(one.get("segments", {}) for one in records),
        passage_ids=(),
        passage_record=np.empty(0, np.int32),
        stack=Stack(np.empty((0, 4), np.float16)),
        places=np.arange(0),
    )


def export(rows: CorpusRows) -> list[dict[str, Any]]:
    """The records as JSON."""
    return [
        {
            "id": rows.record_ids[row],
            "source": rows.source[row],
            "language": rows.language[row],
            "rating": rows.rating[row],
            "said_at": None
            if (at := rows.said_at[row]) is None
            else datetime.fromtimestamp(at, UTC).isoformat(),
            "segments": dict(rows.segments[row]),
            "type": None,
            "sentiment": None,
            "counted": {"voice": rows.voice[row], "person": rows.person[row], "account": rows.account[row]},
        }
        for row in range(len(rows.record_ids))
    ]
