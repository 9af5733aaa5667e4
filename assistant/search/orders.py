"""Orders to the writer of a document: what feedback says when it wants to be obeyed and not heard.

Each entry: plain substrings of which one must occur (casefolded), and the pattern that decides. What people honestly write to a vendor
(«please send all invoices to me@…», «ignore the bad reviews», «add a theme») stands in the unit tests as a counter-example.
"""

_OPENS = r"(?:^|[.!?:;\n\"'(\]>*-]\s*|\b(?:please|must|should|now|then)\s+)"
"""Where an order may begin; narrower than in the middle of a sentence, where people tell what others do."""
_WRITES = r"(?:writes?|say|states?|reports?|claims?|concludes?|answer|reply|rates?|marks?|cites?|approves?|summari[sz]e|tell|output|add|list)"
_ADDRESS = r"(?:\S+@\S+\.\w+|https?://\S+)"
_PAPER = r"(?:user stor(?:y|ies)|requirements?|prds?|acceptance criteri(?:on|a)|insight summar(?:y|ies))"
_EVERYONE = r"(?:all|every|each|other|the entire|the complete)\b.{0,30}\b(?:customers?|users?|pupils?|patients?|clients?|members?)\b"
_READER = r"(?:ai|llm|language model|summari[sz]er|chatgpt|gpt|claude|copilot|gemini)s?"

ORDERS: tuple[tuple[tuple[str, ...], str], ...] = (
    # Somebody puts one voice in the place of all others.
    (
        ("ignore", "disregard", "forget", "discard"),
        r"\b(?:ignore|disregard|forget|discard)\b.{0,30}\b(?:feedback|reviews?|records?|evidence|comments?|complaints?|tickets?|sources?|users?"
        rf"|customers?|rest|else|above|others)\b.{{0,20}}\b(?:and|then|instead)\s+(?:only\s+|just\s+|simply\s+)?{_WRITES}\s+(?:that|only|this|it|every|all|each|no|the|an?)\b",
    ),
    (
        ("ignor", "vergiss", "vergess", "oubli", "olvid"),
        r"\b(?:ignor|vergiss|vergess|oubli|olvid)\w*\b.{0,60}\b(?:und|et|y|e)\s+(?:schreib|antwort|melde|bewert|écri|ecri|répond|dites?|escrib|respond|di\b)\w*,?\s+(?:dass|nur|que|solo|seulement|uniquement)\b",
    ),
    (
        ("disregard", "ignore", "forget", "override", "bypass", "set aside"),
        rf"{_OPENS}(?:\w+,\s+)?(?:disregard|ignore|forget|override|bypass|set aside)\s+(?:all |any |the |your |these |those |every )*(?:previous |prior |earlier |above )*"
        r"(?:rules?|instructions?|guidelines?|checks?|polic(?:y|ies)|constraints?|prompts?)\b(?=.{0,20}\b(?:above|before|so far|given|you|and)\b)",
    ),
    (
        ("write", "state", "report", "claim", "conclude"),
        r"(?:^|[.!?:;]\s*|\bplease\s+)(?:write|state|report|claim|conclude)\s+that\s+(?:all|every|each|no|nobody|everyone|everybody|most)\b",
    ),
    (("schreib", "écri", "escrib"), r"(?:^|[.!?:;]\s*)(?:schreibe?n?(?: sie)?,? dass|écri\w+ que|escrib\w+ que)\b"),
    (
        ("count", "treat", "rank", "weigh"),
        rf"{_OPENS}(?:count|treat|rank|weigh)\s+(?:this|my)\s+(?:record|review|feedback|comment|ticket|text)\s+(?:as|for|first|above|\d+)",
    ),
    (("cite", "quote"), r"\b(?:cite|quote)\s+(?:the\s+|only\s+)?(?:record|passage|quote|evidence|review)\s+(?:no\.?\s*)?\S*\d"),
    (
        ("story", "stories", "requirement", "prd", "criteri", "summar"),
        rf"{_OPENS}(?:add|write|create|insert|approve|accept|reject|drop|invent|draft|generate|delete)\s+(?:an?|every|all|each|any|the|one)\s+"
        rf"(?:\w+\s+)?{_PAPER}\s+(?:that|to|for|about|without|which|saying|named|titled|called)\b",
    ),
    # Somebody has data sent away.
    (
        ("@", "http"),
        rf"{_OPENS}(?:forward|send|e-?mail|mail|upload|transmit|post|leak|publish)\b.{{0,60}}\b{_EVERYONE}.{{0,40}}\b(?:to|at|on)\s+{_ADDRESS}",
    ),
    (
        ("@", "http"),
        rf"{_OPENS}(?:forward|send|e-?mail|mail|upload|transmit|post|leak|publish)\b.{{0,90}}{_ADDRESS}.{{0,10}}\band\s+{_WRITES}\b",
    ),
    # Somebody speaks to whoever reads, or plays the reader's own format.
    (
        ("</",),
        r"</\s*(?:evidence|records?|feedback|user[_ ]?input|context|documents?|quotes?|passages?|untrusted|reviews?|sources?)\s*>",
    ),
    (
        ("instruction", "directive", "order", "command", "override", "task"),
        r"\b(?:new|hidden|secret|updated|revised|real|actual)\s+(?:system\s+)?(?:instructions?|directives?)\s*[:=]"
        r"|\b(?:hidden|secret)\s+(?:orders?|commands?|tasks?)\s*[:=]|\bsystem override\b|#{2,}\s*instructions?\s*:",
    ),
    (
        ("<!--",),
        r"<!--.{0,160}?(?:\b(?:hidden|secret)\b|\b(?:rate|mark|treat|approve|classify|rank|score|write|say)\s+(?:every|all|this|each|that)\b"
        rf"|\b{_READER}\b|\bassistant\b)",
    ),
    (
        ("ai", "llm", "model", "summari", "gpt", "claude", "copilot", "gemini", "assistant", "bot"),
        rf"\bif you(?:'re| are)(?: an?| the)? (?:{_READER}|bot|assistant|model)\b|\b(?:dear|attention|hello|hey),? {_READER}[,:!]"
        rf"|\b(?:whichever|whatever|any|the) (?:{_READER}|model|assistant|bot)\s+(?:that |who |which )?(?:reads|is reading|processes|summari[sz]es) this\b",
    ),
    (
        ("du bist", "tu es", "eres", "あなたは", "你现在", "vous êtes", "sie sind"),
        r"\b(?:du bist|sie sind) (?:jetzt|nun|ab sofort|ab jetzt)\b.{0,30}\b(?:\w*modus|\w*assistent|ki|bot)\b|\b(?:tu es|vous êtes) (?:maintenant|désormais)\b.{0,30}"
        r"\b(?:mode|assistant|ia|bot)\b|\bahora eres\b.{0,30}\b(?:modo|asistente|ia|bot)\b|あなたは(?:今から|これから)|你现在是.{0,10}(?:助手|模式|机器人)",
    ),
)  # fmt: skip
