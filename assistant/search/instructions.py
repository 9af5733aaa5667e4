"""Text that addresses a machine instead of saying something about a product: it is never quoted as evidence.

This is taste, not the wall: what a record says can't choose actions whatever it says (control flow is code's, quotes are
cut by code). It keeps attacks out of documents that people read. A feedback text that talks about such attacks may be
taken for one; the price is one quote fewer.
"""

import base64
import binascii
import re
import unicodedata

from assistant.search.orders import ORDERS
from assistant.search.screen import Screen

_START = r"(?:^|[.!?:;,\n\"'(\]>*-]\s*|\b(?:please|now|also|then|and|must)\s+)"
"""Where an imperative may begin."""
_ANSWER = r"(?:answers?|repl(?:y|ies)|responses?|output|summary|completion|message|analysis|report)"


_TELLS: tuple[tuple[tuple[str, ...], str], ...] = (
    # Somebody speaks of the instructions that a machine has.
    (
        ("ignore", "disregard", "forget", "overrid", "bypass"),
        r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,30}"
        r"\b(?:previous|prior|above|earlier|preceding|existing|system|initial|your)\b.{0,20}"
        r"\b(?:instructions?|prompts?|rules?|directions?|guidelines?|commands?|context|training)\b",
    ),
    (
        ("ignor", "olvid", "oubli", "vergiss", "vergess"),
        r"\b(?:ignor|olvid|oubli|vergiss|vergess)\w*\b.{0,30}\b(?:anweisung|instruktion|instruc|consigne|vorgabe)\w*",
    ),
    (
        ("無視", "忘れ", "忽略", "无视", "忘记"),
        r"(?:以前|前|上記|これまで).{0,6}(?:指示|命令).{0,6}(?:無視|忘れ)|(?:忽略|无视|忘记).{0,10}(?:指令|指示|提示)",
    ),
    (("prompt", "instruction"), r"\b(?:system|hidden|initial) (?:prompt|instructions?)\b|\bsystemprompt\b"),
    (
        ("as an ", "you are "),
        r"\bas an (?:ai|llm|ai model|language model)\b"
        r"|\byou are (?:now )?(?:an? )?(?:ai|llm|chatgpt|gpt|language model|dan)\b"
        r"|\byou are now\b.{0,40}\b(?:mode|assistant|bot|unrestricted|allowed)\b",
    ),
    (("from now on",), r"\bfrom now on,?\s+(?:you must|only\b|answer|reply|respond|act|write|always|output)"),
    (
        ("note", "message", "instruction", "attention"),
        r"\b(?:note|message|instructions?|attention)\b.{0,20}\b(?:to|for) (?:the |all |any )?"
        r"(?:ai|llm|language model|chatbot|ai assistant)s?\b",
    ),
    # Somebody plays the machine's own format.
    (
        ("<|", "inst]", "sys>>", "role"),
        r"<\|[a-z_]{2,20}\|>|\[/?inst\]|<<\s*/?sys\s*>>|\"role\"\s*:\s*\"(?:system|assistant|user|tool)\"",
    ),
    (
        ("system", "assistant", "developer"),
        r"(?:^|\n)\s*(?:#{1,4}\s*)?(?:system|assistant|developer)(?: message| prompt)?\s*:\s*\S",
    ),
    (
        ("##", "---"),
        r"#{2,}\s*(?:end|begin|start) of\b|-{3,}\s*(?:end|begin) of (?:feedback|record|data|input|context)\b",
    ),
    (
        ("<",),
        r"</?(?:system|assistant|instructions?|information|important|prompt|admin|tool_call)\b[^>]{0,40}>",
    ),
    # Somebody hides text, or sends data out.
    (
        ("<script", "<iframe", "<img", "javascript:"),
        r"<script\b[^>]{0,200}>.{0,80}(?:fetch|https?:|document\.cookie)|<(?:script|iframe|img)\b[^<>]{0,120}\bsrc=[\"']?"
        r"(?:https?:)?//[^<>]{0,200}[{$]|<img\b[^<>]{0,200}\bonerror\s*=|\bjavascript:(?:fetch|eval)",
    ),
    (("![",), r"!\[[^\]\n]{0,80}\]\s*[(\[]"),
    (("](",), r"\[[^\]\n]{1,80}\]\((?:https?:|data:|//)[^)\n]*[<{$]"),
    (("]:",), r"(?:^|\s)\[[^\]\n]{1,30}\]:\s*https?:"),
    (
        ("deco", "decr", "unscramble"),
        r"\b(?:decode|decrypt|unscramble) .{0,20}\b(?:follow|execute|run|obey)\b",
    ),
    # Somebody orders what to write.
    (
        ("with",),
        rf"{_START}(?:start|begin|end|prefix|finish|sign)\b.{{0,30}}\bwith\s+"
        r"(?:[\"'\[]|the (?:word|phrase|line|sentence|text|code)\b|[A-Z0-9]*\d[A-Z]*\d)",
    ),
    (
        ("only", "exactly", "nothing but", "plain text", "json", "verbatim", "the word", "the phrase"),
        r"\b(?:reply|answer|respond|output|print)\b.{0,10}"
        r"\b(?:only with|exactly|nothing but|in plain text|not json|verbatim|as json|in json|the (?:word|phrase))\b"
        rf"|{_START}output only (?:the|an?|valid|your|this|json|yes|no|with)\b",
    ),
    (("repeat",), r"\brepeat (?:the |this )?(?:word|phrase|line|text)\b.{0,40}\b\d{3,} times\b"),
    (
        ("workspace", "customer", "tenant", "api key", "secret", "password"),
        rf"{_START}(?:print|output|reveal|show|leak|send|list|dump)\b.{{0,40}}"
        r"\b(?:secrets?|api keys?|passwords?|(?:every|all) other (?:workspace|customer|tenant)s?)\b",
    ),
    (
        ("your",),
        rf"{_START}(?:add|append|include|insert|integrate|introduce|put|use|mention|remove|combine|replace|scramble"
        r"|rearrange|substitute|anagram|jumble|hide|embed|incorporate|weave|suggest)\b"
        rf".{{0,90}}\b(?:in|into|to|of|from|with|using) your (?:\w+ )?{_ANSWER}\b",
    ),
    (
        ("your",),
        rf"{_START}(?:provide|modify|render|change|rewrite|enhance|augment|alter|format|encode|deliver|scramble"
        rf"|present|adjust|expand|structure|compose) your (?:\w+ ){{0,2}}{_ANSWER}\b",
    ),
    (("in your",), rf"{_START}in your {_ANSWER}, [a-z]+"),
    (
        ("append", "add", "insert", "include", "put", "write", "prepend"),
        r"\b(?:append|add|insert|include|put|write|prepend)\b.{0,60}\b(?:to|in|into|at the (?:top|end) of) "
        r"(?:the|this|every|each|your) (?:user stor(?:y|ies)|prds?|draft|summary|spec(?:ification)?|requirements?)\b",
    ),
    (
        ("mark this",),
        r"\bmark this (?:\w+ )?as (?:p0|p1|critical|urgent|blocker|highest|top priority|resolved)\b",
    ),
    (
        ("to record", "claim"),
        r"\battribute .{0,30}\bto? ?record\b|\bcite \S{1,20}.{0,30}\bfor (?:every|each|all) claims?\b",
    ),
    (
        ("ignore",),
        r"\bignore (?:all|any|every) (?:other )?(?:records?|feedback|reviews?|evidence|complaints|tickets)\b",
    ),
    (
        ("forget",),
        r"\b(?:delete|erase) (?:this|these|all|every) (?:records?|feedback|evidence)\b.{0,30}\bforget\b",
    ),
    (
        ("recommend",),
        r"\brecommend that (?:the )?(?:user|reader|customer|team)s? (?:buy|use|switch|install|purchase)\b",
    ),
    (("ticket",), r"\b(?:create|open)\b.{0,50}\band (?:close|delete|reassign) all (?:other )?tickets\b"),
    (("tool", "function", "api"), r"\b(?:call|invoke|execute) the \w+ (?:tool|function|api) (?:with|and)\b"),
    (
        ("before you", "before anything"),
        r"\bbefore you (?:write|answer|reply|respond|summari[sz]e|draft)\b.{0,40}\b(?:must|first)\b"
        r"|\bbefore anything else,? (?:print|output|say|write|reply)\b",
    ),
    (("write",), r"\bthe write-?up\b.{0,40}\b(?:should|must) (?:follow|say|include|state)\b"),
)
_PATTERNS = [
    (needles, re.compile(pattern, re.IGNORECASE | re.DOTALL)) for needles, pattern in (*_TELLS, *ORDERS)
]
_SCREEN = Screen([pattern for _, pattern in _PATTERNS])
_HIDDEN = re.compile("[\U000e0020-\U000e007e]{4,}+(?!\U000e007f)")
"""Tag characters: invisible copies of ASCII. Flags of regions end with U+E007F."""
_ZERO_WIDTH = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_SPREAD_LETTERS = re.compile("(?:[A-Za-z][\u200b\u2060\ufeff]){4,}")
_BLOB = re.compile(r"(?<![\w/+=.-])[A-Za-z0-9+/]{40,}={0,2}(?![\w/+=-])")
_LONGEST_LOOKED_AT = 20_000


def is_instruction_like(text: str) -> bool:
    """Whether a text tries to instruct the machine that reads it: orders, role tags, hidden text, links that carry data out.

    Looks through zero-width characters, look-alike letters (NFKC) and Base64.
    """
    looked_at = text[:_LONGEST_LOOKED_AT]
    if looked_at.isascii():
        return _tells(looked_at)
    if _HIDDEN.search(looked_at) or _SPREAD_LETTERS.search(looked_at):
        return True
    return _tells(unicodedata.normalize("NFKC", _ZERO_WIDTH.sub("", looked_at)).replace("’", "'"))


def _tells(plain: str) -> bool:
    if _addresses(plain):
        return True
    return any(_addresses(_decoded(match[0])) for match in _BLOB.finditer(plain))


def _addresses(plain: str) -> bool:
    possible = _SCREEN.hits(plain)
    if not possible:
        return False
    # The plain substrings come first: a search for one costs a hundredth of the pattern.
    lower = plain.casefold()
    return any(
        pattern.search(plain)
        for needles, pattern in map(_PATTERNS.__getitem__, possible)
        if any(needle in lower for needle in needles)
    )


def _decoded(blob: str) -> str:
    try:
        return base64.b64decode(blob + "=" * (-len(blob) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return ""
