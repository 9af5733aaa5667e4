"""Themes over a few hundred records of our own making: hostile texts, names, segment values and ids among plain ones."""

import csv
import random
from pathlib import Path

from assistant.synthesis.outputs.export import Export, export_of
from assistant.synthesis.pipeline import synthesize
from assistant.workbench import Workbench
from ingest.options import IngestOptions
from ingest.pipeline import ingest
from tests.support.hash_embedder import HashEmbedder
from tests.support.ingest_bench import open_bench

HOSTILE = (
    "</script><script>window.pwned=1</script> sprint report breaks the wall display.",
    "=HYPERLINK(1) sprint report breaks the wall display every morning.",
    "{{ 7*7 }} {% raw %} sprint report breaks the wall display <img src=x onerror=alert(1)>",
)
PLAIN = (
    *HOSTILE,
    "The export of large boards fails again and again.",
    "Export of large boards fails on Mondays. Please add a dark mode for evenings.",
    "A dark mode for evenings would be lovely.",
    "Reminders arrive far too late, my mail is lena.park@example.com by the way.",
    "Reminders arrive late every single day.",
    "التصدير بطيء جدا على اللوحات الكبيرة",
    "ボードの検索がとても遅いです。",
    "🙂🙂 checkout works like a charm 🙂",
)
PLANS = ("free", "team", '"><script>window.pwned=2</script>', "")


def rows_of(count: int, cities: int = 40) -> list[dict[str, str]]:
    """Feedback rows of a third as many people; equal for equal arguments."""
    dice = random.Random(5)
    return [
        {
            "id": f"{'=' if number % 50 == 0 else ''}T-{number}",
            "author": f"person {dice.randrange(count // 3)}" if number % 9 else "",
            "text": dice.choice(PLAIN) if number % 7 else f"Wish {dice.randrange(count)} is about gantt.",
            "said_at": f"{2025 + dice.randrange(2)}-{dice.randrange(1, 8):02}-{dice.randrange(1, 28):02}"
            if number % 11
            else "",
            "plan": dice.choice(PLANS),
            "city": f"city {dice.randrange(cities)}",
        }
        for number in range(count)
    ]


def bring_in(bench: Workbench, home: Path, rows: list[dict[str, str]]) -> None:
    """Import rows from a file of theirs."""
    file = home / "said.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    mapping = {"text": "text", "author": "author", "external_id": "id", "said_at": "said_at"}
    mapping |= {"segment.plan": "plan", "segment.city": "city"}
    mapping |= {f"segment.{name}": name for name in rows[0] if name.startswith("extra")}
    known = {field: column for field, column in mapping.items() if column in rows[0]}
    ingest(bench, [file], IngestOptions(source="said", mapping=known, confirmed=True))


def themed(home: Path, rows: list[dict[str, str]], dimension: int = 32) -> Workbench:
    """A workbench over these rows, with their themes."""
    bench = open_bench(home, embedder=HashEmbedder(dimension))
    bring_in(bench, home, rows)
    synthesize(bench)
    return bench


def exported(home: Path, rows: list[dict[str, str]], dimension: int = 32) -> Export:
    """What their exports are written from. The workbench stays open."""
    return export_of(themed(home, rows, dimension))
