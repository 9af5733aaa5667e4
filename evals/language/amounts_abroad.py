"""Words of amount and trend in German, French, Spanish, Italian, Portuguese, Dutch, Chinese and Japanese.

They are looked for in drafts of any language: none of them is an English word.
"""

import re

from evals.language import licences
from evals.language.licences import WINDOWS
from evals.language.quantifier import Quantifier, phrases

_MAJORITY, _MANY, _SEVERAL = "a share above 50 %", "a count of 20 or more", "a count of 3 or more"
_FEW, _EVERYONE, _NOBODY = "a count of 10 or less", "a share of 100 %", "a count of 0"

_DE = (
    ("majority", r"die meisten|den meisten|meistens|mehrheit\w*|überwiegend\w*|größtenteils|großteil|mehrheitlich|in der regel|überwiegende\w*|löwenanteil", licences.majority, _MAJORITY),
    ("many", r"(?<!\bwie )(?<!\bso )viele[nrs]?|zahlreiche\w*|häufig\w*|(?<!\bwie )oft|unzählige\w*|massenhaft|reihenweise|scharenweise|jede menge|eine menge|haufenweise|etliche[nr]?|ständig|andauernd|immer wieder", licences.many, _MANY),
    ("several", r"mehrere[nrm]?|einige (?:nutzer\w*|kund\w*|leute)", licences.several, _SEVERAL),
    ("few", r"(?<!\bzu )wenige[nr]?|minderheit|selten|vereinzelt\w*|eine handvoll", licences.few, _FEW),
    ("hardly anyone", r"kaum (?:jemand\w*|eine[rn]?|ein)|fast (?:niemand|keine[rn]?|nie)", licences.hardly_any, "a share below 10 %"),
    ("everyone", r"(?<!\bfür )(?:alle[nr]?|jede[rsn]?)(?: unsere[rn]?)? (?:nutzer\w*|kund\w*|leute|teams?|konten|anwender\w*|befragte\w*)|sämtliche\w*|ausnahmslos|fast alle[nr]?|durchweg|durchgehend", licences.everyone, _EVERYONE),
    ("nobody", r"niemand\w*|keiner|kein einziger|kein (?:nutzer|kunde|mensch)\w*", licences.nobody, _NOBODY),
)  # fmt: skip
_FR = (
    ("majority", r"la plupart|majorité|majoritairement|principalement|en général|généralement|le plus gros", licences.majority, _MAJORITY),
    ("many", r"beaucoup de|beaucoup d['’]\w+|de nombreu(?:x|ses)|nombreu(?:x|ses)|souvent|fréquemment|une foule de|quantité de|bon nombre|maints", licences.many, _MANY),
    ("several", r"plusieurs|divers(?:es)? (?:clients|utilisateurs)", licences.several, _SEVERAL),
    ("few", r"peu de|rarement|une minorité|quelques[- ]un\w*", licences.few, _FEW),
    ("everyone", r"tous les (?:clients|utilisateurs|comptes)|tout le monde|l['’]ensemble des (?:clients|utilisateurs)|unanim\w+|presque tous|quasiment tous", licences.everyone, _EVERYONE),
    ("nobody", r"personne ne|aucun (?:client|utilisateur)|nul ne|presque personne", licences.nobody, _NOBODY),
)  # fmt: skip
_ES = (
    ("majority", r"la mayoría|mayoría|mayormente|principalmente|generalmente|por lo general|casi siempre", licences.majority, _MAJORITY),
    ("many", r"much[oa]s (?:clientes|usuarios|personas|cuentas)|numeros[oa]s|muchísim[oa]s|a menudo|con frecuencia|frecuentemente|un montón de|multitud de|infinidad de", licences.many, _MANY),
    ("several", r"vari[oa]s (?:clientes|usuarios|personas|cuentas)|divers[oa]s (?:clientes|usuarios)", licences.several, _SEVERAL),
    ("few", r"poc[oa]s (?:clientes|usuarios|personas)|rara vez|una minoría|raramente", licences.few, _FEW),
    ("everyone", r"tod[oa]s l[oa]s (?:clientes|usuarios|personas|cuentas)|todo el mundo|casi tod[oa]s|unánime\w*", licences.everyone, _EVERYONE),
    ("nobody", r"nadie|ningún (?:cliente|usuario)|casi nadie", licences.nobody, _NOBODY),
)  # fmt: skip
_MORE = (
    ("majority", r"la maggior parte|maggioranza|a maioria|maioria|de meeste|meerderheid", licences.majority, _MAJORITY),
    ("many", r"molti (?:clienti|utenti)|numerosi|spesso|muit[oa]s (?:clientes|usuários|utilizadores|pessoas)|frequentemente|veel (?:klanten|gebruikers|mensen)|talloze", licences.many, _MANY),
    ("everyone", r"tutti i clienti|tutti gli utenti|todos os (?:clientes|usuários|utilizadores)|alle (?:klanten|gebruikers)|iedereen", licences.everyone, _EVERYONE),
    ("nobody", r"nessuno|nessun (?:cliente|utente)|ninguém|niemand|geen enkele (?:klant|gebruiker)", licences.nobody, _NOBODY),
)  # fmt: skip
_RISING = (
    r"steig(?:t|en|end|ende[nr]?)|stieg|stiegen|gestiegen|wächst|wachsen|wachsend\w*|gewachsen|zunehmend\w*|zugenommen|zunahme|immer (?:mehr|häufiger|öfter|lauter|schlimmer)|nehmen zu|nimmt zu|verdreifacht\w*|explodier\w+|anstieg"
    r"|augment(?:e|ent|é|ation|ent)|en hausse|de plus en plus|croissant\w*|grandissant\w*|ne cesse\w* de|explos(?:e|ent)"
    r"|aument(?:a|an|ó|ando|aron|o)|en aumento|cada vez más|crecient\w+|crec(?:e|en|ió|iendo)|se (?:dispar|multiplic)\w+|al alza"
    r"|in aumento|sempre più|cresc\w+|cada vez mais|em alta|stijgt|stijgen|steeds meer|toenemend\w*"
)
_FALLING = (
    r"sink(?:t|end)|gesunken|abnehmend\w*|rückläufig\w*|immer (?:weniger|seltener)|nehmen ab|nimmt ab|abgenommen|rückgang"
    r"|diminu(?:e|ent|é)|en baisse|de moins en moins|disminuy\w+|en descenso|a la baja|cada vez menos|in calo|sempre meno|em queda|daalt|dalen|steeds minder"
)
_CJK = (
    ("majority", r"大多数|大部分|过半|半数以上|過半数|大半|ほとんど|ほぼ全員", licences.majority, _MAJORITY),
    ("many", r"许多|很多|众多|不少|数十|数百|数千|多くの|たくさんの|多数の", licences.many, _MANY),
    ("everyone", r"所有(?:用户|客户|人)|全员|人人|全員|全ての(?:ユーザー|顧客|人)|すべての(?:ユーザー|顧客|人)|誰もが", licences.everyone, _EVERYONE),
    ("nobody", r"没有人|无人|誰も", licences.nobody, _NOBODY),
)  # fmt: skip


ABROAD = (
    *(
        Quantifier(name, phrases(pattern), licence, needs)
        for name, pattern, licence, needs in (*_DE, *_FR, *_ES, *_MORE)
    ),
    *(Quantifier(name, re.compile(pattern), licence, needs) for name, pattern, licence, needs in _CJK),
    Quantifier("doubled", phrases(r"verdoppelt\w*|doublé\w*|duplicad[oa]s?|se ha duplicado|raddoppiat\w+"), licences.grown(1.9), f"{WINDOWS} twice as high"),
    Quantifier("rising", phrases(_RISING), licences.grown(1.0), f"{WINDOWS} higher"),
    Quantifier("falling", phrases(_FALLING), licences.shrunk(1.0), f"{WINDOWS} lower"),
)  # fmt: skip
