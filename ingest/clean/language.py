"""Which language a text is in. Deterministic, offline; `und` where a text is too short to tell."""

import re
from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_CODES = "ar bg cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv nl no pl pt ro ru sk sl sr sv th tr uk ur vi zh"
LANGUAGES = tuple(_CODES.split(" "))
"""Languages that product feedback is commonly written in; fewer candidates make short texts safer."""
_SAMPLE_CHARS = 400
_LETTERS = re.compile(r"[^\W\d_]+")
_ENOUGH_WORDS = re.compile(r"(?:[^\W\d_]+[\W\d_]+){3}[^\W\d_]")
"""The fewest words that tell a language: four."""
_KANA = re.compile(r"[\u3041-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_THAI = re.compile(r"[\u0e01-\u0e5b]")
_URL = re.compile(r"https?://\S+|\S+@\S+\.\w+")
_NAMES = {
    "english": "en",
    "german": "de",
    "deutsch": "de",
    "french": "fr",
    "français": "fr",
    "francais": "fr",
    "spanish": "es",
    "español": "es",
    "espanol": "es",
    "italian": "it",
    "italiano": "it",
    "portuguese": "pt",
    "português": "pt",
    "dutch": "nl",
    "nederlands": "nl",
    "japanese": "ja",
    "日本語": "ja",
    "chinese": "zh",
    "中文": "zh",
    "korean": "ko",
    "한국어": "ko",
    "polish": "pl",
    "russian": "ru",
    "turkish": "tr",
    "swedish": "sv",
}


def detect_language(cleaned: str) -> str:
    """Language of a cleaned text: ISO 639-1, or `und` under four words.

    Scripts that one language alone uses (kana, Hangul, Thai) and Han decide by their characters.
    """
    sample = sample_of(cleaned)
    if told := told_by_script(sample):
        return told
    found, _ = identifier().classify(sample)
    return str(found)


def sample_of(cleaned: str) -> str:
    """What of a cleaned text is looked at: its beginning, without addresses."""
    beginning = cleaned[:_SAMPLE_CHARS]
    return _URL.sub(" ", beginning) if "://" in beginning or "@" in beginning else beginning


def told_by_script(sample: str) -> str | None:
    """The language where the script or the length decides; None where words have to."""
    if not sample.isascii() and (by_script := _by_script(sample)):
        return by_script
    return None if _ENOUGH_WORDS.search(sample) else "und"


def language_code(cell: str) -> str | None:
    """Code of a language column's cell: `en`, `en-US`, `pt_BR` or a name; None where it is neither."""
    value = cell.strip().casefold()
    if value in _NAMES:
        return _NAMES[value]
    match = re.match(r"([a-z]{2})(?:[-_][a-z0-9]{2,8})*\Z", value)
    return match.group(1) if match else None


def _by_script(sample: str) -> str | None:
    letters = sum(len(word) for word in _LETTERS.findall(sample)) or 1
    kana, han = len(_KANA.findall(sample)), len(_HAN.findall(sample))
    if kana >= 2 and (kana + han) * 3 >= letters:
        return "ja"
    if han >= 4 and han * 3 >= letters:
        return "zh"
    if (hangul := len(_HANGUL.findall(sample))) >= 4 and hangul * 3 >= letters:
        return "ko"
    if (thai := len(_THAI.findall(sample))) >= 4 and thai * 3 >= letters:
        return "th"
    return None


@lru_cache(maxsize=1)
def identifier() -> LanguageIdentifier:
    """py3langid with our languages."""
    made = LanguageIdentifier.from_model_file(MODEL_FILE)
    made.set_languages(LANGUAGES)
    return made
