"""English words of amount and comparison, and what licenses each."""

from evals.language import licences
from evals.language.quantifier import GROUPS, PEOPLE, PERIOD, Quantifier, phrases

_HEADS = (
    r"(?:one|some|any|word|wish|need|request|complaint|problem|matter|question|list|type|kind|sort|version|name|voice|view|quote|record|report"
    r"|member|note|message|opinion|point|copy|report|review|ticket|sign|fear|case|cause|result|loss|lack|waste|risk|way)"
)
_SIZED = rf"(?:of\s+(?:the|our|all|its|these|those|your|their)?\s*(?:\w+\s+)?{GROUPS})"
_A_LOT = (
    r"numerous|lots|(?:a|an awful|a whole) lot of|plenty of|tons of|heaps of|loads of|piles of|stacks of|masses of|oodles of|myriads? of|myriad"
    r"|a (?:large|great|good|huge|high|vast|considerable|significant|substantial|fair|growing|big|sizeable|sizable) (?:number|many|deal|amount|part|share|portion|proportion|percentage|group|chunk) of"
    r"|(?:large|great|huge|high|vast|considerable|significant|substantial|good|record) (?:numbers|quantities|swathes|parts|shares)"
    r"|a (?:slew|raft|host|plethora|multitude|wealth|bevy|flurry|spate|string|bunch|load|heap|ton|chorus) of"
    rf"|(?:not|quite) a few|no (?:small|few|mean) number\w*|no shortage of|many a|a good many|a great many|(?:far |way |all )?too many (?:of|are|have|wait|feel|say|{PEOPLE})"
    r"|commonly|commonplace|frequently|(?<!\bhow )often|oftentimes|prevalent|abundant(?:ly)?|considerable numbers?"
)
_CROWDS = (
    r"countless|innumerable|uncounted|untold|(?:droves|legions|hordes|swathes|swarms|throngs|crowds|armies|multitudes|masses) of|in (?:their )?droves|en masse|wave after wave|a (?:mass|legion|army|sea|mountain|barrage|boatload|truckload|shedload|swarm|horde) of"
    rf"|(?:flood|wave|stream|deluge|avalanche|torrent|barrage|tide|storm|surge|glut|tsunami|onslaught|groundswell)s? of (?:\w+ )?(?:{GROUPS}|cancellations|criticism)|(?:overflow|flood|swamp|inundat|drown|brim|awash|deluge|overwhelm|overrun|bombard|flock)\w* (?:with|in|by|to) (?:\w+ )?{GROUPS}"
    r"|widespread|wide-?spread|far and wide|left and right|everywhere|rampant|rife|ubiquitous|pervasive|across the board|much of (?:our|the|all) (?:\w+ )?(?:base|audience|market|community)|at every turn|wherever (?:one|you) look"
)
_AGAIN = r"routinely|regularly|repeatedly|time and (?:time )?again|again and again|over and over|every so often|every now and then"

AMOUNTS = (
    Quantifier(
        "majority",
        phrases(
            r"(?<!\bthe )(?<!\bat )most(?! (?:recent|likely|often|frequent|asked|used|named|common|popular|wanted|important|pressing|urgent)\w*)|mostly|majority|mainly"
            r"|predominant(?:ly)?|predominat\w+|prevailing|chiefly|primarily|principally|the main part|(?:the |a )?bulk of|more than (?:a )?half|over (?:a )?half|(?:the )?better part of"
            r"|(?:the )?(?:greater|larger|largest|biggest|major|main|best) (?:part|share|portion|half|number)|largely|for the most part|in the main|by and large|on the whole"
            r"|as a rule|generally|in general|typically|usually|normally|preponderance|plurality|more often than not|the (?:average|typical|usual) "
            + PEOPLE
        ),
        licences.majority,
        "a share above 50 %",
    ),
    Quantifier(
        "vast majority",
        phrases(
            r"lion['’]s share|(?:vast|overwhelming|great|huge|crushing|large|clear|sweeping) majority|overwhelming(?:ly)?|(?:almost|nearly|virtually|practically|pretty much|just about|all but|close to|next to|more or less|well-?nigh)"
            rf" (?:all|every\w*|each|the (?:whole|entire)|{PEOPLE}|anyone)|most all|the vast bulk"
        ),
        licences.vast,
        "a share of 80 % or more",
    ),
    Quantifier(
        "superlative",
        phrases(
            r"the most|most (?:often|frequent|frequently|asked|used|named|common|commonly|popular|wanted|important|pressing|urgent)(?: \w+)?|(?:single )?biggest|largest(?! size)|greatest|commonest|foremost|topmost|number one|top[- ]ranked"
            rf"|top (?:complaint|request|priority|issue|need|theme|concern|problem|wish|reason|ask|demand|pain|topic|of (?:the|every|their) (?:list|mind)\w*)|the (?:main|chief|leading|primary|principal|dominant|prime|worst|loudest|hottest) (?:complaint|request|priority|issue|need|theme|concern|problem|wish|reason|cause|demand|pain|topic|source|{PEOPLE})"
            r"|(?:rank|come|came|place|stand)(?:s|ed|ing)? first|(?:tops?|leads?|heads?|topping|leading|heading) (?:the|every|their) (?:list|table|ranking|field|chart)s?|first place|second to none|unmatched|unrivall?ed|above all(?: else)?|(?:more|less|fewer) than (?:any|all|every)(?:thing|one|body)?|like no other|least|(?:no|nothing|none) (?:other|else)(?: \w+){0,4} (?:is|are|comes?|was|were|has|have)(?: even)? (?:as|so|more|near|close|like)\b[^.;]*"
        ),
        licences.superlative,
        "a first rank, or counts to compare",
    ),
    Quantifier("many", phrases(rf"(?<!\bhow )(?<!\btoo )(?<!\bas )(?<!\ba good )(?<!\ba great )many|{_A_LOT}"), licences.many, "a count of 20 or more, or a share of 25 % or more"),
    Quantifier("crowds", phrases(_CROWDS), licences.majority, "a share above 50 %"),
    Quantifier("again", phrases(_AGAIN), licences.no_fact, "a customer's own words: no fact says how often", of_time=True),
    Quantifier("dozens", phrases(r"scores|by the (?:dozen|score|hundred)s?"), licences.dozens, "a count of 24 or more", ambiguous=True),
    Quantifier("several", phrases(r"several|a number of|multiple(?= " + PEOPLE + r")|various(?= " + PEOPLE + r")|sundry"), licences.several, "a count of 3 or more"),
    Quantifier(
        "few",
        phrases(
            r"(?<!\btoo )(?<!\bquite a )(?<!\bnot a )(?<!\bno )few(?! and)|fewest|minority|rarely|seldom|infrequently|(?:a |only a |just a |but a )?handful|a (?:small|tiny|negligible|mere|minor|limited) (?:number|part|share|portion|proportion|percentage|fraction|group) of"
            r"|a (?:fraction|sliver|smattering|sprinkling|trickle|scattering|modicum) of|sporadic(?:ally)?|isolated cases?|once in a blue moon|one or two|a lone"
        ),
        licences.few,
        "a count of 10 or less, or a share below 50 %",
    ),
    Quantifier(
        "hardly anyone",
        phrases(r"(?:tiny|small|negligible|vanishing\w*|mere) (?:minority|fraction)|(?:hardly|scarcely|barely|rarely) (?:any\w*|a|ever)|(?:next to|almost|virtually|practically|nearly|close to) (?:no|none|nobody|no one|no-one|nothing|never)(?: \w+)?|precious few|few if any"),
        licences.hardly_any,
        "a share below 10 %",
    ),
    Quantifier(
        "everyone",
        phrases(
            rf"(?<!\bof )(?:everyone|everybody)(?! else)|(?<!\bof )(?:all|every|each|any(?= {PEOPLE} (?:who|will|would|can|is|has)\b))(?: single| last)?(?: one)?(?: of)?(?: our| the| these| those)? {PEOPLE}|each and every(?: one)?|every(?: single| last) one|all (?:of them|and sundry|round)|one and all"
            r"|(?:near-)?universal(?:ly)?|in (?:all|every|each)(?: single)? (?:cases?|instances?)|unanimous(?:ly)?|unanimity|without (?:exception|fail)|to a (?:man|person)|the (?:entire|whole|complete|full) (?:\w+ )?(?:base|audience|market|community|clientele|team|user\w*|customer\w*)|(?:entire|whole) (?:user|customer) base|everyone alike|across all (?:our )?"
            + PEOPLE
            + r"|in unison|with one voice|collectively|consensus|wholesale"
        ),
        licences.everyone,
        "a share of 100 %",
    ),
    Quantifier("of everyone", phrases(rf"of (?:everyone|everybody|all {PEOPLE})"), licences.share, "a share"),
    Quantifier(
        "nobody",
        phrases(rf"nobody|no one|no-one|none(?= (?:of|has|have|had|is|are|was|were|can|could|ever|reports?|asks?|says?|do|does|did)\b)|not (?:a single|one(?= {PEOPLE}| of))(?: \w+)?|not a soul|(?<!\bname )(?<!\bnames )(?<!\bnaming )no (?:single |other |actual |real )?{PEOPLE}|neither of|zero(?= {GROUPS})|nary a|nil"),
        licences.nobody,
        "a count of 0",
    ),
    Quantifier(
        "always",
        phrases(r"always|invariably|constantly|continually|perpetual(?:ly)?|incessant(?:ly)?|relentless(?:ly)?|unfailingly|inevitably|(?:every|each)(?: single)? time|all the time|(?:a|the )?round the clock|day in,? day out|time after time|at all times|without (?:ceasing|end|let-up)"),
        licences.no_fact,
        "a customer's own words: no fact says how often",
        of_time=True,
    ),
    Quantifier(
        "for ever",
        phrases(r"continuous(?:ly)?|consistently|permanent(?:ly)?|forever|non-?stop|eternal(?:ly)?|habitually|whenever"),
        licences.no_fact,
        "a customer's own words: no fact says how often",
        ambiguous=True,
        of_time=True,
    ),
    Quantifier("never", phrases(r"never|not once|at no time|under no circumstances|not ever|nowhere"), licences.nobody, "a count of 0", of_time=True),
    Quantifier(
        "rate",
        phrases(rf"(?:every|each)(?: single| other)? {PERIOD}|{PERIOD} (?:after|by|for|in,?) {PERIOD}|(?:once|times) (?:a|an|per|every|each) {PERIOD}|by the {PERIOD}|(?:not|hardly|barely|scarcely) a {PERIOD} (?:goes|passes|went)"),
        licences.rate,
        "a count per week",
        of_time=True,
    ),
    Quantifier(
        "time",
        phrases(
            rf"(?:in|within|over|during|on) (?:a|one|the|this|the same)(?: single| very| last| past| first)? {PERIOD}|(?:this|last) {PERIOD}|(?:in|over|during) (?:recent|the (?:last|past) few) {PERIOD}s|overnight|yesterday|today|recently|lately"
            r"|(?:since|on|last|this) (?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:since|in|last) (?:january|february|march|april|june|july|august|september|october|november|december)|nowadays|these days|so far this year"
        ),
        licences.windowed,
        "a count over that time",
        ambiguous=True,
    ),
    Quantifier("rhythm", phrases(r"hourly|daily|nightly|weekly|fortnightly|monthly|quarterly|yearly|annually"), licences.rate, "a count per week", ambiguous=True),
    Quantifier(
        "the others",
        phrases(rf"the (?:rest|remainder|others|other (?:half|part|{PEOPLE}))(?: of (?:them|the {PEOPLE}))? (?:is|are|was|were|has|have|had|do|does|say|says|find|finds|think|like|love|want|wants|agree|left|leave|wait)"),
        licences.no_fact,
        "a count of its own",
    ),
    Quantifier("average", phrases(r"on (?:the )?average|(?:the|an) average|averag(?:e|es|ed|ing)|median"), licences.averaged, "a mean", ambiguous=True),
    Quantifier(
        "part",
        phrases(rf"an? (?!{_HEADS}\b)(?:\w+ )?(?!{_HEADS}\b|number\b)[a-z]+ of (?:the |our |all |its |these |those |your |their )?(?:\w+ )?{PEOPLE}"),
        licences.share,
        "a share",
        ambiguous=True,
    ),
)  # fmt: skip

COMPARISONS = (
    Quantifier(
        "comparison",
        phrases(
            rf"(?:far |many |much |even )?(?:more|fewer|less) (?:of (?:the|our|these) )?{GROUPS} (?:\w+ ){{0,6}}than|(?:more|fewer) (?:people|users|customers|accounts|teams|admins)|out(?:number|weigh|strip|pac|rank|perform|shin|class|sell|do(?:es|ne))\w*|dwarf(?:s|ed|ing)?|eclips(?:e|es|ed|ing)|overshadow\w*|surpass\w*|exceeds?"
            r"|(?:as many|as few)(?= \w)|(?:times|twice|half) (?:as|more|less|fewer|the)|(?:double|triple|quadruple) the|ahead of (?:all|every|any|the) (?:other|rest)\w*|by (?:a )?(?:wide|far|large|huge|long)(?: margin| way)?|head and shoulders|(?:more|less) (?:common|widespread|frequent|prevalent|popular|pressing|urgent) than"
        ),
        licences.compared,
        "two counts of the same kind to compare",
        of_time=True,
    ),
)  # fmt: skip

AMONG_PEOPLE = phrases(
    rf"(?:most|many|few|(?:a|the|vast|overwhelming) (?:\w+ )?(?:majority|minority)|majority|lion['’]s share|bulk|droves|legions|hordes|swathes|(?:almost|nearly|virtually|practically) (?:all|every)|half|lots|tons|loads|plenty|countless|numerous|hardly any|barely any)(?: of)?(?: our| the)?(?: \w+)? {PEOPLE}|lion['’]s share {_SIZED}"
)
"""What no place may say without a fact, a wish or a step included."""
