"""Feedback with words that stand nowhere else, of a person who will want to be erased; and a search for them, written apart."""

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path

AUTHOR = "Anna Querzola"
MAIL = "anna.querzola@fjordlicht.example"
ACCOUNT = "Fjordlicht Werft GmbH"
OTHER = "Benno Xylander"
CONTROL = "My marmalade ledger shows the wrong month after each export."

TEXTS = (
    f"The zorblatt exporter ate my whole quarterly spreadsheet and never gave it back. Write to {MAIL}.",
    "I wish I could keep the vexillum timetable on my phone while I ride the tram.",
    "Exporting the brontodoc board takes forever, then it stops half way without any message.",
    "ボードの書き出しが遅すぎて月次報告に間に合いません。",
    "导出看板太慢了我们只好用纸抄卡片。",
    "The export ended with 🦜🧭🪗 and nothing else, says Anna Querzola from the Kvenlodge office.",
    "Der Export der Übersichtstafel bleibt jeden Freitag bei neunzig Prozent hängen, schreibt Frau Querzola.",
    'She said "the snorkelgate export is broken"\nand I lost the whole wimplemere afternoon.',
)
"""What she wrote."""

PLANTED = (
    AUTHOR,
    MAIL,
    "Querzola",
    "zorblatt",
    "quarterly spreadsheet and never gave",
    "vexillum",
    "keep the vexillum timetable on my phone",
    "brontodoc",
    "takes forever, then it stops half way without",
    "書き出しが遅すぎて",
    "月次報告に間に合いません",
    "导出看板太慢了",
    "只好用纸抄卡片",
    "🦜🧭🪗",
    "Kvenlodge",
    "Übersichtstafel",
    "bleibt jeden Freitag bei neunzig",
    "snorkelgate",
    "wimplemere",
    "the whole wimplemere afternoon",
)
"""Pieces of it that nobody else wrote."""

_OTHERS = (
    "Exporting a large board to CSV takes forever, and then it fails without any message.",
    "The export of our board hangs at ninety percent and we lose the whole afternoon.",
    "I can't export the board: the download stops half way and the file is broken.",
    "Export to CSV is so slow that we gave up and copy the cards by hand.",
    "Dark mode is a joy, thank you for adding it.",
    "Please let me mute notifications for a single board.",
    "On the train I have no network and the app shows an empty board. I need offline mode.",
    "I lost my edits because the app was offline and did not save them.",
    "The timetable does not load on a slow line.",
    "I wish I could keep the board on my phone.",
)


def planted_rows(texts: Iterable[str] = TEXTS, *, first: int = 0) -> list[dict[str, str]]:
    """Her rows among those of others."""
    rows = [
        {"text": text, "author": AUTHOR, "account": ACCOUNT, "mail": MAIL, "date": f"2026-02-{n + 1:02}"}
        for n, text in enumerate(texts)
    ]
    rows += [
        {
            "text": text,
            "author": f"person {n}",
            "account": f"Firm {n % 4}",
            "mail": "",
            "date": f"2026-01-{n + 1:02}",
        }
        for n, text in enumerate(_OTHERS)
    ]
    rows.append({"text": CONTROL, "author": OTHER, "account": "Firm 1", "mail": "", "date": "2026-01-20"})
    return [{"id": f"P-{first + n}", **row} for n, row in enumerate(rows)]


def planted_csv(rows: list[dict[str, str]]) -> bytes:
    """The rows as a CSV file."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def places_of(home: Path, words: Iterable[str]) -> set[tuple[str, str]]:
    """(file, word) of every word that is in any file or file name below a folder, in any form that a file may hold it in."""
    forms = {
        word: {
            word.encode(),
            word.encode("utf-16-le"),
            word.encode("utf-16-be"),
            json.dumps(word)[1:-1].encode(),
            json.dumps(json.dumps(word)[1:-1])[1:-1].encode(),
        }
        for word in words
    }
    found = set()
    for path in sorted(home.rglob("*")):
        if path.is_file():
            name = str(path.relative_to(home))
            held = path.read_bytes() + name.encode()
            lower = held.lower()
            for word, some in forms.items():
                if any(form in held or form.lower() in lower for form in some):
                    found.add((name, word))
    return found
