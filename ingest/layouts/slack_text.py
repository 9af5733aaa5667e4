"""Slack: who people are, and the text of messages as they read it."""

import re
from collections.abc import Mapping
from html import unescape

from ingest.layouts.keys import Obj, child, get, person_name, text

_LINK = re.compile(
    r"<(?:(?P<sign>[@#!])|(?=[a-z][a-z0-9+.-]{0,20}:\S))(?P<target>[^<>|\n]{1,2000})(?:\|(?P<label>[^<>\n]*))?>"
)


def handle(user_id: str, users: Mapping[str, Obj]) -> str:
    """What others see a person called; the id where the export doesn't know the person."""
    user = users.get(user_id, {})
    profile = child(user, "profile")
    named = text(profile, "display_name").strip() or text(profile, "real_name").strip()
    return named or text(user, "real_name") or text(user, "name") or user_id


def author(user_id: str, users: Mapping[str, Obj]) -> str:
    """What a person is known by across systems: the e-mail address, else the handle, else the id."""
    user = users.get(user_id, {})
    return text(child(user, "profile"), "email") or person_name(user) or user_id


def is_bot(message: Obj, users: Mapping[str, Obj]) -> bool:
    """Whether a program wrote a message."""
    user_id = text(message, "user")
    user = users.get(user_id, {})
    return (
        bool(text(message, "bot_id"))
        or text(message, "subtype") == "bot_message"
        or user_id == "USLACKBOT"
        or any(get(user, key) is True for key in ("is_bot", "is_workflow_bot"))
    )


def readable(raw: str, users: Mapping[str, Obj]) -> str:
    """A message with its mentions, links and entities written out; `<@U1>` becomes `@name`."""

    def written_out(match: re.Match[str]) -> str:
        sign, target, label = match["sign"], match["target"], match["label"]
        if sign == "@":
            return f"@{label or handle(target, users)}"
        if sign == "#":
            return f"#{label or target}"
        if sign == "!":
            name = label or target.partition("^")[0]
            return name if name.startswith("@") else f"@{name}"
        return f"{label} ({target})" if label and label not in target else target

    return unescape(_LINK.sub(written_out, raw))
