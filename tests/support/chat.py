"""A chat of a running service, as its tests speak in it."""

from typing import Any

from starlette.testclient import TestClient

from tests.support.service import events_of

Event = dict[str, Any]


class Chat:
    """One thread of a service."""

    def __init__(self, client: TestClient, **order: Any) -> None:
        self.client = client
        self.id = client.post("/v1/threads", json=order).json()["id"]

    def send(self, text: str = "", **more: Any) -> dict[str, Any]:
        """Say something; how the turn was accepted."""
        answer = self.client.post(f"/v1/threads/{self.id}/turns", json={"text": text, **more})
        assert answer.status_code == 202, answer.text
        accepted: dict[str, Any] = answer.json()
        return accepted

    def say(self, text: str = "", **more: Any) -> list[Event]:
        """The events of the turn, to its end."""
        accepted = self.send(text, **more)
        told = events_of(self.client.get(accepted["events"]).text)
        return [one for one in told if one["turn"] == accepted["id"]]

    def read(self) -> dict[str, Any]:
        """The thread with its turns."""
        held: dict[str, Any] = self.client.get(f"/v1/threads/{self.id}").json()
        return held


def only(events: list[Event], kind: str) -> list[Event]:
    """The events of a type."""
    return [one for one in events if one["type"] == kind]


def words(events: list[Event]) -> str:
    """What an answer says."""
    return " ".join(one["text"] for one in only(events, "turn.text.delta"))
