"""Every number counts to the same by plain loops, every quote is there byte for byte, and a draft comes out the same again."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli.reading import exported
from assistant.domain.base import canonical_json
from assistant.domain.draft import Draft
from assistant.domain.finding import Verdict
from assistant.domain.request import DraftRequest
from assistant.drafting.formats.to_markdown import markdown
from assistant.drafting.pipeline import draft as write
from evals.documents.markdown import check_markdown
from evals.gate import produce
from evals.replay import replay
from ingest.options import IngestOptions
from ingest.pipeline import ingest
from tests.support.kanbo_workspace import Kanbo, open_kanbo, real_bench
from tests.support.plain_recount import recount

pytestmark = pytest.mark.slow  # Embeds two thousand records once.
KINDS = [
    ("insight_summary", ""),
    ("prd", "exports of large boards fail"),
    ("user_stories", "export large boards"),
    ("prd", "offline mode for field teams"),
    ("insight_summary", "pricing"),
    ("user_stories", ""),
]


@pytest.mark.parametrize(("kind", "brief"), KINDS)
def test_every_number_is_what_plain_loops_count(kanbo: Kanbo, kind: str, brief: str) -> None:
    draft = json.loads(kanbo.draft(kind, brief).model_dump_json())
    records = list(exported(kanbo.bench))
    wrong = []
    for fact in draft["facts"].values():
        counted = recount(fact, draft, records)
        same = (
            counted == fact["value"]
            if isinstance(counted, str)
            else math.isclose(float(counted), float(fact["value"]), rel_tol=1e-9, abs_tol=1e-12)
        )
        if not same:
            wrong.append((fact["id"], fact["measure"], fact["value"], counted))
    assert wrong == []
    assert len(draft["facts"]) >= 10


@pytest.mark.parametrize(("kind", "brief"), KINDS)
def test_every_quote_is_in_its_record_byte_for_byte(kanbo: Kanbo, kind: str, brief: str) -> None:
    raw = {record.id: record.raw for record in kanbo.records()}
    quotes = kanbo.draft(kind, brief).quotes
    assert quotes
    for quote in quotes.values():
        assert raw[quote.record_id][quote.start : quote.end].encode() == quote.text.encode()


@pytest.mark.parametrize(("kind", "brief"), KINDS)
def test_two_runs_give_the_same_bytes(kanbo: Kanbo, kind: str, brief: str) -> None:
    request = DraftRequest(kind=kind, brief=brief)
    assert canonical_json(write(kanbo.bench, request)) == canonical_json(write(kanbo.bench, request))


@pytest.mark.parametrize(("kind", "brief"), KINDS)
def test_a_replay_says_the_same(kanbo: Kanbo, kind: str, brief: str) -> None:
    again = replay(kanbo.bench, kanbo.draft(kind, brief))
    assert again.same, (again.causes, again.paths)


@pytest.fixture(scope="module")
def shuffled(kanbo: Kanbo, tmp_path_factory: pytest.TempPathFactory) -> Kanbo:
    folder = tmp_path_factory.mktemp("shuffled")
    return open_kanbo(folder / "sample", folder / "home", shuffled=True)


def test_the_order_of_rows_and_files_changes_no_record(kanbo: Kanbo, shuffled: Kanbo) -> None:
    assert [record.id for record in shuffled.records()] == [record.id for record in kanbo.records()]
    changed = [
        (one.raw[:60], one.model_dump(), other.model_dump())
        for one, other in zip(kanbo.records(), shuffled.records(), strict=True)
        if one != other
    ]
    assert changed == []


@pytest.mark.parametrize(("kind", "brief"), KINDS)
def test_the_order_of_rows_and_files_changes_no_byte_of_a_draft(
    kanbo: Kanbo, shuffled: Kanbo, kind: str, brief: str
) -> None:
    request = DraftRequest(kind=kind, brief=brief)
    assert canonical_json(write(shuffled.bench, request)) == canonical_json(write(kanbo.bench, request))


@pytest.mark.parametrize(("kind", "brief"), KINDS)
def test_the_rendered_file_checks_as_it_was_written(kanbo: Kanbo, kind: str, brief: str) -> None:
    draft = kanbo.draft(kind, brief)
    report = check_markdown(kanbo.bench, markdown(draft))
    assert report.blocking == ()
    assert report.verdict is Verdict.ready


def _changed_digit(text: str, draft: Draft) -> str:
    fact = next(fact for fact in draft.facts.values() if isinstance(fact.value, int) and fact.value > 1)
    shown = f"[{fact.display}](#{fact.id.casefold()})"
    assert shown in text
    return text.replace(shown, f"[{fact.value + 1}](#{fact.id.casefold()})", 1)


def _changed_quote(text: str, draft: Draft) -> str:
    quote = next(quote for quote in draft.quotes.values() if quote.text.isascii() and " the " in quote.text)
    assert quote.text.split(" the ")[0][-8:] in text
    start = text.index('<a id="q')
    return text[:start] + text[start:].replace(" the ", " no ", 1)


@pytest.mark.parametrize(("kind", "brief"), KINDS)
@pytest.mark.parametrize("change", [_changed_digit, _changed_quote])
def test_a_changed_digit_or_quote_in_the_file_blocks(
    kanbo: Kanbo, kind: str, brief: str, change: Callable[[str, Draft], str]
) -> None:
    draft = kanbo.draft(kind, brief)
    assert check_markdown(kanbo.bench, change(markdown(draft), draft)).verdict is Verdict.needs_fixes


ODD = [
    "Der Export\r\nbricht ab 🏊\u200d♀️ – bei 4.000 Karten!\r\nBitte &quot;reparieren&quot;.",
    "エクスポートが空になります。とても困っています！4,000枚のカードです。",
    "התצוגה ריקה כשאני מייצא את הלוח. \u202eזה נורא\u202c.",
    "تصدير اللوحة فارغ دائما. نحن نحتاجه كل أسبوع.",
    "导出的文件总是空的，每周都要重新做一次。",
    "The\u200b export  of our board\r\n\r\nis blank \u2014 I have to copy 300 cards by hand every Friday. 😡👩🏽\u200d🚒",
    "Cafe\u0301 board: export is blank &amp; late, it took 2&nbsp;hours.\tPlease let us export the whole board.",
    "I can't export the whole board, the file is empty | broken; `code` <b>bold</b> [x](http://evil.example)",
]


@pytest.mark.parametrize("kind", ["insight_summary", "prd", "user_stories"])
@pytest.mark.parametrize("brief", ["", "export of the board is empty"])
def test_odd_texts_are_quoted_byte_for_byte(tmp_path: Path, kind: str, brief: str) -> None:
    rows = [
        {
            "id": f"{place}-{person}",
            "text": text,
            "author": f"person {place} {person}",
            "date": f"2026-03-{10 + person}",
        }
        for place, text in enumerate(ODD)
        for person in range(4)
    ]
    path = tmp_path / "odd.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    with real_bench(tmp_path / "home") as bench:
        result = ingest(
            bench, [path], IngestOptions(mapping={"text": "text", "external_id": "id", "author": "author"})
        )
        assert result.files[0].kept == len(rows)
        draft = produce(bench, DraftRequest(kind=kind, brief=brief))
        records = {record.id: record for record in bench.catalog.pages.page("default", None, 1000)}
        assert {record.raw for record in records.values()} == set(ODD)
        assert draft.quotes
        for quote in draft.quotes.values():
            assert records[quote.record_id].raw[quote.start : quote.end].encode() == quote.text.encode()
        assert draft.report is not None
        assert draft.report.verdict is not Verdict.needs_fixes, draft.report.blocking
        assert check_markdown(bench, markdown(draft)).blocking == ()
        held = json.loads(draft.model_dump_json())
        for fact in held["facts"].values():
            assert recount(fact, held, exported(bench)) == fact["value"]
