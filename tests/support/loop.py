"""The whole way round with a real issue system, step by step: a test walks it, and a person watches it (`make loop`).

A ticket comes in, is judged and gets its comment with evidence; a draft is published; evidence grows and changes; the draft is refreshed;
the ticket is closed and becomes a line of the release notes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.testclient import TestClient

from tests.support.service import feedback_rows, wait_for_job
from tests.support.waiting import until

TITLE = "Exporting a large board fails"
BODY = "I export a board with 12,000 cards to CSV. After a while it fails without any message, and I copy the cards by hand."
_WAIT_S = 240.0


@dataclass
class Loop:
    """Where the way is walked.

    Args:
        service: of Voxspec, with feedback, connected to the tracker as `desk`, which it asks every second.
        desk: the tracker's REST interface in somebody else's hands.
    """

    service: TestClient | httpx.Client
    desk: httpx.Client
    ticket: str = ""
    draft: str = ""
    seen: dict[str, Any] = field(default_factory=dict)

    def walk(self) -> Iterator[str]:
        """Each step, told once it is done."""
        for step in (
            self._ticket_comes_in,
            self._comment_with_evidence,
            self._published,
            self._evidence_grows,
            self._claim_goes_stale,
            self._refreshed,
            self._closed,
            self._release_notes,
        ):
            yield step()

    def _ticket_comes_in(self) -> str:
        message = self._made("msg", {"content": BODY})
        self.ticket = self._made("issue", {"title": TITLE, "messages": [message]})
        self._until(lambda: self._view().get("triage") is not None)
        triage = self._view()["triage"]
        asked = "; ".join(one["text"] for one in triage["questions"]) or "nothing is missing"
        return f"Ticket {self.ticket} is known: {triage['type']}, {triage['rated']['severity']} ({triage['rated']['because']}). {asked}"

    def _comment_with_evidence(self) -> str:
        self._until(lambda: bool(self._evidence()[0]))
        self.seen["comment"], self.seen["said"] = self._evidence()
        return f"Its one comment with evidence:\n{self.seen['said']}"

    def _published(self) -> str:
        order = {"kind": "user_stories", "brief": "exporting boards"}
        run = self.service.post("/v1/drafts", json=order).json()["id"]
        self.draft = wait_for_job(self.service, run)["result"]["draft_id"]
        steps = self._publish()
        self._until(lambda: len(self._links()) == len(steps))
        self.seen["story"] = next(one["ticket"] for one in self._links() if one["item"])
        return f"{self.draft} is published: {', '.join(step['title'] for step in steps)}"

    def _evidence_grows(self) -> str:
        rows = ["id,text,author,date"]
        rows += [
            f'M-{n},"Exporting a large board fails without any message, case {n}.",new {n},2026-06-2{n}'
            for n in range(6)
        ]
        self._import("more.csv", rows)
        self._until(lambda: self._evidence()[1] != self.seen["said"])
        comment, said = self._evidence()
        assert comment == self.seen["comment"], "it is edited in place"
        return f"More people ask for it; the same comment says now:\n{said}"

    def _claim_goes_stale(self) -> str:
        draft = self.service.get(f"/v1/drafts/{self.draft}").json()
        stories = [
            block for section in draft["sections"] for block in section["blocks"] if block["type"] == "story"
        ]
        cited = [
            quote
            for one in stories
            for claim in one["claim_ids"]
            for quote in draft["claims"][claim]["quote_ids"]
        ]
        records = [
            self.service.get(f"/v1/records/{draft['quotes'][one]['record_id']}").json() for one in cited
        ]
        quoted = next(one["external_id"] for one in records if one["external_id"].startswith("T-"))
        row = next(row for row in feedback_rows() if row["id"] == quoted)
        self._import(
            "feedback.csv",
            ["id,text,author,date", f"{quoted},It was our network.,{row['author']},{row['date']}"],
        )
        self._until(lambda: any("evidence behind this changed" in one["comment"] for one in self._links()))
        claims = self.service.get(f"/v1/drafts/{self.draft}/staleness").json()["claims"]
        return f"A quoted record was changed, so {len(claims)} claims are stale, for example: {claims[0]['reason']}"

    def _refreshed(self) -> str:
        version = self.service.get(f"/v1/drafts/{self.draft}").json()["version"]
        self.service.post(f"/v1/drafts/{self.draft}/refresh", json={"version": version}).raise_for_status()
        changed = [step for step in self._publish() if step["doing"] == "change"]
        assert changed
        self._until(
            lambda: all(
                "evidence behind this holds" in one["comment"] for one in self._links() if one["comment"]
            )
        )
        return f"The draft was refreshed, and its tickets with it:\n{changed[0]['diff']}"

    def _closed(self) -> str:
        story = self.seen["story"]
        resolved = next(one["id"] for one in self._listed("status", "name") if one["name"] == "resolved")
        etag = self.desk.get(f"issue/{story}").json()["data"]["@etag"]
        self.desk.put(
            f"issue/{story}", json={"status": resolved}, headers={"if-match": etag}
        ).raise_for_status()
        self._until(lambda: self._view(story).get("ticket", {}).get("state") == "closed")
        return f"Ticket {story} was closed, and Voxspec knows."

    def _release_notes(self) -> str:
        asked = {"connection": "desk", "audience": "internal"}
        notes = self.service.get("/v1/release-notes", params=asked)
        notes.raise_for_status()
        self.seen["notes"] = notes.text
        assert self.seen["story"] in notes.text
        return f"The release notes:\n{notes.text}"

    def _publish(self) -> list[dict[str, Any]]:
        sent = self.service.post(f"/v1/drafts/{self.draft}/publications", json={"connection": "desk"})
        sent.raise_for_status()
        steps: list[dict[str, Any]] = sent.json()["steps"]
        return steps

    def _links(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.service.get(f"/v1/drafts/{self.draft}/links").json()
        return found

    def _view(self, key: str = "") -> dict[str, Any]:
        answer = self.service.get(f"/v1/tickets/desk/{key or self.ticket}")
        told: dict[str, Any] = answer.json() if answer.status_code == 200 else {}
        return told

    def _evidence(self) -> tuple[str, str]:
        """Id and text of the comment under the ticket, as its tracker has it; both empty where there is none."""
        messages = self.desk.get(f"issue/{self.ticket}").json()["data"]["attributes"]["messages"]
        for one in messages[1:]:
            told = self.desk.get(f"msg/{one['id']}", params={"@verbose": "3"}).json()["data"]["attributes"]
            if "Evidence from customer feedback" in told["content"]:
                return str(one["id"]), str(told["content"])
        return "", ""

    def _made(self, kind: str, wanted: dict[str, Any]) -> str:
        return str(self.desk.post(kind, json=wanted).json()["data"]["id"])

    def _listed(self, kind: str, fields: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.desk.get(kind, params={"@fields": fields}).json()["data"][
            "collection"
        ]
        return found

    def _import(self, name: str, rows: list[str]) -> None:
        sent = self.service.post("/v1/ingest", files={"files": (name, "\n".join(rows).encode())})
        wait_for_job(self.service, sent.headers["location"].rsplit("/", 1)[-1])

    def _until(self, condition: Callable[[], bool]) -> None:
        until(condition, timeout_s=_WAIT_S)
