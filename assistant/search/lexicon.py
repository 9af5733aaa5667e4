"""Words and phrases of complaint and of praise, from general language; `stance` weighs them. Data only."""

_PROBLEM_WORDS = """
    abysmal annoying annoyance appalling awful awkward bad blank blocked blocker broke broken bug buggy bugs bulky
    burden cancel cancelled cancelling canceled canceling cheated clumsy clunky complain complained complaint complicated concern concerned confused confusing
    corrupt corrupted cramped crap crappy crash crashed crashes crashing cumbersome damaged dangerous dated defect defective
    delay delayed delays deleted denied deplorable dirty disappeared disappears disappoint disappointed disappointing
    disappointment disaster disconnect disconnected disconnects disgusting dismal dissatisfied distracting downgrade
    downtime drab drawback drawbacks dreadful drain drains draining dropped drops dull duplicate duplicated dysfunctional error errors excruciating
    fail failed failing fails failure failures faulty fiasco filthy flaky flawed foul freeze freezes freezing
    frequent froze frozen frustrated frustrating frustration garbage glitch glitches glitchy gripe grumpy hang hangs hate
    hated hidden horrendous horrible horrid hurts idiotic impossible inaccurate inadequate inaccessible incompatible
    inconsistent inconvenient incorrect incorrectly inexcusable inferior insufficient interrupted invisible irritating
    issue issues jerky joke junk kills killing lacked lacking lacks lag lagging laggy lags lame lags lose loses losing lost mediocre
    mess messed messy misleading missing mistake mistakes nightmare noisy nonexistent obsolete outage outdated overcharged
    overcomplicated overcrowded overpriced pain painful pathetic pitiful pointless poor poorly problem problematic
    problems refused refuses regret regression ridiculous rude ruined rubbish scam shabby shame shameful shocking
    sluggish slow slower slowly spam stale stopped stops struggle struggles struggling stuck stupid sucks tedious
    terrible timeout tiny tired trouble troubles ugly unable unacceptable unbearable uncomfortable unfinished unfriendly
    unhappy unhelpful uninspiring unintuitive uninstall uninstalled uninstalling unnecessary unpleasant unprofessional unreliable
    unresponsive unstable unusable upset useless vanished vanishes waste wasted wasting weird workaround worse worst
    worthless wrong wrongly

    absturz abstürze abgestürzt ärgerlich ausfall defekt enttäuschend enttäuscht enttäuschung falsch fehlen fehler fehlerhaft
    fehlermeldung fehlt furchtbar grottenschlecht hängt kaputt kompliziert katastrophe langsam leider lästig mangelhaft
    mühsam nervig nervt nutzlos problem probleme schade schlecht schlechte schlechter schlimm schrecklich stürzt
    umständlich unbrauchbar unmöglich unübersichtlich unzuverlässig verloren verschwunden verwirrend vermisse wertlos

    caída caído cuelga decepción decepcionado defectuoso demasiado difícil error errores fallas falla fallan fallo fallos falta
    faltan fatal horrible imposible incómodo inútil lenta lento lentitud malo mala mal pésimo pésima peor perdido perdí
    pierde problema problemas queja rota roto terrible

    bug bugs bogue bogues catastrophe cassé cher compliqué déconnecte déconnexion déçu déçue déception décevant dommage
    échec échoue erreur erreurs horrible impossible inutile inutilisable lent lente lenteur manque mauvais mauvaise
    médiocre nul nulle panne pénible perdu perdue plantage plante plantent pire problème problèmes ralenti regrette
"""

_PRAISE_WORDS = """
    accurate adore adored amazing appreciate appreciated attentive awesome beautiful beautifully best better bliss brilliant
    charming clean comfortable comfy convenient cool courteous cozy delicious delight delighted delightful easier easily
    easy effective efficient effortless elegant enjoy enjoyable enjoyed exceeded excellent exceptional exceptionally
    fabulous fair fairly fantastic fast faster favorite favourite fine flawless flawlessly friendly generous glad good gorgeous
    grateful great happy helpful helps highly ideal immaculate impeccable impressed impressive improved improvement
    improves incredible intuitive invaluable kudos love loved lovely loves loving luxurious magnificent marvellous
    marvelous modern neat nice nicely outstanding peaceful perfect perfectly phenomenal pleasant pleased pleasantly
    pleasure plentiful plush polite powerful praise prompt quick quicker quickly quiet recommend reasonable reasonably recommended refreshing
    relaxed relaxing reliable reliably responsive robust satisfied satisfying saves seamless seamlessly simple sleek slick smooth smoothly
    solid spacious spotless stable stellar straightforward stunning stylish sublime super superb superior tasty terrific     thoughtful thrilled tidy top treat useful valuable welcoming wonderful wonderfully works worth worthwhile wow

    angenehm ausgezeichnet begeistert beste bestens danke einfach empfehlenswert erstklassig fantastisch freundlich
    gelungen genial gefällt großartig gut gute guter gutes hervorragend hilfreich klasse liebe perfekt praktisch prima
    schnell schön spitze super toll tolle übersichtlich wunderbar zufrieden zuverlässig

    agradable bien buena bueno buen cómodo encanta encantado estupendo excelente fácil fantástico fenomenal genial gracias
    increíble maravilla maravilloso mejor perfecta perfecto práctico rápida rápido recomiendo satisfecho útil

    adore agréable aime bien bon bonne bravo efficace excellent excellente facile fiable génial géniale idéal impeccable
    intuitif intuitive magnifique meilleur merci parfait parfaite parfaitement pratique rapide ravi satisfait satisfaite
    simple super top utile
"""

_NEGATIONS = """
    not no never none nothing hardly barely scarcely isn't wasn't aren't weren't don't doesn't didn't can't cannot couldn't
    won't wouldn't shouldn't haven't hasn't hadn't ain't without neither nor lacks lacked
    isnt wasnt arent werent dont doesnt didnt cant couldnt wont wouldnt hasnt havent hadnt
    nicht kein keine keinen keiner keinerlei nie niemals ohne nunca jamás sin tampoco ne pas sans jamais aucun aucune
"""

PROBLEM_PHRASES: tuple[str, ...] = (
    # Something doesn't happen that should.
    r"(?:can't|cannot|can not|cant|couldn't|could not|unable to|won't|will not|wont|doesn't|does not|doesnt|don't|didn't|did not|didnt|isn't|not|never|no longer|stopped|stops|quit)"
    r"(?: \w+ly| even| always| ever| quite)? (?:work|working|works|load|loads|loading|sync|syncs|syncing|open|opens|start|starts|save|saves|connect|connects|connecting|respond|responding|"
    r"update|updates|updating|show|shows|showing|let me|let us|allow|find|log in|login|sign in|export|import|upload|download|print|see|access|use|pair|get it|recogni[sz]e|register|appear|function|charge)",
    r"(?:can't|cannot|can not|couldn't|could not) be \w+(?:ed|n)\b|(?:(?:is|are|was|were) (?:not|never)|isn't|aren't|wasn't|weren't) (?:yet )?"
    r"(?:updated|saved|sent|shown|delivered|printed|scanned|synced|received|counted|stored|loaded|recogni[sz]ed)\b|(?:stands?|stood) still",
    r"not (?:what|as) (?:i |we )?(?:expected|described|advertised)|not (?:the )?(?:best|good enough|acceptable|up to)|nothing (?:special|works|happens|but|to)",
    r"(?:times?|timed|timing) out|gave up|give up|gives up|fed up|let down|ripped off|rip off|too (?:few|little|many|much|slow|expensive|small|long|hard|high|low|narrow|close|far|loud|bright|dark|complicated|short|hot|cold|noisy|late)",
    r"(?:waste|loss) of (?:time|money)|half a day|for (?:hours|weeks|months|days)|out of (?:date|order|sync)|takes? (?:forever|ages|hours|minutes|so long)|took (?:forever|ages|hours)",
    r"(?:apart|aside) from|if only|(?:goes|went|turns|turned|comes up|came up) (?:blank|black|white|wrong)|(?:blank|empty|white|black) (?:page|screen|file)|\b(?:4\d\d|5\d\d) error|all over the place",
    r"no (?:way to|option|reply|response|answer|help|support|clue|idea|longer|sign|window|power|wifi|wi-fi|food|leg ?room|hot)|nowhere to|no one (?:answers|replies|cares|helps)|only (?:one|two|a few)",
    r"(?:avoid|stay away|steer clear|beware|be warned|never again|wouldn't recommend|would not recommend|don't recommend|cannot recommend|don't (?:buy|bother|waste))",
    r"(?:could|should) (?:be|have been|do with|use) (?:a (?:lot|bit|little) )?(?:better|more|faster|easier|improved|cleaner|an?)|leaves? (?:a lot|much) to be desired|needs? (?:improvement|improving|work|updating|fixing|to be|a (?:fix|way|refurb|update))|(?:room|scope) for improvement",
    # A wish.
    r"(?:please|pls|plz) (?!find|note|see|ignore|keep up)[a-z]+|[a-z]+ ?, (?:please|pls|plz)|better \w+ (?:please|pls|plz)|would (?:already )?(?:save|help|make|solve|do the trick)|(?:i'?d|we'd|would) (?:really )?(?:love|like|appreciate|prefer)|(?:i|we) (?:really |do )?(?:wish|need|miss|want)(?!ed)|(?:wish|hope) (?:it|you|there|they|i|we)\b",
    r"(?:would|it'd|it would|that would|'d) (?:also |really )?(?:be|have been|love|like) (?:\w+ )?(?:great|nice|good|helpful|useful|better|handy|awesome|perfect|amazing|cool|wonderful|lovely|to (?:see|have|be able))",
    r"(?:any|no) (?:plans|chance) (?:to|of|for)|feature request|(?:is|are) (?:there )?(?:any|no) way|why (?:can't|isn't|don't|doesn't|is there no|do i have to|did you|does it|won't)|how (?:hard|difficult) (?:is|can)|have to (?:re|manually|keep|restart|log|close|type|use|do|go|turn)|(?:forces|forced) (?:me|us|you) to|keeps? (?:\w+ing|asking|on)|every time i|over and over|again and again",
    # Other languages.
    r"funktionier\w* (?:\w+ ){0,3}nicht|geht (?:\w+ ){0,2}nicht|(?:kann|konnte|können|lässt sich|lädt|öffnet|startet|synchronisiert) (?:\w+ ){0,6}(?:nicht|nicht mehr|keine?n?)\b|stürzt (?:\w+ ){0,3}ab|zu (?:langsam|teuer|kompliziert|klein|wenig)|bitte (?:\w+ ){0,4}(?:hinzufügen|beheben|einbauen|ergänzen|ändern)|wünsche mir|wäre (?:schön|toll|super|gut|hilfreich)|nicht (?:gut|zufrieden|möglich|brauchbar)",
    r"no (?:funciona|puedo|carga|abre|se puede|sirve|deja|permite|sincroniza|guarda|me gusta|hay)|se (?:cierra|cuelga|bloquea|congela|pierde)|por favor (?:añad|agreg|arregl|incluy)\w+|me gustaría|sería (?:bueno|genial|útil|ideal)|muy (?:lento|lenta|caro|malo|mala)|deja de funcionar",
    r"(?:ne|n'|n) ?(?:\w+ ){0,2}(?:fonctionne|marche|fonctionnent|arrive|peux|peut|permet|synchronise|s'ouvre|charge|trouve|affiche|reconnaît|démarre)\w* (?:\w+ )?(?:pas|plus|jamais)|(?:impossible|obligé) d[e']|ne sert à rien|j'aimerais|il (?:faudrait|manque|serait)|serait (?:bien|bon|utile|sympa|génial|appréciable|intéressant)|pourriez[- ]vous|trop (?:lent|cher|compliqué|petit|long|de)|depuis (?:la |le |cette )?(?:dernière )?(?:mise à jour|maj)|pas (?:bon|bien|pratique|possible|content|satisf\w+|terrible|top)|plante|bug",
)

PRAISE_PHRASES: tuple[str, ...] = (
    r"(?:exactly|just|all|everything|precisely) (?:what |that )?(?:i|we) (?:need|want)(?:ed)?|(?:does|did|has|have|gives me|shows) (?:what|all the \w+) (?:i|we) (?:need|want)(?:ed)?|need nothing (?:else|more)",
    r"(?:no|without(?: any| a)?|never (?:had )?(?:any|a)|not (?:a single|had any|any)|zero|never) (?:\w+ )?(?:problems?|issues?|complaints?|troubles?|errors?|bugs?|glitch(?:es)?|crash(?:es|ed)?|fail(?:s|ed|ures?)?|delays?|hiccups?|hassle|fuss|regrets?|disappoint(?:s|ed)?|lets? (?:me|us) down)"
    r"|never (?:once )?(?:(?:had|saw|seen|got|get) (?:a|an|any) (?:single )?(?:double|wrong|late|false|missing|duplicate|failed|broken)"
    r"|lost (?:one|a single|any|anything)|missed (?:one|a single|any)\b)|\bi (?:really |quite |also )?like (?:that|how|the way)",
    r"can(?:'t|not|t| not) (?:\w+ )?(?:complain|fault|recommend (?:\w+ )?(?:enough|highly)|praise|beat|live without|wait|go wrong|imagine)|couldn't (?:be (?:happier|better|easier|more)|ask for|fault)|(?:hard|difficult|impossible) to (?:beat|fault)|not (?:bad|too bad|disappointed|half bad)|nothing (?:but good|to complain)",
    r"(?:works?|working|runs?|running|loads?|syncs?) (?:again|now|fine|well|great|perfectly|flawlessly|like a charm|as expected|as advertised|beautifully|smoothly|every time|reliably)|(?:finally|just|simply|now|always) works|(?:now|finally|has been|got|been|is|was|were) (?:fixed|resolved|solved|restored)|(?:problem|issue|bug|error)s? (?:is|was|are|were|has been|have been|got|now)? ?(?:solved|gone|resolved|fixed)",
    r"(?<!would )(?:saves?|saved|saving) (?:me|us|my|our|a lot|so much|time|hours|money)|(?:highly|definitely|would|strongly|happily) recommend|look(?:ing)? forward to|game ?changer|must have|keep up the|well (?:done|made|designed|thought|stocked|worth|organi[sz]ed|maintained|laid)|(?:good|great|excellent) (?:job|work|value)|no doubt|second to none|thumbs up|(?<!not )worth (?:every|the|it)|plenty of|top notch|first class|(?<!no )(?<!would give )(?:5|five) stars|10/10",
    r"(?:keine|ohne) (?:\w+ )?(?:probleme|fehler|beschwerden)|funktioniert (?:jetzt|wieder|gut|super|einwandfrei|perfekt|tadellos|prima|bestens)|läuft (?:wieder|gut|super|rund|stabil)|sehr (?:gut|zufrieden|schön|hilfreich|praktisch)|nicht schlecht",
    r"(?:sin|ningún) (?:\w+ )?(?:problemas?|fallos?|errores|quejas)|funciona (?:bien|muy bien|perfecto|perfectamente|de nuevo|genial)|me (?:encanta|gusta)|muy (?:bien|bueno|buena|útil|fácil|rápido|contento)",
    r"(?:aucun|pas de|sans|sans aucun|jamais de) (?:\w+ )?(?:problème|souci|bug|bogue|erreur)s?|(?:fonctionne|marche) (?:très |à nouveau |parfaitement |bien |de nouveau )+|très (?:bien|bon|bonne|pratique|utile|content|contente|satisfait|complet|complète|facile)|(?:pas|rien à) (?:mal\b|redire)|je recommande|j'adore|j'aime",
)

_PROBLEM_MARKS = (
    "できない できません 動かない 動きません 開かない 開けない 使えない 使えません 落ちる 落ちます クラッシュ エラー 不具合 バグ 遅い 遅く 遅すぎ 重い "
    "消えた 消える 消えて 失敗 困って 困る 困ります 不便 わかりにくい 分かりにくい 使いにくい 残念 悪い ひどい 止まる フリーズ 固まる "
    "してほしい 欲しい ほしい お願いします 追加して 直して 改善して 高すぎ 足りない 表示されない 同期されない されません 届かない "
    "不能 无法 無法 不好 不行 崩溃 崩潰 闪退 閃退 错误 錯誤 失败 失敗 太慢 很慢 卡顿 卡頓 丢失 丟失 问题 問題 希望 建议增加 请增加 请添加 糟糕 "
    "失望 太贵 太貴 难用 難用 没有反应 打不开 打不開 不支持 缺少 垃圾 麻烦 麻煩 空白"
)

_PRAISE_MARKS = (
    "便利 使いやすい 素晴らしい すばらしい 最高 良い いいです 助かって 助かる 助かり ありがとう 満足 快適 簡単 速い 早い 気に入 おすすめ "
    "問題なく 問題ありません 問題ない 直りました 改善されました できるようになりました 嬉しい うれしい "
    "很好 好用 非常好 喜欢 喜歡 方便 优秀 優秀 完美 推荐 推薦 满意 滿意 感谢 感謝 谢谢 謝謝 太棒 不错 不錯 没问题 沒問題 没有问题 快速 简单 "
    "解决了 修复了 修復了 稳定"
)

PROBLEM_WORDS = frozenset(_PROBLEM_WORDS.split())
PRAISE_WORDS = frozenset(_PRAISE_WORDS.split())
NEGATIONS = frozenset(_NEGATIONS.split())
"""Words that turn round the ones after them."""
PROBLEM_MARKS = tuple(_PROBLEM_MARKS.split())
"""Japanese and Chinese: looked for anywhere, since words aren't separated."""
PRAISE_MARKS = tuple(_PRAISE_MARKS.split())
