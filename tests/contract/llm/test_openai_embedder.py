"""The embedder behind an OpenAI-compatible URL."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from assistant.errors import ModelRateLimited, ModelReplyInvalid, ModelTimeout, ModelUnavailable, UsageError
from assistant.llm.openai_embed import OpenAIEmbedder
from tests.support.model_server import (
    EMBEDDING_LENGTH,
    Behaviour,
    Exchange,
    ModelServer,
    fails,
    hangs,
    rate_limited,
    says,
    vector_of,
)

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

GOOD = says("")


def open_embedder(server: ModelServer, *, timeout_s: float = 20.0, retries: int = 1) -> OpenAIEmbedder:
    return OpenAIEmbedder(name="bge", base_url=server.base_url, timeout_s=timeout_s, retries=retries)


def sends_rows(rows: list[Any]) -> Behaviour:
    def behave(exchange: Exchange) -> None:
        data = [{"object": "embedding", "index": index, "embedding": row} for index, row in enumerate(rows)]
        exchange.send_json({"object": "list", "data": data, "model": "bge"})

    return behave


def test_vectors_are_unit_rows_in_the_order_of_the_texts() -> None:
    texts = [f"text {number}" for number in range(300)]
    with ModelServer(GOOD) as server:
        vectors = open_embedder(server).embed(texts)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-6)
    assert vectors == pytest.approx(np.array([vector_of(text) for text in texts]), abs=1e-6)
    assert [len(request.body["input"]) for request in server.requests] == [1, 128, 128, 44]


def test_identity_holds_name_and_the_discovered_dimension() -> None:
    with ModelServer(GOOD) as server:
        embedder = open_embedder(server)
        assert embedder.identity == f"openai:bge:{EMBEDDING_LENGTH}"
        assert embedder.dimension == EMBEDDING_LENGTH
    assert len(server.requests) == 1


def test_an_empty_text_is_sent_as_a_space() -> None:
    with ModelServer(GOOD) as server:
        assert open_embedder(server).embed([""]).shape == (1, EMBEDDING_LENGTH)
    assert server.requests[-1].body["input"] == [" "]


def test_an_error_that_passes_is_tried_again() -> None:
    with ModelServer([GOOD, fails(503), rate_limited("0.1"), GOOD]) as server:
        assert open_embedder(server, retries=2).embed(["x"]).shape == (1, EMBEDDING_LENGTH)


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (fails(500), ModelUnavailable),
        (rate_limited("90"), ModelRateLimited),
        (hangs(), ModelTimeout),
        (fails(404), UsageError),
        (sends_rows([]), ModelReplyInvalid),
        (sends_rows([[0.0, 0.0]]), ModelReplyInvalid),
        (sends_rows([["a", "b"]]), ModelReplyInvalid),
        (lambda exchange: exchange.send_json(["unexpected"]), ModelReplyInvalid),
    ],
)
def test_a_misbehaving_server_gives_a_typed_error(behaviour: Behaviour, error: type[Exception]) -> None:
    with ModelServer(behaviour) as server, pytest.raises(error):
        open_embedder(server, timeout_s=1.0, retries=0).embed(["x"])


def test_vectors_of_changing_length_are_refused() -> None:
    with (
        ModelServer([GOOD, sends_rows([[1.0, 2.0]])]) as server,
        pytest.raises(ModelReplyInvalid, match="length"),
    ):
        open_embedder(server).embed(["x"])


@pytest.mark.parametrize("make", [OpenAIEmbedder])
def test_no_key_and_no_url_is_a_usage_error(
    make: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(UsageError, match="key"):
        make(name="bge")
