"""A Slack export of twenty threads and single messages, made up; its threads go over days, and not only people write."""

import json
import zipfile
from pathlib import Path
from typing import Any

from tests.support.json_exports import PEOPLE, SAID, email

Message = dict[str, Any]
START = 1772445600
"""2026-03-02 10:00:00 UTC."""
DAY = 86_400


def users() -> list[Message]:
    """Five people and a program."""
    people = [
        {"id": f"U{n}", "name": name.split()[0].casefold(), "profile": {"display_name": name.split()[0] if n else "", "real_name": name, "email": email(name)}}
        for n, name in enumerate(PEOPLE)
    ]  # fmt: skip
    return [*people, {"id": "UB", "name": "statusbot", "is_bot": True, "profile": {"real_name": "Status"}}]


def said(n: int, at: float, text: str | None = None, **more: object) -> Message:
    """A message of one of the five; not the one who says the same in the other exports."""
    return {"type": "message", "user": f"U{(n + 3) % 5}", "ts": f"{at:.6f}", "text": SAID[n] if text is None else text} | more  # fmt: skip


def channels() -> dict[str, list[Message]]:
    """Part → messages: twenty heads in two channels, with what isn't a person's words between them."""
    feedback = [said(n, START + n * 60) for n in range(12)]
    thread = {"thread_ts": feedback[0]["ts"]}
    feedback[0] |= thread | {
        "reply_count": 3,
        "reactions": [{"name": "+1", "count": 2, "users": ["U1", "U2"]}],
    }
    feedback[1]["text"] = (
        "See <#C2|sales> and <https://kanbo.example/a?b=1&amp;c=2|the page>, <@U0>: 3 &lt; 4 <!here>"
    )
    feedback[2] |= {"text": "", "files": [{"id": "F1"}]}
    first_day = [
        # A reply stands before the head that it answers.
        said(1, START + 7_000, "Same for me.", **thread),
        *feedback,
        {"type": "message", "subtype": "channel_join", "user": "U3", "ts": f"{START + 1}.000100", "text": "<@U3> has joined the channel"},
        {"type": "message", "subtype": "channel_leave", "user": "U3", "ts": f"{START + 2}.000100", "text": "<@U3> has left the channel"},
        {"type": "message", "subtype": "bot_message", "bot_id": "B1", "ts": f"{START + 3}.000100", "text": "Build 17 is green"},
        {"type": "message", "user": "UB", "ts": f"{START + 4}.000100", "text": "All systems up"},
        {"type": "message", "subtype": "channel_topic", "user": "U1", "ts": f"{START + 5}.000100", "text": "set the topic"},
        {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "hidden": True, "ts": f"{START + 6}.000100", "text": "This message was deleted."},
    ]  # fmt: skip
    second_day = [
        said(2, START + DAY, "Only in <https://kanbo.example>, yes?", **thread),
        said(3, START + DAY + 5, "Fixed it by <@U9>", subtype="thread_broadcast", **thread),
        said(4, START + DAY + 9, "Deploy done", bot_id="B2", **thread),
        # Its head was written before the export begins.
        said(4, START + DAY + 60, "Still broken.", thread_ts=f"{START - 9 * DAY}.000200"),
    ]
    sales = [said(n, START + n * 60) for n in range(13, 19)]
    sales.append({"type": "message", "user": "UX", "user_profile": {"display_name": "Zoe (Acme)", "name": "zoe"}, "ts": f"{START + 9_000}.000000", "text": SAID[19]})  # fmt: skip
    sales.append(dict(sales[0]))
    return {
        "feedback/2026-03-02.json": first_day,
        "feedback/2026-03-03.json": second_day,
        "sales/2026-03-02.json": sales,
    }


def slack_zip(
    path: Path, *, folder: str = "", lists: bool = True, extra: dict[str, bytes] | None = None
) -> Path:
    """Write the export, on wish inside a folder, without the lists of people and channels, with further parts."""
    parts: dict[str, bytes] = {name: json.dumps(inner).encode() for name, inner in channels().items()}
    if lists:
        parts["users.json"] = json.dumps(users()).encode()
        parts["channels.json"] = json.dumps(
            [{"id": "C1", "name": "feedback"}, {"id": "C2", "name": "sales"}]
        ).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | (extra or {})).items():
            archive.writestr(zipfile.ZipInfo(folder + name, (2026, 3, 5, 0, 0, 0)), content)
    return path
