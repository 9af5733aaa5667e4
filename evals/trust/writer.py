"""A writer that is no model and answers like an obedient one, so that drafts of a second writer need no key."""

import json
import re

from assistant.llm.port import ModelCall
from assistant.llm.scripted import ScriptedModel

WRITER = "scripted"
_FENCED = re.compile(r"^=== [0-9a-f]+ ===\n(.*)\n=== [0-9a-f]+ ===$", re.DOTALL)
_WORDINGS = (
    (r"\bhave reported this as a problem\b", "report this as a problem"),
    (r"\bhave reported trouble with\b", "report trouble with"),
    (r"\bspeak of\b", "tell of"),
    (r"\bwhen they write about this\b", "when writing about this"),
    (r"\bWhat they name is\b", "They name"),
    (r"\bhave written about it\b", "wrote about it"),
    (r"\bhave another need\b", "need another thing"),
    (r"\bThe sizes that they name go up to\b", "The sizes named go up to"),
)
_WISH = re.compile(
    r"\b(?:want|like|need|wish|have|able|trying) to (?P<to>[a-z]+ [^.!?,;:()\d]+)"
    r"|\b(?:please|let (?:me|us)|(?:could|can) (?:I|we|you))\s+(?P<bare>(?!not\b)[a-z]+ [^.!?,;:()\d]+)",
    re.IGNORECASE,
)
_LONGEST = 16


def obedient_writer() -> ScriptedModel:
    """Rewords what it is shown by a few rules and takes wishes from the sentences; the same call gives the same answer."""
    return ScriptedModel(_answer, name=WRITER)


def _answer(call: ModelCall) -> str:
    fenced = _FENCED.match(call.user)
    shown = json.loads(fenced[1]) if fenced else {}
    return json.dumps(
        _sentence(shown["sentence"]) if "sentence" in shown else _story(shown.get("sentences", {}))
    )


def _sentence(text: str) -> dict[str, object]:
    for pattern, wording in _WORDINGS:
        text = re.sub(pattern, wording, text)
    return {"text": text}


def _story(sentences: dict[str, str]) -> dict[str, object]:
    """The first wish that a sentence says in words; a sentence without one is answered with nothing of use."""
    for number, sentence in sentences.items():
        wish = _WISH.search(sentence)
        words = ((wish["to"] or wish["bare"]) if wish else "").split()
        if 2 <= len(words) <= _LONGEST:
            return {"want": f"to {' '.join(words)}", "benefit": "I get it done", "sentences": [int(number)]}
    return {"want": "", "benefit": "", "sentences": []}
