"""Entries to the five feedback files, each in the layout its kind of tool exports."""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Sequence

from evals.kanbo.entry import Entry
from evals.kanbo.plan import CHAT, NPS, REVIEWS, SURVEY, TICKETS
from evals.kanbo.sheet import Cell, xlsx

FILES = {
    TICKETS: "support_tickets.csv",
    REVIEWS: "app_reviews.jsonl",
    NPS: "nps.csv",
    SURVEY: "survey.xlsx",
    CHAT: "team_chat.txt",
}
"""Name of each source's file under `feedback/`."""
_URGENT = {
    "export_large_boards": "high",
    "android_crash": "high",
    "login_sso": "high",
    "pricing_churn": "normal",
}


def arrange(source: str, entries: Sequence[Entry]) -> list[Entry]:
    """Put one source's entries in file order, and give each its id and row number."""
    order = sorted(range(len(entries)), key=lambda index: (entries[index].when, index))
    rows = [entries[index] for index in order]
    if source == REVIEWS:
        # Stores list the newest first.
        rows.reverse()
    for number, entry in enumerate(rows, 1):
        entry.row = number
        entry.external_id = _identifier(source, number, entry)
    return rows


def _identifier(source: str, number: int, entry: Entry) -> str:
    if source == TICKETS:
        return f"KB-{10_000 + 3 * number - number % 2}"
    if source == REVIEWS:
        return hashlib.blake2b(f"{number}/{entry.when}".encode(), digest_size=6).hexdigest()
    if source == NPS:
        return f"R{number:05d}"
    return f"S{number:05d}" if source == SURVEY else str(number)


def to_bytes(source: str, rows: Sequence[Entry]) -> bytes:
    """The file of that source."""
    writers: dict[str, Callable[[Sequence[Entry]], bytes]] = {
        TICKETS: _tickets,
        REVIEWS: _reviews,
        NPS: _nps,
        SURVEY: _survey,
        CHAT: _chat,
    }
    return writers[source](rows)


def _plan(entry: Entry) -> str:
    return entry.person.account.plan if entry.person.account else ""


def _account(entry: Entry) -> str:
    return entry.person.account.name if entry.person.account else ""


def _tickets(rows: Sequence[Entry]) -> bytes:
    buffer = io.StringIO(newline="")
    out = csv.writer(buffer)
    out.writerow(
        [
            "ticket_id",
            "created_at",
            "requester",
            "account",
            "plan",
            "role",
            "platform",
            "subject",
            "description",
            "app_version",
            "priority",
        ]
    )
    for entry in rows:
        person = entry.person
        priority = _URGENT.get(entry.theme, ("low", "normal", "normal", "high")[entry.row % 4])
        out.writerow(
            [
                entry.external_id,
                entry.when.strftime("%Y-%m-%dT%H:%M:%SZ"),
                person.author,
                _account(entry),
                _plan(entry),
                person.role,
                person.platform,
                entry.subject,
                entry.text,
                entry.version,
                priority,
            ]
        )
    return buffer.getvalue().encode()


def _reviews(rows: Sequence[Entry]) -> bytes:
    lines = [
        json.dumps(
            {
                "id": entry.external_id,
                "author": entry.person.author,
                "stars": entry.rating,
                "date": entry.when.date().isoformat(),
                "platform": entry.person.platform,
                "device": entry.person.device,
                "app_version": entry.version,
                "country": entry.person.country,
                "review": entry.text,
            },
            ensure_ascii=False,
        )
        for entry in rows
    ]
    return ("\n".join(lines) + "\n").encode()


def _nps(rows: Sequence[Entry]) -> bytes:
    buffer = io.StringIO(newline="")
    out = csv.writer(buffer, delimiter=";")
    out.writerow(["response_id", "respondent", "score", "comment", "submitted", "plan", "account"])
    for entry in rows:
        submitted = entry.when.strftime("%d.%m.%Y")
        out.writerow(
            [
                entry.external_id,
                entry.person.author,
                entry.rating,
                entry.text,
                submitted,
                _plan(entry),
                _account(entry),
            ]
        )
    # Spreadsheet programs write a byte order mark.
    return buffer.getvalue().encode("utf-8-sig")


def _survey(rows: Sequence[Entry]) -> bytes:
    header = [
        "answer_id",
        "submitted_at",
        "respondent",
        "account",
        "plan",
        "role",
        "platform",
        "question",
        "choice",
        "answer",
    ]
    table: list[list[Cell]] = [list(header)]
    table += [
        [
            entry.external_id,
            entry.when,
            entry.person.author,
            _account(entry),
            _plan(entry),
            entry.person.role,
            entry.person.platform,
            entry.question,
            entry.choice,
            entry.text,
        ]
        for entry in rows
    ]
    return xlsx("Answers", table)


def _chat(rows: Sequence[Entry]) -> bytes:
    lines = [f"[{entry.when:%Y-%m-%d %H:%M}] {entry.person.author}: {entry.text}" for entry in rows]
    return ("\n".join(lines) + "\n").encode()
