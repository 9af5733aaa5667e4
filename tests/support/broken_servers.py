"""Ways in which a model server breaks whatever it is asked for, by name: one list for all tests of hostile models."""

from tests.support.model_server import (
    Behaviour,
    cuts_off,
    ends_early,
    filtered,
    hangs,
    hangs_midway,
    refuses,
    sends_event,
    sends_garbage,
    sends_page,
)


def cut(begun: str) -> dict[str, Behaviour]:
    """Replies that end before their end. Args: begun: what arrives of them."""
    return {
        "cut off": cuts_off(begun),
        "cut off by a reset": cuts_off(begun, reset=True),
        "ended early": ends_early(begun),
    }


def unreadable() -> dict[str, Behaviour]:
    """Answers that are no completion."""
    return {
        "events that are no JSON": sends_garbage(),
        "an event of another shape": sends_event({"choices": "none"}),
        "an event with odd content": sends_event({"choices": [{"delta": {"content": {"a": 1}}}]}),
        "no choices": sends_event({"choices": []}),
        "a web page": sends_page(),
    }


def refusing() -> dict[str, Behaviour]:
    """A model that won't, or mustn't."""
    return {"refuses": refuses("I won't say that 97 % left."), "filtered": filtered("The")}


def silent() -> dict[str, Behaviour]:
    """A server that begins, or not even that, and says no more."""
    return {"hangs": hangs(), "hangs midway": hangs_midway()}
