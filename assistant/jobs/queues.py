"""The queues: which jobs wait for each other, and which don't."""

LONG = "bulk"
_SHORT = "interactive"
QUEUES = {
    LONG: (1, 1.0),
    "shards": (1, 0.5),
    "tickets": (2, 0.2),
    "following": (1, 1.0),
    _SHORT: (64, 0.1),
}
"""Queue → jobs at a time in one worker, seconds between looks of a worker that isn't told. A draft mostly waits for its model."""
_QUEUE_OF = {
    "ingest": LONG,
    "rebuild-index": LONG,
    "themes": LONG,
    "themes-shard": "shards",
    "ticket": "tickets",
    "follow": "following",
}
"""An hour of import or of themes doesn't hold up a draft, nor a run of themes the shards that it waits for; a flood of tickets neither."""


def queue_of(kind: str) -> str:
    """Where a job of that kind waits."""
    return _QUEUE_OF.get(kind, _SHORT)
