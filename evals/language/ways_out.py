"""Clauses that let whoever builds a thing off, told by how they are built. English, German where simple.

A requirement may hang on what the product meets (`if the file is too large`), not on what its builders find possible, handy or worth it.
"""

import re

_FIT = (
    r"(?:possible|practicable|practical|feasible|necessary|needed|appropriate|applicable|reasonabl[ey]|desired|desirable|viable|doable|convenient|realistic|achievable"
    r"|attainable|affordable|manageable|workable|warranted|justified|justifiable|suitable|sensible|advisable|opportune|worthwhile|helpful|useful|bearable|tolerable|within reach)"
)
"""What only a judgement says of a thing to be built."""
_WHEN = (
    r"(?:if|where|when|wherever|whenever|once|unless|until|as (?:far|much|soon|little|often|quickly|long|closely) as|insofar as|in so far as|so far as|so long as"
    r"|to (?:the|whatever|any|every) (?:\w+ )?(?:extent|degree)(?: that)?|inasmuch as|provided(?: that)?|providing(?: that)?|assuming(?: that)?|in (?:those )?cases where|except where)"
)
_BE = r"(?:(?:is|are|be|seems?|proves?|appears?|becomes?|turns? out|looks?|remains?)(?: to be)?|(?:is|are|be) (?:deemed|considered|judged|found|thought|felt)|(?:deemed|considered|judged|thought|felt))"
_MEANS = r"(?:time|budgets?|resources?|capacity|capacities|money|funds|funding|staff|staffing|manpower|headcount|effort)"
"""What its builders need."""
_LUCK = rf"(?:{_MEANS}|schedules?|circumstances|conditions|workload|priorities|deadlines?|weather|technology|energy|roadmap|backlog|calendar|plan)"
"""What may stand in their way."""
_BUILDERS = r"(?:we|the (?:\w+ )?(?:team|developers?|vendor|supplier|contractor|engineers?|builders?))"
_WHO = rf"(?:{_BUILDERS}|they|you|one|somebody|someone|anybody|anyone|nobody)"
_BURDEN = r"(?:costly|expensive|much|difficult|hard|complex|complicated|cumbersome|onerous|burdensome|laborious|easy|cheap|simple|straightforward|worth)"
_GRANT = r"(?:allows?|permits?|remains?|suffices?|lasts?|(?:is|are) (?:left|there|available|found|free|granted|secured|sufficient)|can be (?:found|spared))"
_TAIL = r"(?:[^,.;]*)"
_BUILT = "|".join(
    [
        rf"(?:{_WHEN}|as (?:well|best|good) as(?= \w+(?:\W*\Z|[,.;:)]))) (?:at all |ever |remotely |humanly |technically |reasonably |economically )?{_FIT}",
        rf"{_WHEN} (?:\w+ ){{1,4}}?{_BE} (?:\w+ly |at all |still |both )?{_FIT}\b(?! (?:by|for|from|in|to) (?:the|an?|its|his|her|their)\b)",
        rf"{_WHEN} (?:it|this|that|doing so|things?) (?:\w+ )?(?:makes? sense|pays?(?: off)?|helps?|fits?|suits?|works? out)",
        rf"{_WHEN} (?:(?:the|our|your|their) )?{_LUCK} {_GRANT}",
        rf"{_WHEN} (?:there(?: is|['’]s)|{_WHO} (?:has|have|finds?|gets?|had|can spare|can afford)) (?:\w+ ){{0,6}}?(?:{_MEANS}|room|chance|opportunity|mood|round|around)\b{_TAIL}",
        rf"{_WHEN} (?:{_BUILDERS} (?:likes?|manages?|(?:is|are) able|cares?)|{_WHO} (?:feels? like|sees? fit))\b{_TAIL}",
        rf"(?:{_WHEN}|as (?:well|best|good) as|as best) (?:it|{_WHO}) (?:possibly )?(?:can|could|may|might)(?=\W*\Z|[,.;:)])",
        rf"{_WHEN} (?:it|this|that|doing so) (?:\w+ )?{_BE} (?:too |very |so |not |prohibitively |overly |fairly |really )*{_BURDEN}\b(?! to (?!do|build|implement|be|achieve|arrange|provide|support|make)){_TAIL}",
        rf"{_WHEN} (?:everyone|everybody|nobody|no one|anyone|anybody|someone|somebody|{_BUILDERS}) (?:(?:is|are|feels?) (?:happy|agreed|fine|comfortable|on board|content)|objects?|agrees?|minds?|insists?|cares?|complains?|protests?)\b(?: (?:with|to|on|about|of) [^,.;]*)?",
        rf"{_WHEN} (?:all|everything|things) (?:goes|go|works?|turns?|pans?) (?:well|right|smoothly|to plan|as planned|out(?: well)?)|(?:if|when) (?:the )?stars align|on a good day",
        rf"(?:should|were) (?:the |our )?{_LUCK} (?:to )?(?:allow|permit|remain|suffice|last|be \w+)",
        rf"(?:(?:the |our )?(?:\w+ and )?\w+ (?:permitting|allowing|willing)|(?:the |our )?{_LUCK} (?:notwithstanding|depending))(?=\W*\Z|[,.;:)])",
        rf"(?:depending on|subject to|contingent (?:up)?on|dependent on|conditional on|within the limits of|at the mercy of) (?:the |our |available |current |sufficient )*(?:\w+ )?(?:{_LUCK}|availability|feasibility)(?=\W*\Z|[,.;:)])",
        rf"(?:bar|short of|save(?: for)?|excepting|except(?: for)?|apart from|aside from|other than) (?:(?:the|an?|any|some|few|those) )*(?:odd|rare|occasional|few|exceptional|special|unforeseen|certain|edge|corner|unusual|unexpected|isolated|minor)\b{_TAIL}|barring {_TAIL}",
        rf"(?:(?:with|but for) (?:(?:the|an?|any|some|few) )*(?:odd|rare|occasional|few|certain|possible|some|minor)|allowing for|give or take) (?:\w+ )?(?:exceptions?|exemptions?)\b{_TAIL}",
        rf"unless (?:otherwise|there (?:is|are) (?:\w+ ){{0,2}}(?:reasons?|need|cause|objections?|grounds)|(?:it|this|that) (?:\w+ )?(?:costs|takes|means)|{_BUILDERS} (?:decides?|agrees?|thinks?|prefers?|says?))\b{_TAIL}",
        r"at (?:the |its |their |our |his |her )?(?:(?:sole|full|own) )?(?:discretion|judg(?:e)?ment)(?: of [^,.;]*)?|in (?:its|their|our|his|her|the) (?:opinion|judg(?:e)?ment)(?: of [^,.;]*)?"
        r"|as (?:\w+ ){1,3}(?:sees?|deems?|thinks?|finds?) (?:fit|best|appropriate|necessary|right|proper)",
        r"(?:(?:on|with|using|by|to) )?(?:a |our |its |their )?best[- ]efforts?(?: basis)?|(?:to )?the best of (?:its|our|their|his|her) \w+|(?:with|by|making|make|using|use) (?:all |every |any |our |due )?(?:reasonable|commercially reasonable|best|due|good) (?:efforts?|endeavou?rs?|care|means)",
        r"(?<=shall )(?:try|aim|strive|seek|endeavou?r|attempt|make an? (?:\w+ )?(?:effort|attempt)|do (?:its|our|their) (?:\w+ )?(?:best|utmost)) to(?= \w)",
        r"(?:all being well|all things being equal|with (?:a bit of |any |some )?luck|god willing|hopefully|fingers crossed|in an ideal world|in the best case|at best|circumstances being what they are)",
        r"(?:more or less|by and large|as a rule|for the most part|in most (?:cases|instances)|in (?:general|principle)|generally|typically|normally|usually|ideally|preferably|optionally|where(?:ver)? else|nice to have|under normal (?:circumstances|conditions|load)|in the normal (?:course|run)(?: of \w+)?)",
        r"(?:sooner or later|at some (?:point|stage|time)|in due (?:course|time)|some ?day|one (?:fine )?day|when(?:ever)? (?:the )?(?:time|moment) (?:is ripe|comes)|in the (?:long|not too distant) \w+|for now|for the time being|until further notice)(?= *[,.;:)]|\W*\Z)",
    ]
)
_LISTED = (
    r"as (?:appropriate|applicable|required|needed|necessary|desired)(?! by\b)|if (?:need|needs) be|as the case may be|including but not limited to|and so (?:on|forth)|and the like|etc\b\.?"
    r"|or similar|or (?:something|anything) (?:like that|similar|equivalent)|or (?:thereabouts|so)(?=\W*\Z)|among (?:other things|others)|best effort|wenn möglich|nach möglichkeit|soweit möglich"
    r"|falls (?:möglich|nötig|erforderlich)|bei bedarf|gegebenenfalls|ggf\.?|usw\.?|und so weiter|idealerweise|im rahmen (?:des möglichen|der möglichkeiten)"
    r"|(?:wenn|falls|soweit|sofern) (?:\w+ )?(?:zeit|budget|kapazität)\w* (?:bleibt|reicht|da ist|vorhanden ist|es zulässt|es erlaubt)|(?:wenn|falls|soweit|sofern) (?:es |dies |das )?(?:sinnvoll|machbar|möglich|vertretbar|zumutbar)(?: ist| erscheint)?"
)
ESCAPES = re.compile(rf"(?P<comma>,\s*)?(?<![\w-])(?:{_BUILT}|{_LISTED})(?![\w-])", re.IGNORECASE)


def without_escape(text: str) -> str:
    """The text without the clauses that let whoever builds it off."""
    kept = text
    while clause := ESCAPES.search(kept):
        # Between two commas, both go with it.
        rest = kept[clause.end() :]
        kept = kept[: clause.start()] + (rest.removeprefix(",") if clause["comma"] else rest)
    kept = re.sub(r"\s{2,}", " ", kept)
    kept = re.sub(r"\s+([,.;])", r"\1", kept).strip(" ,")
    return kept[:1].upper() + kept[1:] if text[:1].isupper() else kept
