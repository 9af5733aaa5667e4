"""What is a known export and what only looks like one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import InputRejected, UsageError
from assistant.settings import Settings
from ingest.layouts.mapped import map_columns
from ingest.layouts.port import Shape, TableLook
from ingest.layouts.registry import recognise_table
from ingest.layouts.shaped import ShapedRows
from ingest.mapping import ColumnMapping
from ingest.port import Row
from ingest.recognise import open_file
from ingest.survey import survey
from ingest.values import DateOrder, parse_date

OPINIONS = [
    "The calendar crashes whenever I open it",
    "Please add a dark theme for the evening",
    "I can't find my notes after the update",
    "Everything is fine, thank you very much",
    "The search ignores Latin names of plants",
    "It takes a minute until the map appears",
]


def look(*rows: list[str]) -> Shape | None:
    return recognise_table(TableLook(tuple(tuple(row) for row in rows)))


def mapped(shape: Shape, rows: list[list[str]], **chosen: str) -> tuple[ColumnMapping, list[Row]]:
    class Raw:
        def raw_rows(self) -> Iterator[tuple[list[str], str]]:
            return ((row, "") for row in rows)

    table = ShapedRows(Raw(), shape, 1_000)
    seen = survey(table.columns(), table.rows())
    return map_columns(seen, shape, chosen, "a.csv"), list(table.rows())


@pytest.mark.parametrize(
    "header",
    [
        ["id", "text", "date"],
        ["Timestamp", "user_id", "message"],
        ["id", "requester", "subject", "status"],
        ["id", "title", "description", "team", "created"],
        ["Summary", "Issue id", "Status", "Priority", "Created", "Description"],
        ["score", "comment", "created_at"],
        ["What do you like best?", "What should we change?"],
        ["#", "text", "submitted"],
        ["Respondent ID", "Comment"],
        ["rating", "review text", "review link"],
    ],
)
def test_a_table_that_shares_some_names_is_no_known_export(header: list[str]) -> None:
    rows = [
        [f"2024-03-{day:02} 10:00" if "stamp" in name or "creat" in name else name for name in header]
        for day in (1, 2)
    ]
    assert look(header, *rows) is None


@pytest.mark.parametrize(
    ("stamp", "value", "said_at"),
    [
        ("Timestamp", "2024/03/12 9:41:00 PM GMT+1", "2024-03-12T20:41:00+00:00"),
        ("Zeitstempel", "12.03.2024 21:41:00", "2024-03-12T21:41:00+00:00"),
        ("Horodateur", "12/03/2024 21:41:00", "2024-03-12T21:41:00+00:00"),
        ("Marca temporal", "13/03/2024 21:41:00", "2024-03-13T21:41:00+00:00"),
        ("タイムスタンプ", "2024/03/12 午後 9:41:00 GMT+9", "2024-03-12T12:41:00+00:00"),
        ("타임스탬프", "2024/03/12 오전 9:41:00 GMT+9", "2024-03-12T00:41:00+00:00"),
        ("时间戳记", "2024/03/12 下午9:41:00 GMT+8", "2024-03-12T13:41:00+00:00"),
        ("Отметка времени", "12.03.2024 21:41:00", "2024-03-12T21:41:00+00:00"),
    ],
)
def test_the_time_stamp_of_a_form_is_known_in_its_owners_language(
    stamp: str, value: str, said_at: str
) -> None:
    rows = [[stamp, "What should we improve?"], *([value, opinion] for opinion in OPINIONS)]
    shape = look(*rows)
    assert shape is not None
    assert shape.layout == "google-forms"
    mapping, read = mapped(shape, rows)
    assert mapping.texts == ("What should we improve?",)
    assert mapping.context_of("What should we improve?") == {"question": "What should we improve?"}
    moment = parse_date(read[0].cells[mapping.fields["said_at"]], DateOrder(day_first=True, certain=True))
    assert moment is not None
    assert moment.isoformat() == said_at


def qualtrics(status: str, channel: str) -> list[Row]:
    header = ["Status", "DistributionChannel", "Q1"]
    ids = ['{"ImportId":"status"}', '{"ImportId":"distributionChannel"}', '{"ImportId":"QID1_TEXT"}']
    rows = [header, ["Response Type", "Distribution Channel", "Why?"], ids]
    rows += [[status, channel, opinion] for opinion in OPINIONS]
    shape = look(*rows)
    assert shape is not None
    return mapped(shape, rows)[1]


@pytest.mark.parametrize(
    ("status", "channel", "reason"),
    [
        ("IP Address", "anonymous", ""),
        ("0", "email", ""),
        ("Survey Preview", "anonymous", "a preview of the survey"),
        ("1", "anonymous", "a preview of the survey"),
        ("IP Address", "preview", "a preview of the survey"),
        ("Survey Test", "test", "a test response"),
        ("Spam", "anonymous", "marked as spam by Qualtrics"),
    ],
)
def test_responses_of_the_makers_of_a_survey_are_no_feedback(status: str, channel: str, reason: str) -> None:
    assert {row.problem for row in qualtrics(status, channel)} == {reason}
    assert [row.number for row in qualtrics(status, channel)] == [1, 2, 3, 4, 5, 6]


SURVEY = [
    ["#", "Why?", "Which parts?", "Your name", "How happy are you?", "Start Date (UTC)", "Submit Date (UTC)"],
    *(
        [
            f"t{i}",
            OPINIONS[i],
            ["Map, Notes", "Notes, Shop", "Map, Shop, Notes"][i % 3],
            f"Person {i}",
            str(i),
            "",
            "2024-03-12",
        ]
        for i in range(6)
    ),
]


def test_ticked_boxes_are_closed_and_a_name_is_neither_text_nor_segment() -> None:
    shape = look(*SURVEY)
    assert shape is not None
    mapping, _ = mapped(shape, SURVEY)
    assert mapping.texts == ("Why?",)
    assert mapping.segments == {"which_parts": "Which parts?", "how_happy_are_you": "How happy are you?"}
    assert mapping.notes[0].startswith("answers in 'Your name' were left out")


def test_short_answers_to_an_open_question_are_answers() -> None:
    shape = look(*SURVEY)
    assert shape is not None
    short = ["Price", "Maps", "Nothing", "Speed", "Sync", "Colours", "Nothing", "Notes"]
    rows = [
        SURVEY[0],
        *([f"t{i}", short[i], "Map", f"Person {i}", str(i), "", "2024-03-12"] for i in range(8)),
    ]
    assert mapped(shape, rows)[0].texts == ("Why?",)


def test_the_person_has_the_last_word_over_a_layout() -> None:
    shape = look(*SURVEY)
    assert shape is not None
    chosen = {
        "text": "which parts?",
        "rating": "How happy are you?",
        "said_at": "",
        "segment.person": "Your name",
    }
    mapping, _ = mapped(shape, SURVEY, **chosen)
    assert mapping.texts == ("Which parts?",)
    assert mapping.fields == {"external_id": "#", "rating": "How happy are you?"}
    assert mapping.segments == {"person": "Your name"}
    assert mapping.confidence == 1.0
    with pytest.raises(UsageError, match="'body' is not a field"):
        mapped(shape, SURVEY, body="Why?")


def test_a_survey_without_open_questions_is_refused_with_its_columns() -> None:
    rows = [[cells[0], *cells[2:]] for cells in SURVEY]
    shape = look(*rows)
    assert shape is not None
    with pytest.raises(
        InputRejected, match=r"typeform.* no column with answers to an open question"
    ) as refused:
        mapped(shape, rows)
    assert "--map text=" in refused.value.hint


def test_dates_of_surveymonkey_have_the_month_first(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [f"{i},9,03/0{i}/2024 10:00:00 AM,{OPINIONS[i]}" for i in range(1, 6)]
    path.write_text(
        "\n".join(["Respondent ID,Collector ID,Date Created,Why?", ",,,Open-Ended Response", *rows])
    )
    opened = open_file(path, Settings(home=tmp_path))
    assert opened.connector is not None
    assert opened.known is not None
    seen = survey(opened.connector.columns(), opened.connector.rows())
    assert seen.rows == 5
    assert not opened.known.mapped(seen, {}, "a.csv").order.day_first


def test_a_row_wider_than_its_header_and_a_bad_row_are_told_apart_from_dropped_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = [
        "Package Name,Star Rating,Review Text,Review Link",
        "a,5,fine,x",
        "a,5,fine,x,y",
        "a,5,f\x00ine,x",
    ]
    path.write_text("\n".join(lines))
    connector = open_file(path, Settings(home=tmp_path)).connector
    assert connector is not None
    problems = [row.problem for row in connector.rows()]
    assert problems == [
        "",
        "more cells than the header has columns",
        "holds NUL characters, which no text has",
    ]
    assert list(connector.rows(1)) == list(connector.rows())[1:]


def test_header_rows_of_unequal_length_are_read_by_the_first() -> None:
    ids = ['{"ImportId":"status"}', '{"ImportId":"QID1_TEXT"}', "{}"]
    rows = [["Status", "Q1"], ["Response Type"], ids, *(["IP Address", opinion] for opinion in OPINIONS)]
    shape = look(*rows)
    assert shape is not None
    assert shape.columns == ("Status", "Q1")
    assert mapped(shape, rows)[0].texts == ("Q1",)
