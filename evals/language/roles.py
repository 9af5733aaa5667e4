"""Whether a role names somebody who can want something, or a thing. English and German, by the head of the phrase."""

import re

_MADE = """system subsystem software hardware platform product app application program tool suite module component package library framework plugin add-on
extension widget feature server host machine computer laptop desktop device phone tablet terminal kiosk printer scanner sensor meter robot router
gateway proxy firewall network cloud cluster container service microservice api endpoint interface integration connector webhook adapter middleware
bus broker queue topic stream pipeline database db table index cache store storage bucket warehouse backup archive log file folder document record
spreadsheet backend back-end frontend front-end ui gui website site page portal form button menu screen dashboard browser client-side job batch
cronjob cron script daemon process thread task routine worker-process scheduler timer trigger function algorithm model engine crawler spider scraper
parser compiler bot chatbot code codebase repository branch build release deployment environment datenbank anwendung programm gerät dienst
schnittstelle drucker rechner skript prozess webseite seite modul"""
_THINGS = frozenset(_MADE.split())
"""What products are made of. `Scheduler`, `client`, `agent` and `worker` can be people and things; the first is seldom a person in stories."""
_THING_PAIRS = re.compile(
    r"(?:back|front)[- ]?end|(?:background|nightly|cron|batch|scheduled|export|import|sync) (?:job|task|process|run|worker)s?|(?:web|api|desktop|http|background) (?:client|worker|agent)s?|(?:search|build|software) agent",
    re.IGNORECASE,
)
_AFTER_HEAD = re.compile(
    r"\s+(?:on|at|in|of|with|without|who|whose|for|from|that|which|under|behind|responsible|using|running|auf|bei|mit|von|im|in|der|die|des)\s+.*|\s*[,(].*",
    re.IGNORECASE | re.DOTALL,
)


def is_thing(role: str) -> bool:
    """Whether a role is a machine or a part of a product: `nightly job`, `the database`; `database administrator` is a person."""
    head = _AFTER_HEAD.sub("", role.strip())
    if _THING_PAIRS.search(head) and _THING_PAIRS.split(head)[-1].strip() == "":
        return True
    words = re.findall(r"[\w-]+", head)
    last = words[-1].casefold() if words else ""
    # Stems would take a terminator for a terminal.
    return not _THINGS.isdisjoint({last, last.removesuffix("s"), last.removesuffix("es")})
