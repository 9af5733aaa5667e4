"""English words of change over time, and the facts of two windows that license them."""

from evals.language import licences
from evals.language.licences import WINDOWS
from evals.language.quantifier import GROUPS, PERIOD, Quantifier, phrases

_NO_TREND = (
    r"(?! (?:results?|entries|items?|records?|charges?|messages?|bookings?|payments?|click\w*|check\w*))"
)
_UP = (
    r"rising|rises|risen|rose|growing|grows|grew|grown|growth(?! (?:plan|tier|team|edition))|increas(?:e|es|ed|ing|ingly)|surg(?:e|es|ed|ing)|soar(?:s|ed|ing)|(?:sky)?rocket(?:s|ed|ing)|spik(?:e|es|ed|ing)|escalat(?:es?|ed|ing|ion)"
    r"|climb(?:s|ed|ing)|more and more|worsen(?:s|ed|ing)|mount(?:s|ed|ing)(?= (?:up|steadily|week|month|since|fast))|mounting|on the (?:rise|up|increase|upswing|uptick|march)(?: and up)?|upward\w*|uptick|upturn|upsurge|upswing|accelerat(?:es?|ed|ing|ion)|multipl(?:y|ies|ied|ying)|snowball\w*|mushroom\w*|balloon(?:s|ed|ing)"
    r"|proliferat\w+|burgeon\w*|intensif\w+|deepen(?:s|ed|ing)|swell(?:s|ed|ing)|swollen|explod(?:es?|ed|ing)|explosion of|exponential(?:ly)?|through the roof|off the charts?|(?:go|goes|going|went|gone|creep\w*|crept|tick\w*|edg\w+|shoot\w*|shot|ramp\w*|heat\w*|trend\w*|inch\w*) (?:up(?! to)|upwards?)"
    r"|(?:gain|gather|pick)(?:s|ed|ing)? (?:ground|momentum|steam|traction|pace|speed|strength|up (?:speed|pace|steam))|spiral(?:s|l?ed|l?ing)?|(?:is|are|gets?|getting|got|becom\w+|became) (?:ever )?(?:(?:worse|louder|bigger)(?! than\b)|more (?:common|frequent|widespread|pressing|urgent))|ever[- ](?:more|growing|larger|louder|increasing|bigger)|(?:a|an all-time|record|new) (?:record )?high|all-time high|at its peak|(?:has|have) (?:peaked|exploded|jumped|leapt|leaped|ballooned|doubled in size)|jump(?:s|ed)? (?:from|by|to)|leap(?:s|ed|t)? (?:from|by|to)|up (?:from|by|sharply|steeply)(?= ·| last| the| a )"
    r"|pil(?:es?|ed|ing) up|add(?:s|ed|ing)? up|stack(?:s|ed|ing) up|build(?:s|ing) up|(?:a|the) (?:rising|swelling|growing) tide|steepen\w*|sharpl?y up|viral|rampant"
    rf"|more (?:often|frequent\w*)|(?<!\bor )(?<!\bno )more (?!{GROUPS} (?:\w+ ){{0,6}}than){GROUPS}|(?:rise|grow|climb|soar|surge|worsen)(?! to (?:be|a)\b)"
)
_DOWN = (
    r"falling|declining|shrinking|shrank|shrunk|dwindling|waning|fading|decreas(?:e|es|ed|ing)|fewer and fewer|less and less"
    r"|falls(?! (?:apart|asleep|back|behind|flat|for|into|off|on|out|over|short|through|under|within)\b)|fallen|plummet\w*|diminish\w*|plung(?:es?|ed|ing)|slump(?:s|ed|ing)?|nosediv\w+|tumbl(?:es?|ed|ing)"
    r"|shrinks?|dwindles?|dwindled|declines?|wanes?|waned|fades|faded|eases|eased|easing|abat(?:es?|ed|ing)|reced(?:es?|ed|ing)|ebb(?:s|ed|ing)|subsid(?:es?|ed|ing)|(?:go|goes|going|went|gone|come|came|coming|trend\w*|tick\w*|edg\w+|slow\w*|wind\w*) (?:down|downwards?)|less (?:often|frequent\w*)|(?:gets?|getting|got) (?:better|rarer)|rarer"
    rf"|(?:fewer|less) (?!{GROUPS} (?:\w+ ){{0,6}}than){GROUPS}|(?:taper|tail|level|drop|fall)(?:s|ed|ing|led)? off|(?:dying|died|dies) (?:down|out|away)|dr(?:y|ies|ied|ying) up|on the (?:wane|decline|retreat|way (?:out|down))"
    r"|downward\w*|downturn|downtick|(?:fell|dropped|declined|drops|falls|down) (?:from|by|to)(?= ·| \w+ (?:per|of))|(?:has|have) (?:fallen|dropped|declined|halved|vanished|disappeared)|all-time low|record low"
)  # fmt: skip

_MAY_BE_THINGS = r"(?:jump|leap|pick|heat|flar|peak|swell|creep|ramp|scal|expand|inflat)\w*"
TRENDS = (
    Quantifier("tripled", phrases(r"(?:tripl|trebl|quadrupl|quintupl)(?:e|es|ed|ing)"), licences.grown(2.5), f"{WINDOWS} three times as high", may_come=True),
    Quantifier("doubled", phrases(rf"doubl(?:es|ed|ing){_NO_TREND}|redoubl\w+"), licences.grown(1.9), f"{WINDOWS} twice as high", may_come=True),
    Quantifier("halved", phrases(r"halved|halving|halves(?= (?:in|since|by))|cut in half"), licences.shrunk(0.55), f"{WINDOWS} half as high", may_come=True),
    Quantifier("rising", phrases(_UP), licences.grown(1.0), f"{WINDOWS} higher", of_time=True, may_come=True),
    Quantifier("falling", phrases(_DOWN), licences.shrunk(1.0), f"{WINDOWS} lower", of_time=True, may_come=True),
    Quantifier(
        "rising",
        phrases(rf"{GROUPS}(?: \w+){{0,3}} (?:is |are |has |have )?{_MAY_BE_THINGS}(?: up)?|{GROUPS} (?:is|are|was|were)(?: \w+)? up|(?:pick|flar|heat|light)(?:s|ed|ing) up"),
        licences.grown(1.0),
        f"{WINDOWS} higher",
        ambiguous=True,
        may_come=True,
    ),
    Quantifier(
        "falling",
        phrases(rf"{GROUPS}(?: \w+){{0,3}} (?:vanish|disappear|evaporat|cool|ceas|stop|melt|collaps|erod|thin(?!g)|calm|quiet|vaporiz|peter)\w*|{GROUPS} (?:is|are|was|were)(?: \w+)? down"),
        licences.shrunk(1.0),
        f"{WINDOWS} lower",
        ambiguous=True,
        may_come=True,
    ),
    Quantifier("steady", phrases(r"steady|steadily|unchanged|ha(?:s|ve)(?: not|n't) changed|plateau\w*|stagnat\w+|stable rate|unabated|flat(?:lin\w+| since)|as (?:loud|frequent|common) as (?:ever|before)"), licences.steady, f"{WINDOWS} within a factor of 2", may_come=True),
    Quantifier(
        "earlier times",
        phrases(rf"than (?:before|ever|previously|last {PERIOD}|in the past|it (?:was|used)|they (?:were|used)|a {PERIOD} ago|in (?:earlier|previous|prior) \w+)|(?:{PERIOD}|day)[- ](?:on|over)[- ](?:{PERIOD}|day)|(?:compared|relative) (?:to|with) (?:before|last|the (?:last|previous|prior))(?: \w+)?|as never before|like never before|than ever"),
        licences.changed,
        "two facts of the same measure in two windows",
        of_time=True,
        may_come=True,
    ),
)  # fmt: skip

REPORTED_CHANGE = phrases(
    rf"(?:reports|complaints|requests|tickets|mentions|users|customers|people|reviews)(?: \w+){{0,3}} (?:{_UP})|(?:rising|growing|increasing|mounting|soaring|surging) (?:number|demand|complaints?|requests?|reports?|frustration|interest|volume)"
)
"""Change of what is reported: no place may say so without facts, a wish or a step included."""
