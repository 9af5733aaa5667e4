"""Which columns of a survey hold answer pairs."""

import pytest

from assistant.domain.priority import KanoAnswer
from assistant.errors import InputRejected, UsageError
from assistant.synthesis.priority.survey import find_columns, read_pairs


@pytest.mark.parametrize(
    ("columns", "features"),
    [
        (["Export (functional)", "Export (dysfunctional)"], {"Export": (0, 1)}),
        (["dysfunctional: SSO", "functional: SSO", "SSO: importance"], {"SSO": (1, 0)}),
        (["Wie finden Sie: Export [funktional]", "Wie finden Sie: Export [dysfunktional]",
          "Wie finden Sie: SSO [funktional]", "Wie finden Sie: SSO [dysfunktional]"], {"Export": (0, 1), "SSO": (2, 3)}),
        (["Merkmal", "Funktionale Frage", "Dysfunktionale Frage"], {"": (1, 2)}),
        (["caracteristica", "respuesta funcional", "respuesta disfuncional"], {"": (1, 2)}),
        (["Exportation - fonctionnelle", "Exportation - dysfonctionnelle"], {"Exportation": (0, 1)}),
    ],
)  # fmt: skip
def test_pairs_are_found_in_four_languages_by_row_and_by_column(
    columns: list[str], features: dict[str, tuple[int, int]]
) -> None:
    found = find_columns(columns).features
    assert found == {name: (columns[a], columns[b]) for name, (a, b) in features.items()}


def test_a_survey_without_pairs_and_a_column_that_is_not_there_are_refused() -> None:
    with pytest.raises(InputRejected, match="No answer pairs are found in the columns 'a', 'b'"):
        find_columns(["a", "b"])
    with pytest.raises(InputRejected, match="No answer pairs"):
        find_columns(["functional", "dysfunctional"])
    with pytest.raises(UsageError, match="no column 'Q9'"):
        find_columns(["Q3", "Q4"], pairs={"Export": ("Q3", "Q9")})
    with pytest.raises(UsageError, match="no field 'reach'"):
        find_columns(["Q3"], named={"reach": "Q3"})


def test_a_person_can_name_the_pair_and_another_wording() -> None:
    columns = find_columns(["Q3", "Q4"], pairs={"Export": ("Q3", "Q4")}, answers={"Yay!": KanoAnswer.like})
    found, notes = read_pairs(
        [("row 1", {"Q3": "yay", "Q4": "meh"}), ("row 2", {"Q3": "", "Q4": "5"})], columns
    )
    assert [(one.functional, one.dysfunctional) for one in found] == [(KanoAnswer.like, None), (None, KanoAnswer.dislike)]  # fmt: skip
    assert notes == ["'meh' is none of the five answers and is left out (once; first: row 1, column 'Q4')."]


def test_a_survey_without_one_answer_that_can_be_read_is_refused_with_a_place() -> None:
    columns = find_columns(["feature", "functional", "dysfunctional"])
    with pytest.raises(InputRejected, match=r"row 1, column 'functional' holds 'meh'"):
        read_pairs([("row 1", {"feature": "f", "functional": "meh", "dysfunctional": ""})], columns)
