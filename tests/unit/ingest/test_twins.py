"""Normalising, sketches, and by what authors are known again."""

import pytest

from ingest.clean.duplicates import normalised, voice
from ingest.clean.identity import identities_of
from ingest.clean.sketches import sketches_of

TEXT = "The export of “large” boards fails, version 4.2!"


@pytest.mark.parametrize(
    "copy",
    [
        TEXT.upper(),
        f"  {TEXT.replace(' ', '  ')}\n",
        TEXT.replace(" ", "\u00a0"),
        TEXT.replace("o", "o\u200b"),
        f"\ufeff{TEXT}\u200f",
        "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalpha() else c for c in TEXT),
        TEXT.replace("fails", "\ufb01ails").replace("\ufb01a", "fa"),
    ],
)
def test_case_spacing_width_and_unseen_marks_make_no_other_text(copy: str) -> None:
    assert normalised(copy) == normalised(TEXT)
    assert sketches_of([copy])[0] == sketches_of([TEXT])[0]


@pytest.mark.parametrize(
    "other", [TEXT.rstrip("!"), TEXT.replace("4.2", "4.3"), TEXT.replace("fails", "works")]
)
def test_another_mark_number_or_word_is_another_text(other: str) -> None:
    assert normalised(other) != normalised(TEXT)
    assert sketches_of([other])[0].text_key != sketches_of([TEXT])[0].text_key


def test_a_sketch_is_of_its_own_text_alone() -> None:
    texts = [
        "short",
        "",
        TEXT,
        "日本語のテキストはここにありますのでご覧ください。",
        "x" * 5000,
        "Straße — café №5 " * 9,
    ]
    together = sketches_of(texts)
    assert together == [one for text in texts for one in sketches_of([text])]
    assert [bool(one.signature) for one in together] == [False, False, True, True, True, True]
    assert len(together[2].signature) == 128


def test_figures_tell_texts_of_unknown_authors_apart() -> None:
    one, two, none = sketches_of(
        ["Order 1234 is late today", "Order 1235 is late today", "My order is late today"]
    )
    assert one.figures != two.figures
    assert none.figures == ""


def test_without_an_author_another_account_is_another_voice() -> None:
    assert voice("Slow.", None, "Acme") != voice("Slow.", None, "Bolt") != voice("Slow.", None)
    assert voice("Slow.", "per_a", "Acme") == voice("SLOW. ", "per_a", "Bolt")


def _rules(
    one: str, other: str, account: str | None = "Acme", other_account: str | None = "Acme"
) -> set[str]:
    """The rules by which two authors are one person."""
    known = {(it.rule, it.identity) for it in identities_of("w", other, other_account)}
    return {it.rule for it in identities_of("w", one, account) if (it.rule, it.identity) in known}


@pytest.mark.parametrize(
    ("one", "other", "rules"),
    [
        ("Ana Diaz <ana.diaz@acme.example>", "ANA.DIAZ@acme.example", {"email", "account_name"}),
        ("Ana Diaz", "Diaz, Ana", {"account_name"}),
        ("Ana Diaz", "ana.diaz@acme.example", {"account_name"}),
        ("@ana_d", "Ana_D", {"handle"}),
        ("Ana", "ana.diaz@acme.example", set()),
        ("support team", "support.team@acme.example", set()),
        ("bob@x.example", "bob@y.example", set()),
    ],
)
def test_an_author_is_known_again(one: str, other: str, rules: set[str]) -> None:
    assert _rules(one, other) == rules


def test_the_same_name_in_another_account_is_somebody_else() -> None:
    assert _rules("Ana Diaz", "Ana Diaz", "Acme", "Bolt") == set()
    assert _rules("Ana Diaz", "Ana Diaz", "Acme", None) == set()


def test_no_address_or_name_is_kept() -> None:
    for known in identities_of("w", "Ana Diaz <ana.diaz@acme.example>", "Acme"):
        assert "ana" not in "".join(known).casefold()
