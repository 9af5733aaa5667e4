"""What leaves for a model is masked, whoever wrote the call; the call cache holds the masked call only."""

import numpy as np

from assistant.llm.masked import MaskedEmbedder, MaskedModel
from assistant.llm.port import ModelCall
from assistant.llm.scripted import ScriptedModel
from tests.support.hash_embedder import HashEmbedder


def test_a_model_never_sees_personal_data() -> None:
    model = ScriptedModel(["fine"])
    call = ModelCall(purpose="p", system="Ask ann@example.com", user="or +1 415 555 2671")
    assert MaskedModel(model).complete(call).text == "fine"
    assert (model.calls[0].system, model.calls[0].user) == ("Ask [e-mail]", "or [phone]")
    assert MaskedModel(model).name == model.name


def test_a_call_without_personal_data_is_sent_as_it_is() -> None:
    model = ScriptedModel(["fine"])
    call = ModelCall(purpose="p", system="=== 0123456789abcdef ===", user="version 1.2.3.4")
    MaskedModel(model).complete(call)
    assert model.calls[0] == call


def test_an_embedder_never_sees_personal_data() -> None:
    inner = HashEmbedder()
    masked = MaskedEmbedder(inner)
    assert np.array_equal(masked.embed(["mail ann@example.com"]), inner.embed(["mail [e-mail]"]))
    assert (masked.identity, masked.dimension) == (inner.identity, inner.dimension)
