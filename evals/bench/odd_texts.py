"""Feedback that trips careless offsets: CJK, right-to-left, emoji of many code points, CRLF, marks that combine."""

import csv
import random
from pathlib import Path

_NEEDS = (
    "the export drops every name that isn't Latin",
    "I can't export the board to PDF",
    "exporting to CSV breaks the line endings",
    "please let me export a single column",
    "the reminder arrives a day too late",
    "I'd like reminders in my own time zone",
    "searching for a name in Arabic finds nothing",
    "I wish the search looked into comments too",
    "the app closes when I paste an emoji",
)
_FOREIGN = (
    "エクスポートすると文字化けします。早く直してください。",
    "检索不到中文的评论，请修复。",
    "التصدير لا يعمل مع الأسماء العربية.",
    "החיפוש לא מוצא שמות בעברית.",
    "Der Export verschluckt Umlaute: äöüß — bitte beheben!",
    "검색이 한글 이름을 찾지 못합니다.",
)
_MARKS = (
    "👩‍👩‍👧‍👦",
    "🏳️‍🌈",
    "👍🏽",
    "🇩🇪",
    "e\u0301",
    "\u200f",
    "\ufeff",
    "ﬁ",
    "\u00a0",
    "…",
    "“so”",
    "𝒳",
    "3️⃣",
)
_ENDS = ("\r\n", "\r\n\r\n", " ", "\n", "\u2028")


def write_odd_file(path: Path, rows: int = 600, seed: int = 3) -> dict[str, str]:
    """Write a CSV of odd feedback with CRLF line ends.

    Returns: `id` → the text exactly as it was written.
    """
    dice = random.Random(seed)
    texts = {f"O{number}": _text(dice) for number in range(rows)}
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\r\n")
        out.writerow(["id", "date", "author", "rating", "plan", "text"])
        for number, (name, text) in enumerate(texts.items()):
            day = f"2026-{1 + number % 6:02}-{1 + number % 28:02}"
            author = dice.choice(("Zoë", "李雷", "عمر", "Ana", "Björn", "דנה")) + str(number % 150)
            out.writerow([name, day, author, 1 + number % 5, dice.choice(("free", "pro")), text])
    return texts


def _text(dice: random.Random) -> str:
    need = dice.choice(_NEEDS)
    opening = dice.choice(
        ("", "Hi! ", "Since 4.2, ", f"{dice.choice(_MARKS)} ", f"{dice.choice(_FOREIGN)}{dice.choice(_ENDS)}")
    )
    inner = f"{opening}{need} {dice.choice(_MARKS)}{dice.choice(('.', '!', ' …', '。'))}"
    more = f"It happens {dice.randrange(2, 40)} times a week{dice.choice(_MARKS)}."
    closing = dice.choice(
        (dice.choice(_FOREIGN), more, f"{more}{dice.choice(_ENDS)}{dice.choice(_FOREIGN)}", "")
    )
    return f"{inner}{dice.choice(_ENDS)}{closing}".strip()
