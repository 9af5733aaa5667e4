"""Exports as JSON of twenty elements each, about an invented product by invented people; each carries its format's trap."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

Json = Any
SAID = [
    "The export to CSV drops the last column of every board.",
    "I can't find where to mute a noisy board.",
    "Search takes ten seconds once we pass a thousand cards.",
    "Dark mode hides the due dates completely.",
    "The mobile app logs me out twice a day.",
    "Please let guests comment without a paid seat.",
    "Drag and drop stutters on my tablet.",
    "We need recurring cards for the weekly review.",
    "The calendar shows the wrong day for our office in Lima.",
    "Attachments over twenty megabytes fail without a message.",
    "I love how quickly I can sort the backlog now.",
    "Two people editing one card overwrite each other.",
    "Labels should be shared between boards.",
    "The weekly mail arrives on Sunday night, nobody reads it.",
    "Our auditors ask for a log of who moved which card.",
    "Keyboard shortcuts changed and nobody told us.",
    "The price doubled and we got nothing for it.",
    "Importing from a spreadsheet lost all our comments.",
    "Notifications keep coming for boards I have left.",
    "The new timeline view is what we were waiting for.",
]
PEOPLE = ["Ana Reyes", "Ben Ode", "Cleo Wirth", "Dov Katz", "Elin Maas"]


def email(name: str) -> str:
    """The address of one of the people."""
    return f"{name.split()[0].casefold()}@example.org"


def app_store() -> Json:
    """Reviews: the page's last one stands in it twice, one has a title alone, one nothing, one thing is no review."""
    reviews = [
        {
            "type": "customerReviews",
            "id": f"0000{n}-ab",
            "attributes": {
                "rating": n % 5 + 1,
                "title": f"About point {n}",
                "body": SAID[n],
                "reviewerNickname": f"fan{n}",
                "createdDate": f"2026-03-{n + 1:02}T22:30:00-07:00",
                "territory": ("USA", "PER", "DEU")[n % 3],
            },
            "links": {"self": f"https://api.appstoreconnect.example/v1/customerReviews/0000{n}-ab"},
        }
        for n in range(19)
    ]
    reviews[4]["attributes"] |= {"body": None, "territory": None}
    reviews[5]["attributes"] |= {"body": "", "title": None}
    reviews[6]["attributes"]["appVersion"] = "4.2.1"
    reviews[7] = {"type": "appStoreVersions", "id": "v1", "attributes": {"versionString": "4.2.1"}}
    del reviews[8]["attributes"]["title"]
    answer = {"type": "customerReviewResponses", "attributes": {"responseBody": "Thank you, we are on it!"}}
    return {
        "data": [*reviews, reviews[0]],
        "included": [answer | {"id": "a1"}, answer | {"id": "a2"}],
        "links": {"self": "https://api.appstoreconnect.example/v1/apps/1/customerReviews"},
        "meta": {"paging": {"total": 20, "limit": 20}},
    }


def zendesk() -> list[Json]:
    """Tickets: agents answer, note privately, open tickets for customers; colleagues of the requester join in."""
    tickets = []
    for n in range(20):
        asker = PEOPLE[n % 5]
        tickets.append(
            {
                "id": 9000 + n,
                "url": f"https://kanbo.zendesk.example/api/v2/tickets/{9000 + n}.json",
                "subject": f"Question {n}",
                "description": SAID[n],
                "status": "open" if n % 2 else "solved",
                "priority": None,
                "tags": ["board", f"t{n % 2}"],
                "via": {"channel": "web"},
                "requester_id": 100 + n % 5,
                "requester": {"id": 100 + n % 5, "name": asker, "email": email(asker)},
                "submitter_id": 100 + n % 5,
                "organization": {"name": "Acme Fruit"},
                "created_at": f"2026-02-{n + 1:02}T08:00:00Z",
                "comments": [
                    {
                        "id": 1,
                        "author_id": 100 + n % 5,
                        "body": SAID[n],
                        "public": True,
                        "created_at": f"2026-02-{n + 1:02}T08:00:00Z",
                    },
                    {
                        "id": 2,
                        "author_id": 7,
                        "body": f"We are looking into {n}.",
                        "public": True,
                        "created_at": f"2026-02-{n + 1:02}T09:00:00Z",
                    },
                ],
            }
        )
    comments = tickets[0]["comments"]
    comments.append({"id": 3, "author_id": 7, "body": "Known bug, see 17.", "public": False})
    comments.append({"id": 4, "author_id": 100, "body": "Yes, with every board.", "public": True, "created_at": "2026-02-03T10:00:00+02:00"})  # fmt: skip
    comments.append({"id": 5, "author": {"id": 55, "name": "Fay Lund", "role": "end-user"}, "body": "Same at my desk.", "public": True})  # fmt: skip
    comments.append({"id": 6, "author_id": 56, "body": "Who am I?", "public": True})
    comments.append(
        {"id": 7, "author": {"id": 100, "role": "agent"}, "body": "I work here now.", "public": True}
    )
    comments.append({"id": 8, "body": "Nobody wrote this.", "public": True})
    # An agent opened this one after a call: the requester never typed it.
    tickets[1] |= {"submitter_id": 7, "comments": [tickets[1]["comments"][1] | {"body": SAID[1]}]}
    tickets[2] |= {"comments": []}
    tickets[3] |= {"comments": None, "submitter_id": 7}
    tickets[4] |= {"description": "", "comments": []}
    tickets[5] |= {"satisfaction_rating": {"score": "bad", "comment": "Nobody called me back."}}
    tickets[6]["comments"][0] |= {
        "body": "",
        "html_body": "<p>Drag and drop&nbsp;stutters<br>on my tablet.</p>",
    }
    tickets[6] |= {"description": "Drag and drop stutters on my tablet."}
    return tickets


def intercom() -> Json:
    """Conversations: admins, bots, notes and assignments between the parts; the first message is the source; HTML."""
    conversations = []
    for n in range(20):
        user = {"type": "lead" if n % 4 == 3 else "user", "id": f"u{n % 5}", "name": PEOPLE[(n + 1) % 5], "email": email(PEOPLE[(n + 1) % 5])}  # fmt: skip
        conversations.append(
            {
                "type": "conversation",
                "id": f"50{n:02}",
                "created_at": 1772359200 + n * 86400,
                "state": "closed" if n % 2 else "open",
                "priority": "not_priority",
                "source": {
                    "type": "conversation",
                    "id": f"s{n}",
                    "subject": "",
                    "body": f"<p>{SAID[n]}</p>",
                    "author": user,
                },
                "tags": {"type": "tag.list", "tags": [{"type": "tag", "name": "beta"}] if n < 2 else []},
                "conversation_parts": {
                    "type": "conversation_part.list",
                    "conversation_parts": [
                        {
                            "id": f"p{n}a",
                            "part_type": "comment",
                            "body": f"<p>Thanks, number {n}!</p>",
                            "created_at": 1772359260 + n * 86400,
                            "author": {"type": "admin", "id": "7", "name": "Gus"},
                        },
                    ],
                },
            }
        )
    parts = conversations[0]["conversation_parts"]["conversation_parts"]
    user = conversations[0]["source"]["author"]
    parts.append({"id": "n", "part_type": "note", "body": "<p>Churn risk</p>", "created_at": 1772359300, "author": {"type": "admin"}})  # fmt: skip
    parts.append({"id": "x", "part_type": "assignment", "body": None, "created_at": 1772359301, "author": {"type": "bot"}})  # fmt: skip
    parts.append({"id": "b", "part_type": "comment", "body": "<p>Did that help?</p>", "created_at": 1772359302, "author": {"type": "bot"}})  # fmt: skip
    parts.append({"id": "r", "part_type": "comment", "body": "<p>Not &amp; never: 3 &lt; 4<br>columns</p><script>alert(1)</script><ul><li>first</li><li>last</li></ul>", "created_at": 1772359303, "author": user})  # fmt: skip
    parts.append({"id": "i", "part_type": "comment", "body": "<p><img src='x.png'></p>", "created_at": 1772359304, "author": user})  # fmt: skip
    parts.append({"id": "d", "part_type": "comment", "body": "<p>gone</p>", "redacted": True, "author": user})
    conversations[1]["source"] |= {"author": {"type": "admin", "id": "7"}, "delivered_as": "admin_initiated"}
    conversations[2] |= {"conversation_rating": {"rating": 1, "remark": "Two days for one answer.", "created_at": 1772700000}}  # fmt: skip
    conversations[3]["source"]["body"] = None
    conversations[4]["conversation_parts"] = None
    conversations[5] |= {"created_at": None}
    return {
        "type": "conversation.list",
        "conversations": conversations,
        "total_count": 20,
        "pages": {"page": 1},
    }


def github() -> list[Json]:
    """Issues: pull requests stand among them, one is a robot's, one has a title alone, votes are all reactions."""
    issues = []
    for n in range(20):
        login = PEOPLE[n % 5].split()[0].casefold()
        issues.append(
            {
                "id": 770000 + n,
                "number": 40 + n,
                "node_id": f"I_{n}",
                "html_url": f"https://github.com/kanbo/kanbo/issues/{40 + n}",
                "repository_url": "https://api.github.com/repos/kanbo/kanbo",
                "title": f"Point {n}",
                "body": SAID[n],
                "user": {"login": login, "id": n % 5, "type": "User"},
                "labels": [{"id": 1, "name": "bug"}, {"id": 2, "name": "board"}] if n % 2 else [],
                "state": "open" if n < 12 else "closed",
                "created_at": f"2026-01-{n + 1:02}T23:59:59Z",
                "comments": n,
                "author_association": "NONE",
                "reactions": {"total_count": n, "+1": n, "-1": 0},
            }
        )
    for n in (3, 9):
        issues[n]["pull_request"] = {"url": f"https://api.github.com/repos/kanbo/kanbo/pulls/{40 + n}"}
    issues[4] |= {"html_url": "https://github.com/kanbo/kanbo/pull/44"}
    issues[5]["pull_request"] = None
    issues[6]["user"] = {"login": "tidy[bot]", "type": "Bot"}
    issues[7]["user"] = None
    issues[8]["body"] = None
    issues[10]["reactions"] = {"+1": 2, "heart": 1}
    issues[11]["labels"] = ["bug", "help wanted"]
    return issues


def gong(*, unit: float = 1000) -> Json:
    """Calls: our own people speak too, one speaker isn't listed; times are in milliseconds by default."""
    calls = []
    for n in range(20):
        parties = [
            {"id": "p1", "speakerId": f"c{n}", "name": PEOPLE[(n + 2) % 5], "emailAddress": email(PEOPLE[(n + 2) % 5]), "affiliation": "External", "title": "Head of Office", "context": [{"system": "Salesforce", "objects": [{"objectType": "Account", "objectId": "1", "fields": [{"name": "Name", "value": "Acme Fruit"}]}]}]},
            {"id": "p2", "speakerId": f"s{n}", "name": "Gus Vane", "affiliation": "Internal", "userId": "1"},
        ]  # fmt: skip
        turns = [
            {"speakerId": f"s{n}", "topic": "Opening", "sentences": [{"start": 0, "end": 2 * unit, "text": "Thanks for your time."}]},
            {"speakerId": f"c{n}", "topic": "Product", "sentences": [{"start": 60 * unit, "end": 63 * unit, "text": SAID[n]}, {"start": 63 * unit, "end": 65 * unit, "text": "That is my main point."}]},
        ]  # fmt: skip
        calls.append(
            {
                "callId": f"88{n:02}",
                "metaData": {
                    "id": f"88{n:02}",
                    "url": f"https://gong.example/call?id=88{n:02}",
                    "title": f"Renewal {n}",
                    "started": f"2026-04-{n + 1:02}T10:00:00+02:00",
                    "duration": 600,
                    "language": "eng",
                    "media": "Video",
                },
                "parties": parties,
                "transcript": turns,
            }
        )
    calls[0]["transcript"].append({"speakerId": "nobody", "sentences": [{"start": 70 * unit, "end": 71 * unit, "text": "Hello?"}]})  # fmt: skip
    calls[1]["parties"][0]["affiliation"] = "Unknown"
    calls[2]["transcript"][1]["sentences"] = []
    del calls[3]["metaData"]["started"]
    calls[4]["parties"] = None
    return {"callTranscripts": calls, "requestId": "r1"}


EXPORTS: dict[str, Callable[[], Json]] = {
    "app-store-connect": app_store,
    "zendesk-json": zendesk,
    "intercom": intercom,
    "github-issues": github,
    "gong": gong,
}


def elements_of(export: Json) -> list[Json]:
    """The list inside an export, or the export where it is one."""
    if isinstance(export, list):
        return export
    return max((value for value in export.values() if isinstance(value, list)), key=len)


def as_document(
    path: Path, export: Json, *, indent: int | None = None, mark: bool = False, ascii_only: bool = False
) -> Path:
    """Write one JSON document, on wish with a byte order mark, or with escapes alone."""
    content = json.dumps(export, indent=indent, ensure_ascii=ascii_only)
    path.write_text(content, encoding="utf-8-sig" if mark else "utf-8")
    return path


def as_lines(path: Path, values: list[Json]) -> Path:
    """Write JSON Lines."""
    path.write_text("".join(json.dumps(value) + "\n" for value in values), encoding="utf-8")
    return path


def renamed(value: Json, rename: Callable[[str], str]) -> Json:
    """The same with every key renamed."""
    if isinstance(value, dict):
        return {rename(key): renamed(inner, rename) for key, inner in value.items()}
    return [renamed(inner, rename) for inner in value] if isinstance(value, list) else value


def snake(key: str) -> str:
    """`createdDate` as `created_date`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).casefold()


def camel(key: str) -> str:
    """`created_at` as `createdAt`."""
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), key)
