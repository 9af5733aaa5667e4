"""Logs for operators: structured, on stderr, never with record text or keys. No telemetry leaves the machine."""

import logging
import sys

import structlog


def configure_logs(*, verbose: bool = False, as_json: bool = False) -> None:
    """Send logs to stderr: warnings and errors, or everything where `verbose`."""
    level = logging.DEBUG if verbose else logging.WARNING
    structlog.configure(
        processors=[
            _without_foreign_retries,
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # Asked for at each line: who holds stderr may close it and put another one there.
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _without_foreign_retries(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    # stamina logs each retry as a warning with its own internals; the adapter says the same in a sentence.
    if event.get("event") == "stamina.retry_scheduled":
        raise structlog.DropEvent
    return event


def get_logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """A logger whose events carry the name of their room."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(room=name)
    return logger
