"""What a model may cost, per request and per day. A call that could go over a cap is refused before it is made."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from assistant.domain.spent import Spent
from assistant.errors import BudgetExceeded, UsageError
from assistant.llm.port import ChatModel, ModelCall, ModelReply, OnDelta
from assistant.llm.prices import cost_of, prices_of
from assistant.settings import Settings

_CHARS_PER_TOKEN = 3
"""Few: a guess that is too high refuses a call early, one that is too low pays too much."""


class Spending(Protocol):
    """What is needed of `stores.thread_port.SpendStore`, which this package does not import."""

    def add(self, workspace: str, day: str, spent: Spent) -> None: ...

    def of(self, workspace: str, day: str) -> Spent: ...


@dataclass
class Meter:
    """What one request took of the model, replies from the call store included: a request that was killed goes on with its sum."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0


_METER: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def metered(settings: Settings) -> Iterator[Meter]:
    """Count what the block takes of the model; the caps per request hold for it. Raises: UsageError for a cap that can't be held."""
    _demand_prices(settings)
    meter = Meter()
    before = _METER.set(meter)
    try:
        yield meter
    finally:
        _METER.reset(before)


class MeteredModel:
    """A chat model in front of the call store: what it answers is counted for the request."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """The model's own name."""
        return self._model.name

    def complete(self, call: ModelCall, on_delta: OnDelta | None = None) -> ModelReply:
        """As the model's own."""
        reply = self._model.complete(call, on_delta)
        if (meter := _METER.get()) is not None:
            meter.calls += 1
            meter.tokens_in += reply.tokens_in
            meter.tokens_out += reply.tokens_out
        return reply


class BudgetedModel:
    """A chat model behind the call store: what is really asked is paid, written down, and refused over a cap.

    Args:
        today: ISO date, UTC.
    """

    def __init__(
        self,
        model: ChatModel,
        settings: Settings,
        spending: Spending,
        today: Callable[[], str] = lambda: datetime.now(UTC).date().isoformat(),
    ) -> None:
        self._model = model
        self._settings = settings
        self._spending = spending
        self._today = today

    @property
    def name(self) -> str:
        """The model's own name."""
        return self._model.name

    def complete(self, call: ModelCall, on_delta: OnDelta | None = None) -> ModelReply:
        """As the model's own. Raises: BudgetExceeded before the call."""
        settings, workspace = self._settings, self._settings.workspace
        tokens_in = (len(call.system) + len(call.user)) // _CHARS_PER_TOKEN + 1
        next_one = self._spent(tokens_in, call.max_tokens)
        if (meter := _METER.get()) is not None:
            so_far = self._spent(meter.tokens_in, meter.tokens_out)
            _refuse("request", settings.request_tokens, settings.request_usd, so_far, next_one)
        if settings.day_tokens is not None or settings.day_usd is not None:
            so_far = self._spending.of(workspace, self._today())
            _refuse("day", settings.day_tokens, settings.day_usd, so_far, next_one)
        reply = self._model.complete(call, on_delta)
        self._spending.add(workspace, self._today(), self._spent(reply.tokens_in, reply.tokens_out))
        return reply

    def _spent(self, tokens_in: int, tokens_out: int) -> Spent:
        usd = cost_of(prices_of(self._settings), self._settings.model, tokens_in, tokens_out)
        return Spent(tokens_in + tokens_out, usd or 0.0)


def demand_budget(settings: Settings, spending: Spending) -> None:
    """Refuse a request of a workspace that has used its day up already. Raises: BudgetExceeded; UsageError."""
    _demand_prices(settings)
    if settings.day_tokens is not None or settings.day_usd is not None:
        today = datetime.now(UTC).date().isoformat()
        one = Spent(tokens=1)
        _refuse("day", settings.day_tokens, settings.day_usd, spending.of(settings.workspace, today), one)


def _refuse(what: str, tokens: int | None, usd: float | None, so_far: Spent, more: Spent) -> None:
    over_tokens = tokens is not None and so_far.tokens + more.tokens > tokens
    over_usd = usd is not None and (so_far.usd + more.usd > usd or so_far.usd >= usd)
    if not over_tokens and not over_usd:
        return
    cap = f"{tokens:,} tokens" if over_tokens else f"{usd:g} US dollars"
    taken = f"{so_far.tokens:,} tokens" if over_tokens else f"{so_far.usd:.4f} US dollars"
    hint = {
        "request": f"Ask for less at once, or raise VOXSPEC_REQUEST_{'TOKENS' if over_tokens else 'USD'}.",
        "day": f"Come back after midnight UTC, raise VOXSPEC_DAY_{'TOKENS' if over_tokens else 'USD'}, or write without a model.",
    }[what]
    raise BudgetExceeded(
        f"The budget of this {what} is used up: {taken} of {cap} are spent, and the next call could go over it.",
        hint=hint,
    )


def _demand_prices(settings: Settings) -> None:
    if (settings.request_usd or settings.day_usd) and not prices_of(settings):
        raise UsageError(
            "A budget in US dollars is set, but no price of the model.",
            hint="Set VOXSPEC_PRICE_IN and VOXSPEC_PRICE_OUT, or a budget in tokens.",
        )
