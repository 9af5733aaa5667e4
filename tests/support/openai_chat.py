"""A chat client of OpenAI's protocol, and the model behind the server that it talks to."""

from dataclasses import dataclass, field

import httpx
import openai
from openai.types.chat import ChatCompletion

from tests.support.model_server import Behaviour, says_json

KEY = "a-key-for-the-tests-of-chat-clients"
WORDING = says_json({"text": "no number and no quote"})


@dataclass
class Chat:
    """The server, a client of it, and its model, which a test can make misbehave."""

    url: str
    behaves: Behaviour = field(default=WORDING)

    def client(self, key: str = KEY) -> openai.OpenAI:
        return openai.OpenAI(base_url=f"{self.url}/v1", api_key=key, max_retries=0, timeout=60)

    def http(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {KEY}"}, timeout=60)

    def ask(self, brief: str, model: str = "voxspec-prd") -> ChatCompletion:
        return self.client().chat.completions.create(
            model=model, messages=[{"role": "user", "content": brief}]
        )
