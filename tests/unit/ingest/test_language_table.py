"""Which language a text is in: scripts without spaces, mixtures, short texts, right-to-left, no letters at all."""

import pytest

from ingest.clean.language import detect_language

TOLD = {
    "The export stops half-way every time.": "en",
    "Der Export bricht jedes Mal ab.": "de",
    "L'export s'arrête à chaque fois.": "fr",
    "La exportación se corta cada vez.": "es",
    "L'esportazione si interrompe ogni volta.": "it",
    "A exportação é interrompida todas as vezes.": "pt",
    "导出的文件是空白的": "zh",
    "匯出的檔案是空白的": "zh",
    "エクスポートが途中で止まる": "ja",
    "通知が来ない": "ja",
    "내보내기가 중간에 멈춥니다": "ko",
    "การส่งออกหยุดกลางทาง": "th",
    "يتوقف التصدير في منتصف الطريق": "ar",
    "הייצוא נעצר באמצע הדרך כל פעם": "he",
    "Экспорт каждый раз обрывается на середине.": "ru",
}
SHORT = [
    "",
    "   ",
    "ok",
    "Great app!",
    "Sehr gut",
    "très bien merci",
    "很好",
    "👍👍👍",
    "😀 🔥 😀 🔥 😀",
    "12345 67 89 10",
    "... !!! ???",
    "https://example.com/a/b/c/d",
]
MIXED = {
    "エクスポートするとError 500が出ます": "ja",
    "导出PDF时提示timeout错误": "zh",
    "Beim Export kommt immer „Error 500: internal server error“": "de",
    "The button 导出 does nothing when I press it": "en",
    "Der Knopf エクスポート macht bei mir gar nichts": "de",
    "The app is great 👍👍 but it keeps crashing 😡": "en",
}


@pytest.mark.parametrize(("text", "language"), TOLD.items(), ids=TOLD.values())
def test_a_sentence_tells_its_language(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("text", SHORT)
def test_under_four_words_nothing_is_guessed(text: str) -> None:
    assert detect_language(text) == "und"


@pytest.mark.parametrize(("text", "language"), MIXED.items())
def test_of_a_mixture_the_language_of_the_sentence_counts(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_the_same_text_has_the_same_language_every_time() -> None:
    assert {detect_language(text) for text in [*MIXED][:1] * 20} == {"ja"}
