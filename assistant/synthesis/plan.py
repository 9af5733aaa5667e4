"""What a run of themes would do, take and cost, before it does it."""

import time
from bisect import bisect_right
from collections.abc import Sequence

from assistant.domain.base import Frozen
from assistant.domain.theme import NamedBy
from assistant.llm.prices import cost_of, prices_of
from assistant.search.matrix import CorpusMatrix, matrix_of
from assistant.stores.theme_port import Uncut
from assistant.synthesis.cut import statements_of
from assistant.synthesis.naming import to_ask
from assistant.synthesis.pipeline import themes_of
from assistant.synthesis.questions import budget_of
from assistant.synthesis.sample import customers_of
from assistant.workbench import Workbench

_LOOKED_AT = 2_048
"""Records that are cut to see what they hold; more are told from these."""
_TIMED = 48
"""Texts that are embedded to see how long it takes; their vectors are not kept."""
_LOCAL = ("minilm", "use-multilingual")
_TOKENS_PER_CALL = (320, 80)
"""In and out, where no theme is known yet: the prompt and eight statements of the Kanbo sample, an answer."""
_STATEMENTS_PER_THEME = 6
"""At least, as the Kanbo sample has them; banking77 has 22."""
_OTHER_S, _BASE_MB, _MB = 0.0008, 400.0, 0.011
"""Seconds per statement beside embedding; memory, and memory per text. Theme stage measured at 100,000 texts: 37 s, 1.1 GB."""


class ThemePlan(Frozen):
    """What a run would do."""

    records: int
    """Of customers."""
    new_records: int
    """Of which nobody has looked for statements."""
    statements: int
    """That the run would hold in the end."""
    texts_to_embed: int
    estimated: bool
    """Whether the numbers above are told from a sample."""
    embedding_s: float | None
    """None where the texts would go to a server."""
    other_s: float
    memory_mb: float
    model: str
    calls: int
    """At most, where no themes are known yet."""
    tokens_in: int
    tokens_out: int
    cost_usd: float | None
    """None where the model has no price, see the settings `price_in` and `price_out`."""


def plan(
    bench: Workbench, *, afresh: bool = False, most_tokens: int | None = None, batch: bool = False
) -> ThemePlan:
    """Look at what there is to do. Nothing is stored and no model is asked.

    Args: as of `pipeline.synthesize`; batch: model calls would go through the Batch API. Raises: StoreError, ModelError.
    """
    matrix = matrix_of(bench)
    records = len(customers_of(matrix))
    first = bench.catalog.statements.uncut(bench.workspace, bench.embedder.identity, None, _LOOKED_AT)
    new = _all_of(first, matrix)
    texts = {cut.statement.text_hash: cut.text for one in first for cut in statements_of(one)}
    cut = sum(len(statements_of(one)) for one in first)
    missing = bench.catalog.statements.without_vector(bench.workspace, bench.embedder.identity, sorted(texts))
    scale = new / len(first) if first else 1.0
    state = bench.catalog.themes.state(bench.workspace)
    # Records that were read before have statements as the new ones do, or as the last run saw.
    known = state.run.statements if state else round((records - new) * (cut / len(first) if first else 1.6))
    statements = known + round(cut * scale)
    to_embed = round(len(missing) * scale)
    calls, tokens_in, tokens_out = _naming(bench, statements, new, most_tokens, afresh=afresh)
    prices = prices_of(bench.settings)
    return ThemePlan(
        records=records,
        new_records=new,
        statements=statements,
        texts_to_embed=to_embed,
        estimated=new > len(first),
        embedding_s=_embedding_s(bench, [texts[one] for one in missing], to_embed),
        other_s=round(statements * _OTHER_S, 1),
        memory_mb=round(_BASE_MB + statements * _MB),
        model=bench.settings.model,
        calls=calls,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        cost_usd=cost_of(prices, bench.settings.model, tokens_in, tokens_out, batch=batch),
    )


def _all_of(first: Sequence[Uncut], matrix: CorpusMatrix) -> int:
    """How many records are uncut in all: ids are hashes, so that the first ones tell how densely they lie."""
    if len(first) < _LOOKED_AT:
        return len(first)
    customers = customers_of(matrix)
    ids = [matrix.rows.record_ids[row] for row in customers.tolist()]
    return max(len(first), round(len(first) * len(ids) / max(1, bisect_right(ids, first[-1].record_id))))


def _embedding_s(bench: Workbench, texts: Sequence[str], count: int) -> float | None:
    if not bench.embedder.identity.startswith(_LOCAL):
        return None
    if not texts:
        return 0.0
    some = texts[:_TIMED]
    bench.embedder.embed(some[:2])
    begun = time.monotonic()
    bench.embedder.embed(some)
    return round((time.monotonic() - begun) / len(some) * count, 1)


def _naming(
    bench: Workbench, statements: int, new: int, most_tokens: int | None, *, afresh: bool
) -> tuple[int, int, int]:
    """Calls, tokens in, tokens out: exact where nothing is new, at most otherwise."""
    if bench.settings.model == "extractive":
        return 0, 0, 0
    state = bench.catalog.themes.state(bench.workspace)
    if state is not None and not new and not afresh and (themes := themes_of(bench)) is not None:
        questions = to_ask(bench, state, themes, most_tokens)
        told = {question.call.user: question.tokens for question in questions}.values()
        return len(told), sum(one for one, _ in told), sum(other for _, other in told)
    per_call = sum(_TOKENS_PER_CALL)
    budget = budget_of(statements, most_tokens)
    named = 0 if state is None or afresh else sum(n.named_by is not NamedBy.keywords for n in state.nodes)
    calls = max(0, min(budget // per_call, statements // _STATEMENTS_PER_THEME) - named)
    return calls, calls * _TOKENS_PER_CALL[0], calls * _TOKENS_PER_CALL[1]
