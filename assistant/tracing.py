"""Spans for OpenTelemetry, where an operator asks for them: which step took how long, and what a model took.

Nothing leaves the machine by default. Spans hold names, ids, counts and codes of errors; prompts and replies only under the setting
`trace_content`. The provider is our own and not the process's global one, so no library's spans, which may hold texts, go with ours.
Needs the extra `otel`.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.errors import UsageError
from assistant.settings import Settings
from assistant.telemetry import get_logger

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

Value = str | int | float | bool
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


@dataclass
class _Tracing:
    tracer: "Tracer | None" = None
    with_content: bool = False


_now = _Tracing()


@dataclass(frozen=True)
class Noted:
    """A span that is open, or none: what is noted on it is then dropped."""

    _span: "Span | None" = field(default=None)

    def note(self, **attributes: Value) -> None:
        """Set attributes; `voxspec.` is put before their names, and `_` between words stands for a dot."""
        self.note_all({f"voxspec.{name.replace('_', '.')}": value for name, value in attributes.items()})

    def note_all(self, attributes: Mapping[str, Value]) -> None:
        """Set attributes by their full names."""
        if self._span is not None:
            self._span.set_attributes(dict(attributes))


_NOTHING = Noted()


def start_tracing(settings: Settings, provider: "TracerProvider | None" = None) -> None:
    """Trace from now on, where the settings or the environment ask for it; a second call changes nothing.

    Args: provider: where spans go; None: to the address of OTEL_EXPORTER_OTLP_ENDPOINT.

    Raises: UsageError where the setting asks for it and the extra is missing.
    """
    if _now.tracer is not None or not _wanted(settings):
        return
    try:
        provider = provider or _exporting()
    except ImportError as problem:
        hint = "Install it: pip install 'voxspec[otel]'."
        if settings.traces:
            raise UsageError("Traces need the extra 'otel'.", hint=hint) from problem
        get_logger("tracing").warning("No traces: the extra 'otel' is missing.", hint=hint)
        return
    _now.tracer, _now.with_content = provider.get_tracer("voxspec"), settings.trace_content


def stop_tracing() -> None:
    """Trace no more. Spans that are waiting are sent by the provider's own end."""
    _now.tracer, _now.with_content = None, False


def traces_content() -> bool:
    """Whether prompts and replies may be noted."""
    return _now.with_content


@contextmanager
def span(
    name: str, attributes: Mapping[str, Value] | None = None, *, calls_out: bool = False
) -> Iterator[Noted]:
    """A span around the block. An error's class or code is noted, not its message, which may quote a record.

    Args: calls_out: whether the block is a request to another service.
    """
    if _now.tracer is None:
        yield _NOTHING
        return
    from opentelemetry.trace import SpanKind, Status, StatusCode

    kind = SpanKind.CLIENT if calls_out else SpanKind.INTERNAL
    with _now.tracer.start_as_current_span(
        name,
        kind=kind,
        attributes=dict(attributes or {}),
        record_exception=False,
        set_status_on_exception=False,
    ) as held:
        try:
            yield Noted(held)
        except BaseException as problem:
            held.set_attribute("error.type", str(getattr(problem, "code", type(problem).__name__)))
            held.set_status(Status(StatusCode.ERROR))
            raise


class Steps:
    """Spans for steps that are told as events: one begins where the one before ends."""

    def __init__(self, of: str) -> None:
        self._of = of
        self._open = ExitStack()
        self._noted = _NOTHING

    def __enter__(self) -> "Steps":
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def heard(self, event: str, told: Mapping[str, object]) -> None:
        """Args: told: its numbers and the step's and model's names are noted, nothing else."""
        if event == "step.started":
            self._open.close()
            self._noted = self._open.enter_context(span(f"{self._of} {told.get('step', '')}"))
        if event in ("step.started", "step.completed"):
            numbers = {name: one for name, one in told.items() if isinstance(one, int | float)}
            names = {name: str(told[name]) for name in ("step", "model") if name in told}
            self._noted.note(**numbers, **names)
        if event == "step.completed":
            self._open.close()
            self._noted = _NOTHING


def _wanted(settings: Settings) -> bool:
    if settings.traces is not None:
        return settings.traces
    return any(os.environ.get(name) for name in _ENDPOINTS)


def _exporting() -> "TracerProvider":
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    name = os.environ.get("OTEL_SERVICE_NAME", "voxspec")
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider
