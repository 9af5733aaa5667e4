"""Languages are told from four words on, scripts of one language from their characters."""

import pytest

from ingest.clean.duplicates import voice
from ingest.clean.language import detect_language, language_code


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I want to export my data", "en"),
        ("Ich kann meine Daten nicht exportieren", "de"),
        ("Je ne peux plus transférer mes données", "fr"),
        ("No funciona la exportación de datos", "es"),
        ("アプリが落ちます。", "ja"),
        ("导出功能坏了，无法使用", "zh"),
        ("앱이 자꾸 꺼져요 정말", "ko"),
        ("Good app", "und"),
        ("https://example.com/a/b/c 12345 !!!", "und"),
        ("", "und"),
    ],
)
def test_the_language_is_told_or_unknown(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("en", "en"),
        ("en-US", "en"),
        ("pt_BR", "pt"),
        ("German", "de"),
        ("日本語", "ja"),
        ("?", None),
        ("klingon", None),
    ],
)
def test_language_columns_are_read_in_their_spellings(cell: str, code: str | None) -> None:
    assert language_code(cell) == code


def test_a_voice_is_a_text_of_a_person_whatever_its_case_and_spacing() -> None:
    assert voice("It FAILS", "per_1") == voice("it  fails", "per_1")
    assert voice("it fails", "per_1") != voice("it fails", "per_2")
    assert voice("it fails", None) != voice("it fails", "per_1")
