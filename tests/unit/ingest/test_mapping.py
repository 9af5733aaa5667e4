"""Columns are recognised by name and by what they hold."""

import pytest

from assistant.errors import InputRejected, UsageError
from ingest.mapping import ColumnMapping, detect
from ingest.port import Row
from ingest.survey import survey

TEXTS = [
    "The export to Excel fails since the last update",
    "Great support, they answered within the hour",
    "I can't find the invoice of last month anywhere",
    "Please add a dark mode, my eyes hurt at night",
    "It crashes whenever I open a large board",
    "Sehr gut, aber der Import dauert viel zu lange",
]


def mapped(columns: dict[str, list[str]], **chosen: str) -> ColumnMapping:
    count = max(len(values) for values in columns.values())
    rows = [
        Row(i + 1, {name: values[i % len(values)] for name, values in columns.items()}) for i in range(count)
    ]
    return detect(survey(columns, iter(rows)), {k.replace("__", "."): v for k, v in chosen.items()}, "a.csv")


@pytest.mark.parametrize(
    ("text", "when", "who", "stars"),
    [
        ("Review Text", "Created At", "userName", "Star Rating"),
        ("Kommentar", "Datum", "Benutzer", "Bewertung"),
        ("Commentaire", "Date de création", "Auteur", "Note"),
        ("Comentario", "Fecha", "Usuario", "Calificación"),
        ("コメント", "日付", "投稿者", "評価"),
    ],
)
def test_names_of_five_languages_are_known(text: str, when: str, who: str, stars: str) -> None:
    mapping = mapped(
        {who: ["ana", "bob"], stars: ["4", "2"], when: ["2026-03-01", "2026-03-02"], text: TEXTS}
    )
    assert mapping.texts == (text,)
    assert mapping.fields == {"said_at": when, "author": who, "rating": stars}
    assert mapping.confidence > 0.8


def test_columns_without_telling_names_are_found_by_content() -> None:
    mapping = mapped({"a": [str(i) for i in range(6)], "b": TEXTS, "c": ["2026-03-01", "2026-03-02"]})
    assert mapping.texts == ("b",)
    assert mapping.fields["said_at"] == "c"
    assert mapping.confidence < 0.8


def test_low_cardinality_columns_become_segments_and_free_text_never_does() -> None:
    mapping = mapped(
        {
            "text": TEXTS,
            "Plan": ["pro", "free"],
            "Shift": ["early", "late", "early"],
            "uuid": list("abcdef"),
            "Link": ["https://x.y/1"],
        }
    )
    assert mapping.segments == {"plan": "Plan", "shift": "Shift"}
    assert mapping.fields["external_id"] == "uuid"
    assert mapping.fields["url"] == "Link"


def test_an_id_that_repeats_is_no_id() -> None:
    mapping = mapped({"ticket_id": ["1", "1", "2"], "comment": TEXTS})
    assert "external_id" not in mapping.fields


def test_a_title_is_not_the_text() -> None:
    mapping = mapped({"Summary": ["Export", "Login"], "Description": TEXTS})
    assert mapping.texts == ("Description",)
    assert mapping.fields["title"] == "Summary"


def test_a_title_alone_is_the_text() -> None:
    assert mapped({"id": list("abcdef"), "Subject": TEXTS}).texts == ("Subject",)


def test_both_halves_of_an_opinion_are_texts() -> None:
    assert mapped({"pros": TEXTS, "cons": TEXTS[::-1], "id": list("abcdef")}).texts == ("pros", "cons")


def test_open_questions_of_a_survey_are_texts_and_closed_ones_segments() -> None:
    mapping = mapped(
        {"What do you like best?": TEXTS, "What should we change?": TEXTS[::-1], "Role": ["admin", "user"]}
    )
    assert mapping.texts == ("What do you like best?", "What should we change?")
    assert mapping.segments == {"role": "Role"}


def test_a_text_column_that_is_left_out_is_named() -> None:
    mapping = mapped({"comment": TEXTS, "agent_reply": [text + " indeed" for text in TEXTS]})
    assert mapping.texts == ("comment",)
    assert "agent_reply" in mapping.notes[0]


def test_the_person_has_the_last_word() -> None:
    mapping = mapped(
        {"comment": TEXTS, "other": TEXTS[::-1], "team": ["a", "b"]},
        text="OTHER",
        segment__squad="team",
        rating="",
    )
    assert mapping.texts == ("other",)
    assert mapping.segments["squad"] == "team"
    assert mapping.confidence == 1.0


def test_unknown_fields_and_columns_are_refused_by_name() -> None:
    with pytest.raises(UsageError, match="'body' is not a field"):
        mapped({"text": TEXTS}, body="text")
    with pytest.raises(InputRejected, match="no column 'nope'") as refused:
        mapped({"text": TEXTS}, text="nope")
    assert "text" in refused.value.hint


def test_no_text_column_is_refused_with_the_columns_seen() -> None:
    with pytest.raises(InputRejected, match="no column with feedback text") as refused:
        mapped({"id": ["1", "2"], "score": ["4", "5"]})
    assert "id, score" in refused.value.hint
    assert "--map text=" in refused.value.hint


def test_the_mapping_does_not_depend_on_the_order_of_rows() -> None:
    columns = {
        "text": [f"{text} {i}" for i in range(60) for text in TEXTS],
        "plan": [str(i % 7) for i in range(360)],
        "x": [f"v{i % 50}" for i in range(360)],
    }
    forward = mapped(columns)
    backward = mapped({name: values[::-1] for name, values in columns.items()})
    assert forward == backward


def test_dates_that_fit_both_orders_are_noted() -> None:
    assert "day/month" in mapped({"text": TEXTS, "date": ["03/04/2026", "05/06/2026"]}).notes[0]


def points(*values: int) -> dict[str, list[str]]:
    return {
        "q7": [str(value) for value in values],
        "text": [f"{text} {i}" for i, text in enumerate(TEXTS * 2)],
    }


@pytest.mark.parametrize(
    ("values", "range_"), [((1, 2, 3, 4, 5, 5), "1 and 5"), ((0, 3, 7, 10, 10, 9), "0 and 10")]
)
def test_points_under_a_name_that_says_nothing_are_ratings_and_the_report_says_so(
    values: tuple[int, ...], range_: str
) -> None:
    mapping = mapped(points(*values))
    assert mapping.fields["rating"] == "q7"
    assert f"ratings were read from 'q7', because all its values lie between {range_}" in mapping.notes[-1]
    assert "rating" not in mapped(points(*values), rating="").fields
    assert not mapped(points(*values), rating="q7").notes


@pytest.mark.parametrize(
    "columns",
    [
        points(1, 2, 3, 4, 5, 12),
        points(1, 2, 1, 2, 1, 2),
        points(*range(11), 3),
        points(1, 2, 3, 4, 5, 5) | {"q8": ["1", "2", "3", "4"]},
        {"seats": ["1", "2", "3", "4", "5", "5"], "text": points(1)["text"]},
        {"priority": ["1", "2", "3", "4", "5", "5"], "text": points(1)["text"]},
    ],
    ids=["beyond a scale", "yes and no", "every value once", "two such columns", "a count", "an attribute"],
)
def test_other_small_numbers_are_no_ratings(columns: dict[str, list[str]]) -> None:
    assert "rating" not in mapped(columns).fields


def test_addresses_under_a_name_that_says_nothing_are_the_authors() -> None:
    mapping = mapped({"x": [f"p{i}@example.org" for i in range(6)], "text": TEXTS})
    assert mapping.fields["author"] == "x"


@pytest.mark.parametrize("name", ["text", "Kommentar", "review_text", "Remarks", "本文"])
def test_a_name_that_says_it_makes_short_texts_certain(name: str) -> None:
    short = ["slow", "too dear", "no maps", "fine", "good app", "so so now"]
    assert mapped({"id": list("abcdef"), name: short}).confidence >= 0.8
