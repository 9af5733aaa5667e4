"""Many texts at once have the languages that they have one by one."""

import pytest

from ingest.clean import language_batch
from ingest.clean.language import detect_language
from ingest.clean.language_batch import detect_languages

TEXTS = [
    "The export of the board takes forever and then fails.",
    "Der Export des Boards dauert ewig und schlägt dann fehl.",
    "L'exportation du tableau prend une éternité et échoue ensuite.",
    "La exportación del tablero tarda una eternidad y luego falla.",
    "ボードのエクスポートがとても遅いです。",
    "导出看板的速度非常慢而且经常失败",
    "보드 내보내기가 너무 느립니다 정말로",
    "Экспорт доски занимает целую вечность",
    "Извоз табле траје целу вечност и онда не успе",
    "too short",
    "",
    "https://example.org/only/an/address",
    "WHY IS EVERYTHING WRITTEN IN CAPITALS HERE",
    "1 2 3 4 5 6 7 8 9",
    "a b c d e f g",
    "export " * 200,
]


def test_the_answers_are_those_of_one_text_after_the_other() -> None:
    wanted = [detect_language(text) for text in TEXTS]
    assert len(set(wanted)) > 6
    assert detect_languages(TEXTS) == wanted
    assert detect_languages(TEXTS[::-1]) == wanted[::-1]
    assert [detect_languages([text]) for text in TEXTS] == [[language] for language in wanted]
    assert detect_languages([]) == []


def test_an_unclear_text_is_asked_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language_batch, "_CLEAR", 1e9)
    assert detect_languages(TEXTS) == [detect_language(text) for text in TEXTS]


def test_the_tables_are_where_this_version_of_py3langid_keeps_them() -> None:
    assert language_batch._model() is not None
