"""Own words of a mail: what is clearly quoted goes, everything else stays."""

import pytest

from ingest.clean.replies import own_spans

NEW = "The export still fails.\nPlease help."


def own(text: str) -> str:
    return "\n".join(text[start:end] for start, end in own_spans(text))


@pytest.mark.parametrize(
    "tail",
    [
        "\n\n> Did you try again?\n> Yes",
        "\n\nOn Mon, 2 Mar 2026 at 10:22, Ana Lopez <ana@example.com> wrote:\n\n> Did you try again?\n",
        "\n\nOn Mon, 2 Mar 2026 at 10:22, Ana Lopez\n<ana@example.com> wrote:\n> Did you try again?\n",
        "\r\n\r\nAm 02.03.2026 um 10:22 schrieb Ana Lopez:\r\n> Geht es jetzt?\r\n",
        "\n\nLe lun. 2 mars 2026 à 10:22, Ana <ana@example.com> a écrit :\n> Et maintenant ?",
        "\n\nEl lun, 2 mar 2026 a las 10:22, Ana (<ana@example.com>) escribió:\n\n> ¿Y ahora?",
        "\n\nOn Mon, Ana wrote:\nDid you try again?\nAna",
        "\n\n-----Original Message-----\nFrom: Ana\nDid you try again?",
        "\n\n________________________________\nFrom: Ana Lopez <ana@example.com>\nSent: Monday\nTo: Kim\nSubject: Export\n\nDid you?",
        "\n\n*Von:* Ana Lopez\n*Gesendet:* Montag\n*An:* Kim\n*Betreff:* Export\n\nGeht es?",
        "\n\n-- \nKim Park\nKanbo Ltd",
        "\n\n--\nKim\n\n> quoted",
        "\n\nSent from my iPhone",
        "\n\nVon meinem iPhone gesendet\n\n> Geht es?",
    ],
)
def test_what_is_clearly_quoted_or_a_signature_is_cut(tail: str) -> None:
    text = NEW + tail
    assert own(text).rstrip("_\n") == NEW
    assert text.startswith(NEW)


@pytest.mark.parametrize(
    "text",
    [
        "On the other hand I like it.\nFrom: here on it is slow.",
        "It costs 5 -- or 6 -- euros.\n\nfine",
        "Steps:\n--verbose\nfails",
        "Sent from my phone is what it should say, but it doesn't.\nThat is all.\nReally.",
        "From: Ana\nSent: Monday\nTo: Kim\nSubject: Export\n\nThe forwarded mail is the feedback.",
    ],
)
def test_what_may_be_own_words_stays(text: str) -> None:
    assert own(text) == text


def test_replies_between_quoted_lines_are_parts_of_their_own() -> None:
    text = "> Does it start?\nYes, at once.\n\n> Does it export?\nNo, never.\n"
    assert [text[a:b] for a, b in own_spans(text)] == ["Yes, at once.", "No, never."]


def test_a_reply_below_marked_lines_stays() -> None:
    assert own("On Monday, Ana wrote:\n> Does it start?\n\nYes it does.") == "Yes it does."


def test_a_mail_of_quotations_alone_has_no_own_words() -> None:
    assert own_spans("> a\n> b\n") == ()
    assert own_spans("") == ()


def test_a_flood_of_lines_that_almost_begin_a_quotation_takes_a_moment() -> None:
    assert own_spans("On Monday\n" * 10_000)
    assert own_spans("From: a\n" * 10_000)
    assert own_spans("-- \n" * 10_000) is not None
