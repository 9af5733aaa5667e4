"""Slack: an export as ZIP, a folder per channel and a file per day. A thread is one row, whatever days its replies are of.

What joins, leaves, bots and Slack itself wrote are rows of their own, dropped with the reason.
"""

import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import InputRejected
from ingest.connectors.archive import check_archive
from ingest.connectors.json_source import Json, parse_bounded
from ingest.layouts.elements import Dropped, Found, row_of
from ingest.layouts.keys import Obj, get, moment, objects, text
from ingest.layouts.slack_text import author, handle, is_bot, readable
from ingest.port import Row

MAPPING = {
    "text": "text",
    "external_id": "ts",
    "said_at": "said_at",
    "author": "user",
    "url": "permalink",
    "segment.channel": "channel",
    "segment.replies": "reply_count",
    "segment.votes": "reactions",
}
_DAY = re.compile(r"(?P<folder>(?:[^/]+/)*)(?P<channel>[^/]+)/\d{4}-\d\d-\d\d\.json\Z")
_LISTS = ("users.json", "channels.json")
_MAX_ENTRIES = 50_000
_MAX_PART = 64 << 20
_HUMAN = frozenset({"", "thread_broadcast", "reply_broadcast", "me_message", "file_share"})
_JOINS = frozenset({"channel_join", "channel_leave", "group_join", "group_leave"})


@dataclass
class _Message:
    """A message of a person; its replies where it heads a thread."""

    ts: str
    thread: str
    cells: dict[str, str]
    name: str
    votes: int
    replies: list["_Message"] = field(default_factory=list)


def recognise(names: Collection[str]) -> float:
    """How surely the parts of a ZIP are a Slack export: days in folders beside the lists of people and channels."""
    root = _root(names)
    if root is None:
        return 0.0
    return (0.0, 0.9, 1.0)[sum(f"{root}{name}" in names for name in _LISTS)]


def _root(names: Collection[str]) -> str | None:
    """The folder that holds the channels: the top, or one that was zipped as a whole."""
    folders = {match["folder"] for name in names if (match := _DAY.match(name))}
    folders = {folder for folder in folders if not folder.startswith("__MACOSX/")}
    return min(folders, key=lambda folder: (folder.count("/"), folder), default=None)


class SlackRows:
    """A connector over one export.

    Raises: InputRejected for damaged, encrypted or oversized archives, and for names that leave them.
    """

    layout = "slack"

    def __init__(self, path: Path, max_field_chars: int) -> None:
        self._path = path
        self._max_field = max_field_chars
        with zipfile.ZipFile(path) as archive:
            names = dict.fromkeys(sorted(archive.namelist()))
        self.confidence = recognise(names)
        self._root = _root(names) or ""
        self._days: dict[str, list[str]] = {}
        for name in names:
            if (match := _DAY.match(name)) and match["folder"] == self._root:
                self._days.setdefault(match["channel"], []).append(name)
        listed = next((self._root + name for name in _LISTS if self._root + name in names), _LISTS[0])
        check_archive(path, needs=listed, max_entries=_MAX_ENTRIES)
        with zipfile.ZipFile(path) as archive:
            people, _ = _parsed(archive, f"{self._root}users.json")
        self._users: dict[str, Obj] = {text(user, "id"): user for user in people if isinstance(user, dict)}

    def columns(self) -> Sequence[str]:
        """The columns that the layout knows."""
        return list(MAPPING.values())

    def rows(self, start: int = 0) -> Iterator[Row]:
        """Rows after the first `start`: channels by name, threads and dropped messages by time."""
        for number, found in enumerate(self._found(), start=1):
            if number > start:
                yield row_of(number, found, self._max_field)

    def _found(self) -> Iterator[Found]:
        try:
            with zipfile.ZipFile(self._path) as archive:
                for channel in sorted(self._days):
                    yield from self._channel(archive, channel)
        except (zipfile.BadZipFile, zlib.error, OSError) as problem:
            raise InputRejected(
                f"{self._path.name} can't be read any more: it was changed or moved.", hint="Import it again."
            ) from problem

    def _channel(self, archive: zipfile.ZipFile, channel: str) -> Iterator[Found]:
        places: list[tuple[str, Dropped | _Message]] = []
        heads: dict[str, _Message] = {}
        seen: set[tuple[str, str]] = set()
        for name in self._days[channel]:
            messages, problem = _parsed(archive, name)
            if problem:
                yield Dropped(problem, unread=True)
            for message in messages:
                if not isinstance(message, dict):
                    yield Dropped("not an object", unread=True)
                    continue
                ts = text(message, "ts")
                key = (ts, text(message, "user", "bot_id"))
                reason = "stands in the export twice" if ts and key in seen else self._reason(message)
                seen.add(key)
                places.append((ts, Dropped(reason) if reason else self._message(message, channel)))
        # Replies may stand before the head they answer, and in the file of another day.
        for ts, place in sorted(places, key=lambda pair: _order(pair[0])):
            if isinstance(place, Dropped):
                continue
            head = heads.setdefault(place.thread or f"{ts} {len(heads)}", place)
            if head is not place:
                head.replies.append(place)
        threads = {id(head) for head in heads.values()}
        for _, place in sorted(places, key=lambda pair: _order(pair[0])):
            if isinstance(place, Dropped):
                yield place
            elif id(place) in threads:
                yield _thread(place)

    def _reason(self, message: Obj) -> str:
        """Why a message isn't a person's words; empty where it is."""
        subtype = text(message, "subtype")
        if subtype in _JOINS:
            return "someone joined or left the channel"
        if subtype == "tombstone" or get(message, "hidden") is True:
            return "a message that was deleted"
        if is_bot(message, self._users):
            return "written by a bot"
        if subtype not in _HUMAN or text(message, "type") not in ("", "message"):
            return "a notice of Slack itself"
        return "" if text(message, "user") else "its author isn't named"

    def _message(self, message: Obj, channel: str) -> _Message:
        user, ts = text(message, "user"), text(message, "ts")
        thread = text(message, "thread_ts") or ts
        known = self._users
        if user not in known and isinstance(profile := get(message, "user_profile"), dict):
            # People of another company, in a shared channel, aren't in the export's list.
            known = {**known, user: {"id": user, "profile": profile, "name": text(profile, "name")}}
        counts = [get(reaction, "count") for reaction in objects(message, "reactions")]
        cells = {
            "text": readable(text(message, "text"), self._users),
            "ts": f"{channel}/{thread}" if thread else "",
            "said_at": moment(ts),
            "user": author(user, known),
            "channel": channel,
            "permalink": text(message, "permalink"),
        }
        return _Message(ts, thread, cells, handle(user, known), sum(n for n in counts if isinstance(n, int)))


def _thread(head: _Message) -> dict[str, str]:
    """The cells of a head with its replies below, each after its author's name."""
    said = [
        head.cells["text"],
        *(f"{reply.name}: {reply.cells['text']}" for reply in head.replies if reply.cells["text"].strip()),
    ]
    votes = head.votes + sum(reply.votes for reply in head.replies)
    return head.cells | {
        "text": "\n\n".join(part for part in said if part.strip()),
        "reply_count": str(len(head.replies)) if head.replies else "",
        "reactions": str(votes) if votes else "",
    }


def _order(ts: str) -> tuple[float, str]:
    try:
        return float(ts), ts
    except ValueError:
        return 0.0, ts


def _parsed(archive: zipfile.ZipFile, name: str) -> tuple[list[Json], str]:
    """The items of one part, and what is wrong with it. A part that isn't there holds none."""
    try:
        entry = archive.getinfo(name)
    except KeyError:
        return [], ""
    if entry.file_size > _MAX_PART:
        return [], f"a day's file of more than {_MAX_PART >> 20} MB"
    try:
        value = parse_bounded(archive.read(entry).decode("utf-8-sig"))
    except ValueError:
        return [], "a day's file that isn't valid JSON"
    if not isinstance(value, list):
        return [], "a day's file without a list of messages"
    return value, ""
