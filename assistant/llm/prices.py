"""What a model's tokens cost, as the person says: prices change, and a list in the product would be wrong by the next month."""

from assistant.llm.port import Prices
from assistant.settings import Settings

BATCH_SHARE = 0.5
"""Of the price, for calls through the Batch API of OpenAI."""


def prices_of(settings: Settings) -> Prices:
    """The prices that are set; empty where none are."""
    if settings.price_in is None or settings.price_out is None:
        return {}
    return {settings.model: (settings.price_in, settings.price_out)}


def cost_of(
    prices: Prices, model: str, tokens_in: int, tokens_out: int, *, batch: bool = False
) -> float | None:
    """US dollars; None where the model has no price."""
    if model not in prices:
        return None
    price_in, price_out = prices[model]
    cost = (tokens_in * price_in + tokens_out * price_out) / 1_000_000
    return round(cost * (BATCH_SHARE if batch else 1.0), 6)
