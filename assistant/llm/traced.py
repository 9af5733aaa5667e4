"""A chat model whose calls are spans, after OpenTelemetry's conventions for generative AI."""

import json

from assistant.llm.port import ChatModel, ModelCall, ModelReply, OnDelta
from assistant.tracing import Value, span, traces_content

PROVIDERS = {
    "bedrock": "aws.bedrock",
    "bedrock_converse": "aws.bedrock",
    "azure_openai": "azure.ai.openai",
    "google_genai": "gcp.gemini",
    "google_vertexai": "gcp.vertex_ai",
    "mistralai": "mistral_ai",
    "xai": "x_ai",
    "ibm": "ibm.watsonx.ai",
}
"""LangChain's name of a provider → the conventions', where they differ."""


class TracedModel:
    """What is really asked of a model, each call a span. Stands behind the call store: a stored reply is no call."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """The model's own name."""
        return self._model.name

    def complete(self, call: ModelCall, on_delta: OnDelta | None = None) -> ModelReply:
        """As the model's own."""
        way, _, model = self.name.partition(":")
        if way == "langchain":
            way, _, model = model.partition(":")
        asked: dict[str, Value] = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": PROVIDERS.get(way, way),
            "gen_ai.request.model": model,
            "gen_ai.request.max_tokens": call.max_tokens,
            "gen_ai.request.temperature": call.temperature,
            "gen_ai.request.seed": call.seed,
            "gen_ai.request.stream": on_delta is not None,
            "gen_ai.output.type": "json" if call.json_schema else "text",
            "voxspec.purpose": call.purpose,
        }
        with span(f"chat {model}", asked, calls_out=True) as noted:
            if traces_content():
                noted.note_all(
                    {
                        "gen_ai.system_instructions": json.dumps([_text(call.system)], ensure_ascii=False),
                        "gen_ai.input.messages": _messages("user", call.user),
                    }
                )
            reply = self._model.complete(call, on_delta)
            noted.note_all(
                {
                    "gen_ai.response.model": reply.model,
                    "gen_ai.usage.input_tokens": reply.tokens_in,
                    "gen_ai.usage.output_tokens": reply.tokens_out,
                }
            )
            if traces_content():
                noted.note_all({"gen_ai.output.messages": _messages("assistant", reply.text)})
        return reply


def _text(content: str) -> dict[str, str]:
    return {"type": "text", "content": content}


def _messages(role: str, content: str) -> str:
    return json.dumps([{"role": role, "parts": [_text(content)]}], ensure_ascii=False)
