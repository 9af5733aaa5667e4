"""What is personal is found, what only looks like it is not, and a mask leaves the rest of a text as it was."""

import random
import time

import pytest

from assistant.domain.personal.find import (
    describe_counts,
    find_personal,
    masked,
    masked_piece,
    masked_pieces,
)
from evals.bench.seeds import SEEDS

FOUND = {
    "Write to ann.lee+news@mail.example.co.uk, please.": "Write to [e-mail], please.",
    "邮箱ann@example.com请回复": "邮箱[e-mail]请回复",
    "ann (at) example (dot) com": "[e-mail]",
    "ann＠example.com": "[e-mail]",
    "Call +1 415 555 2671 now": "Call [phone] now",
    "(212) 555-0187 ext. 12": "[phone]",
    "mein Handy: 0171 2345678.": "mein Handy: [phone].",
    "06 12 34 56 78": "[phone]",
    "电话13812345678联系": "电话[phone]联系",
    "电话＋８６ 138 1234 5678": "电话[phone]",
    "ＴＥＬ：０３－１２３４－５６７８": "ＴＥＬ：[phone]",
    "(+49 (0)30 1234567)": "([phone])",
    "3 pieces, 415-555-2671 12 left": "3 pieces, [phone] 12 left",
    "card 4111 1111 1111 1111, 12/27": "card [card], 12/27",
    "I paid with 378282246310005": "I paid with [card]",
    "order paid with card 4111111111111111": "order paid with card [card]",
    "IBAN DE89 3704 0044 0532 0130 00 please": "IBAN [IBAN] please",
    "gb29nwbk60161331926819": "[IBAN]",
    "from 203.0.113.7:8080 and 2001:db8::8a2e:370:7334": "from [IP address]:8080 and [IP address]",
    "DNS 8.8.8.8": "DNS [IP address]",
    "key AKIAIOSFODNN7EXAMPLE leaked": "key [secret] leaked",
    "password: hunter2!x": "password: [secret]",
    "api_key=9f8e7d6c5b4a39281706f5e4d3c2b1a0": "api_key=[secret]",
    "postgres://app:s3cr3t@db/x": "postgres://app:[secret]@db/x",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEow0\n-----END RSA PRIVATE KEY----- end": "[secret] end",
    "thanks @ann_lee!": "thanks [handle]!",
    "<@ann.lee>: hi": "<[handle]>: hi",
}
NOT_FOUND = [
    "Order number 4111111111111111 hasn't come",
    "Confirmation number: 4111111111111111, transaction id 4111111111111111, PO 4111111111111111",
    "4111111111111112 fails Luhn",
    "9999999999999995 passes Luhn and has no issuer",
    "DE88 3704 0044 0532 0130 00 has wrong check digits",
    "XX89 3704 0044 0532 0130 00",
    "version 1.2.3.4 and 1.2.3.4",
    "since 10.4.2.1 the app v12.1.0.3 crashes",
    "Chrome 118.0.2088.61",
    "256.300.1.1",
    "at 1700000000 and 1700000000123",
    "on 2024-03-12T09:41:12Z, 2024-03-12 09:41:12.123, 12.03.2024, 12/03/2024, 20240312",
    "$1,234,567.89 or 1.234.567,89 €",
    "HADOOP-1234567 #20905432 BUG-123456",
    "550e8400-e29b-41d4-a716-446655440000",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "open from 0830-0930 and 06.30-08.30",
    "00:1a:2b:3c:4d:5e 12:34:56 std::vector a::b",
    "@Override @param @media icon@2x.png a@b @ 5 pm 5@home",
    "git@github.com:voxspec/voxspec.git",
    "my password is wrong and the token is expired; the key: missing",
    "token = getToken(); password: [secret]",
    "1234567 and 12345678901234567890",
    "",
]


@pytest.mark.parametrize(("text", "shown"), FOUND.items())
def test_personal_data_is_masked_and_the_rest_stays(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize("text", NOT_FOUND)
def test_what_only_looks_personal_stays(text: str) -> None:
    assert masked(text) == text
    assert find_personal(text) == ()


@pytest.mark.parametrize("kind", SEEDS)
def test_every_kind_is_found_in_the_forms_that_people_write(kind: str) -> None:
    dice = random.Random(5)
    for _ in range(200):
        before, held = SEEDS[kind](dice)  # type: ignore[index]
        assert held not in masked(f"Please look: {before}{held}, thanks."), held


def test_spans_say_where_and_what() -> None:
    text = "mail ann@example.com or +1 415 555 2671"
    assert [(text[a:b], kind.value) for a, b, kind in find_personal(text)] == [
        ("ann@example.com", "e-mail"),
        ("+1 415 555 2671", "phone"),
    ]


def test_what_a_word_revealed_once_is_masked_everywhere_in_the_text() -> None:
    assert masked("phone 2967643551. Again: 2967643551!") == "phone [phone]. Again: [phone]!"


def test_a_piece_knows_what_the_text_around_it_says() -> None:
    text = "my phone 2967643551 rings"
    assert masked_piece(text, 9, len(text)) == "[phone] rings"
    assert masked_piece(text, 12, 25) == "[phone] rings"


def test_a_cut_through_personal_data_leaves_none_of_it() -> None:
    text = "mail ann@example.com now"
    assert masked_pieces(text, (10,)) == ["mail [e-mail]", "[e-mail] now"]
    assert masked_pieces("nothing here", (7, 7)) == ["nothing", "", " here"]


def test_counts_are_told_in_words() -> None:
    assert describe_counts({"e-mail": 2, "handle": 1}) == "2 e-mail addresses, 1 handle"


@pytest.mark.parametrize(
    "piece",
    ["1", "1 ", "1-", "(1", "@", "a@", "a.", "12.", "::", "ab:", "key=", "DE89 ", "+1", "[at]", "://a:", "a@b.co ", "@ann "],
)  # fmt: skip
def test_a_long_text_of_look_alikes_takes_no_time_to_speak_of(piece: str) -> None:
    began = time.process_time()
    find_personal(piece * 20_000)
    assert time.process_time() - began < 5


def test_a_list_of_many_people_is_masked_whole() -> None:
    people = "".join(
        f"ann{number}@example.com +1 415 555 {number:04} @ann_{number}\n" for number in range(3000)
    )
    assert masked(people) == "[e-mail] [phone] [handle]\n" * 3000
