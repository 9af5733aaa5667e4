"""Words of a document, cited in a message."""

_ENDS = (".", "!", "?", "…", "。", "！", "？", "؟", "۔", "।")


def cited(words: str, most: int) -> str:
    """The words in quotation marks as the end of a sentence: no second full stop, and a mark where they were cut. Args: most: characters."""
    held = words.strip()
    if len(held) > most:
        return f"“{held[:most].rstrip()}…”."
    return f"“{held}”" if held.endswith(_ENDS) else f"“{held}”."
