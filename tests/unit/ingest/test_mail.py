"""Mails: one row each, every mail accounted for."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from assistant.settings import Settings
from ingest.connectors import mail
from ingest.connectors.mail import MailRows, looks_like_mbox
from ingest.recognise import open_file

SEPARATOR = b"From ana@example.com Mon Mar  2 10:22:00 2026\n"


def message(text: str = "The export fails.", **headers: str) -> EmailMessage:
    made = EmailMessage()
    defaults = {
        "From": "Ana López <Ana@Example.com>",
        "Date": "Mon, 02 Mar 2026 11:22:00 +0100",
        "Subject": "Export ❤",
        "Message-ID": "<1@example.com>",
    }
    for name, value in {**defaults, **{n.replace("_", "-"): v for n, v in headers.items()}}.items():
        made[name] = value
    made.set_content(text)
    return made


def eml(path: Path, content: EmailMessage | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.as_bytes())
    return path


def read(path: Path, *, single: bool = True) -> list[dict[str, str]]:
    return [dict(row.cells) for row in MailRows(path, 10_000, single=single).rows()]


def test_headers_become_fields(tmp_path: Path) -> None:
    assert read(eml(tmp_path / "a.eml", message())) == [
        {
            "text": "The export fails.\n",
            "From": "ana@example.com",
            "Date": "2026-03-02T10:22:00+00:00",
            "Subject": "Export ❤",
            "Message-ID": "1@example.com",
        }
    ]


def test_plain_text_is_preferred_and_html_is_stripped_where_it_is_alone(tmp_path: Path) -> None:
    both = message("plain words")
    both.add_alternative("<p>marked <b>words</b></p>", subtype="html")
    assert read(eml(tmp_path / "a.eml", both))[0]["text"] == "plain words\n"
    alone = message()
    alone.set_content("<style>p{}</style><p>marked <b>words</b></p><p>more</p>", subtype="html")
    assert read(eml(tmp_path / "a.eml", alone))[0]["text"] == "marked words\nmore"


def test_attachments_are_left_out_with_a_remark(tmp_path: Path) -> None:
    made = message("see the file")
    made.add_attachment("id,text\n1,secret", filename="a.csv")
    [row] = MailRows(eml(tmp_path / "a.eml", made), 10_000, single=True).rows()
    assert row.cells["text"] == "see the file\n"
    assert row.remarks == ("attachments were left out",)


def test_a_mailbox_is_a_row_per_mail_and_reads_from_anywhere(tmp_path: Path) -> None:
    texts = ["one\n\nFrom here on it is slow\n", "two", "> only\n> quoted", ""]
    content = b""
    for number, text in enumerate(texts):
        body = message(text, Message_ID=f"<{number}@x>").as_bytes().replace(b"\nFrom here", b"\n>From here")
        content += SEPARATOR + body + b"\n"
    path = eml(tmp_path / "box.mbox", content)
    rows = list(MailRows(path, 10_000, single=False).rows())
    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert rows[0].cells["text"].rstrip() == "one\n\nFrom here on it is slow"
    assert rows[2].own == ()
    assert list(MailRows(path, 10_000, single=False).rows(2)) == rows[2:]


@pytest.mark.parametrize(
    ("header", "field", "value"),
    [
        ("Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Subject", "Grüße"),
        ("Subject: =?nonsense?q?abc?=", "Subject", "=?nonsense?q?abc?="),
        ("Subject: =?utf-8?b?///?=", "Subject", None),
        ("From: support", "From", "support"),
        ("From: =?utf-8?q?Ana?= <a@b.org>", "From", "a@b.org"),
        ("Date: yesterday", "Date", "yesterday"),
        ("Date: Mon, 02 Mar 99999 10:00:00 +9999", "Date", None),
    ],
)
def test_odd_headers_are_read_as_far_as_they_go(
    tmp_path: Path, header: str, field: str, value: str | None
) -> None:
    [cells] = read(eml(tmp_path / "a.eml", f"{header}\n\nhello there\n".encode()))
    assert cells["text"] == "hello there\n"
    assert value is None or cells[field] == value


@pytest.mark.parametrize(
    ("kind", "payload", "text"),
    [
        ("charset=iso-8859-1", b"Gr\xfc\xdfe", "Grüße"),
        ("charset=utf-8", b"Gr\xfc\xdfe", "Grüße"),
        ("charset=no-such", "Grüße".encode(), "Grüße"),
        ("charset=rot13", b"abc", "abc"),
    ],
)
def test_a_wrong_charset_doesnt_lose_the_mail(tmp_path: Path, kind: str, payload: bytes, text: str) -> None:
    raw = f"Content-Type: text/plain; {kind}\nContent-Transfer-Encoding: 8bit\n\n".encode() + payload
    assert read(eml(tmp_path / "a.eml", raw))[0]["text"] == text


def test_mails_of_endless_parts_or_levels_are_problems(tmp_path: Path) -> None:
    parts = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 10_000
    levels = b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (i, i) for i in range(2_000))
    for raw in (parts, levels):
        [row] = MailRows(eml(tmp_path / "a.eml", raw), 10_000, single=True).rows()
        assert row.problem == "a mail with more parts than mail has"


def test_a_mail_larger_than_mail_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "_MAX_MAIL", 1_000)
    small = message("fine").as_bytes()
    path = eml(tmp_path / "a.mbox", SEPARATOR + small + b"x" * 5_000 + b"\n\n" + SEPARATOR + small)
    first, second = MailRows(path, 10_000, single=False).rows()
    assert first.problem.startswith("a mail larger than")
    assert second.cells["text"].startswith("fine")


def test_mails_are_recognised_by_name_or_by_content(tmp_path: Path) -> None:
    box = SEPARATOR + message().as_bytes()
    assert looks_like_mbox(box)
    assert not looks_like_mbox(b"From here on, at 10:22 in 2026\nit was slow: really")
    settings = Settings(home=tmp_path)
    for name, content, layout in [
        ("Inbox", box, "mbox"),
        ("a.txt", box, "mbox"),
        ("a.eml", message().as_bytes(), "eml"),
    ]:
        assert open_file(eml(tmp_path / name, content), settings).layout == layout
