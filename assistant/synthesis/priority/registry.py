"""Which methods there are."""

from assistant.synthesis.priority.ice import ICE
from assistant.synthesis.priority.method import Method
from assistant.synthesis.priority.rice import RICE
from assistant.synthesis.priority.wsjf import WSJF

SCORES: dict[str, Method] = {one.name: one for one in (RICE, WSJF, ICE)}
"""Methods that give every item a number."""

METHODS = (*SCORES, "moscow", "kano")
"""All of them, by name."""
