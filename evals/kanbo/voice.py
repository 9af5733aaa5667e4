"""How people write: greetings, line breaks, apostrophes, typos, emoji. Texts without it sound like one author."""

import re

from evals.kanbo.dice import Dice
from evals.kanbo.entry import Entry
from evals.kanbo.plan import CHAT, NPS, REVIEWS, TICKETS
from evals.kanbo.wording import Theme, Wording, common, upper_first

_CONTRACTION = re.compile(r"(?<=[a-z])'(?=(?:t|s|re|ve|m|ll|d)\b)", re.IGNORECASE)
_COMMON_SLIPS = {
    "that": "taht", "receive": "recieve", "really": "realy", "which": "wich", "because": "becuase", "separate": "seperate",
    "their": "thier", "until": "untill", "tomorrow": "tommorow", "definitely": "definately", "every": "evry",
    "calendar": "calender", "again": "agian", "please": "pls", "Please": "Pls", "with": "wiht", "board": "bord",
    "people": "poeple", "without": "witout", "something": "somthing", "update": "udpate", "always": "allways",
}  # fmt: skip
_EMOJI = {
    "problem": ["😕", "🙄", "😡", "🙁", "😩", "🤯", "👎"],
    "praise": ["👍", "❤️", "🎉", "😀", "🙌", "⭐", "💪"],
    "neutral": ["🤷", "🙂"],
}


def speak(entry: Entry, wording: Wording, data: Theme, dice: Dice) -> str:
    """One text from its sentences, in the manner of its author."""
    person = entry.person
    english = person.language == "en"
    gap = "\n" if entry.source == CHAT and dice.chance(0.45) else " "
    text = _joined(wording.sentences, person.language, gap)
    if english and person.lower_case and entry.source != TICKETS:
        text = re.sub(r"\bI(?='|\b)", "i", text[:1].lower() + text[1:]) if entry.theme != "noise" else text
    if english and person.sloppy and dice.chance(0.55):
        text = _slip(text, dice)
    if entry.source in {REVIEWS, NPS, CHAT} and entry.theme != "noise":
        text = _loose_end(text, entry, dice)
    if entry.source == TICKETS and entry.theme != "noise":
        text = _letter(text, entry, data, dice)
    if person.apostrophe != "'":
        text = _CONTRACTION.sub(person.apostrophe, text)
    return text


def _joined(sentences: tuple[str, ...], language: str, gap: str) -> str:
    if len(sentences) == 1:
        return sentences[0]
    if language == "ja":
        return "".join(s if s[-1] in "。！？" else s + "。" for s in sentences)
    return gap.join(upper_first(s if s[-1] in ".!?" else s + ".") for s in sentences)


def _slip(text: str, dice: Dice) -> str:
    words = text.split(" ")
    known = [index for index, word in enumerate(words) if word in _COMMON_SLIPS]
    if known and dice.chance(0.6):
        index = dice.pick(known)
        words[index] = _COMMON_SLIPS[words[index]]
        return " ".join(words)
    long = [index for index, word in enumerate(words) if len(word) > 5 and word.isalpha() and word.islower()]
    if not long:
        return text
    index = dice.pick(long)
    at = dice.between(1, len(words[index]) - 3)
    word = words[index]
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    words[index] = dice.pick([swapped, word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]])
    return " ".join(words)


def _loose_end(text: str, entry: Entry, dice: Dice) -> str:
    japanese = entry.person.language == "ja"
    if text.endswith(".") and not text.endswith("..") and dice.chance(0.3):
        text = text[:-1] + dice.pick(["", "", "!", "...", "!!"])
    if dice.chance(0.11):
        text += ("" if japanese else " ") + dice.pick(_EMOJI[entry.stance])
    return text


def _letter(text: str, entry: Entry, data: Theme, dice: Dice) -> str:
    """Greeting, closing and line breaks of a mail; some clients send CRLF."""
    japanese = entry.person.language == "ja"
    line = "\r\n" if dice.chance(0.12) else "\n"
    if dice.chance(0.42):
        gap = dice.pick([" ", line, line + line]) if not japanese else dice.pick(["", line])
        text = dice.pick(data.greetings) + gap + text
    if dice.chance(0.36):
        closing = dice.pick(data.thanks)
        name = "" if japanese else dice.pick(["", f"{line}{entry.person.first}", f" {entry.person.first}"])
        if closing[-1] in "!." and name.startswith(" "):
            name = ""
        text += (line if japanese or dice.chance(0.7) else line + line) + closing + name
    elif entry.person.language == "en" and dice.chance(0.06):
        text += line + line + dice.pick(common()["footers"]).replace("\n", line)
    return text
