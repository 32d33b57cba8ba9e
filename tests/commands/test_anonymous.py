"""A captured reply keeps its shape and nothing that may be about a person."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.commands.anonymous import anonymous
from exporter.ringostat.key import Secret

KEY = Secret("KEY/can+ary")


def shown(body: bytes | str) -> str:
    return anonymous(body.encode() if isinstance(body, str) else body, KEY).decode("utf-8-sig")


def test_structure_known_keys_durations_and_small_numbers_stay() -> None:
    """A reply in the API's own words comes out byte for byte, but for the name."""
    body = (
        '{"jsonrpc": "2.0",\n "result": [{"employee": "Ann", "online": "01:31:55",'
        ' "1763": "101:00:59", "dnd": null, "x": ""}], "id": "777", "error":'
        ' {"code": -32602, "message": "Invalid params", "data": true}}'
    )
    expected = body.replace("Ann", "Employee 1").replace('"x"', '"text 1"')
    assert shown(body) == expected


def test_a_name_has_one_alias_wherever_it_stands() -> None:
    """As a key, in an object, a list, another key and escaped, a name is the same stand-in."""
    body = (
        '{"Олена": 1, "result": [{"employee": "Олена"}, {"employee": "Bob"}],'
        ' "people": ["Bob", {"fio": "\\u041e\\u043b\\u0435\\u043d\\u0430"}], "Ann": "Ann"}'
    )
    assert json.loads(shown(body)) == {
        "Employee 1": 1,
        "result": [{"employee": "Employee 1"}, {"employee": "Employee 2"}],
        "text 1": ["Employee 2", {"fio": "Employee 1"}],
        "text 2": "text 2",
    }


@pytest.mark.parametrize(
    "body",
    [
        '{"result": {"Canary": {"online": "00:00:01"}}}',
        '{"result": [{"employee": {"name": "Canary", "first": ["Canary"]}}]}',
        '{"error": {"code": 1, "message": "Canary may not", "data": "of Canary"}}',
        '{"error": "Canary"}',
        '{"result": [{"employee": "Canary',
        '{"result": [{"employee": "Canary \\u04',
        '{"result": [{"employee": "Canary\\',
        '{"employee": "Canary, "online": "01:00:00"}',
        "{'employee': 'Canary', employee: Canary}",
        "<!doctype html><title>Canary</title><p class=Canary>Dear Canary</p>",
        "<canary>1</canary>",
        "Canary is not allowed",
        '{"email": "canary@example.com", "mail": "mailto:canary@example.com"}',
        '{"employee": "Canary \\ud83d", "\\udc00Canary": 1}',
        '\ufeff["Canary"]',
        '{"a": "C\\u0061nary"}',
        '["demo_Canary", "Canary"]',
    ],
)
def test_a_canary_is_not_to_be_found(body: str) -> None:
    """Wherever a name stands, in JSON, in what is cut, in HTML and in plain text."""
    assert "canary" not in shown(body).lower()


@pytest.mark.parametrize(
    "phone",
    [
        "+380671234567",
        "380671234567",
        "067 123 45 67",
        "+38 (067) 123-45-67",
        "067.123.45.67",
        "067/123/45/67",
        "067, 123, 45, 67",
        "067\u00a0123\u00a045\u00a067",
        "067\u2011123\u201145\u201167",
    ],
)
def test_a_phone_number_is_replaced_in_json_and_outside(phone: str) -> None:
    """However people write it, no group of its digits stays."""
    for body in (f'{{"phone": "{phone}"}}', f"tel {phone}", f"tel:\n{phone}\n", f"[{phone}"):
        assert "123" not in shown(body)
        assert "45" not in shown(body)


def test_long_numbers_stay_numbers_and_short_ones_stay() -> None:
    """A number of over six digits becomes a small one, the same one each time."""
    body = '{"id": 1234567, "n": [1234567, "1234567", -12.5, 1e3, 999999, 380671234567]}'
    assert json.loads(shown(body)) == {
        "id": 900001,
        "text 1": [900001, "900001", -12.5, 1000, 999999, 900002],
    }


def test_a_number_that_may_go_on_behind_the_cut_is_replaced() -> None:
    """Six digits of a telephone number are most of one."""
    body = b'{"id": [380671234567, "380671234567"]}'
    for cut in range(9, len(body)):
        assert b"38067" not in anonymous(body[:cut], Secret("KEY"))


def test_of_a_staff_list_no_number_stays() -> None:
    """Extensions are short; what stood for one number is the same one each time."""
    body = (
        b'{"jsonrpc": "2.0", "id": 7, "result": {"101": {"staffId": 101, "extensionNumber": "202",'
        b' "departments": [12], "directions": {"main": [{"type": "sip", "status": true}]}}}}'
    )
    assert json.loads(anonymous(body, Secret("KEY"), numbers_stay=False)) == {
        "jsonrpc": "2.0",
        "id": 900001,
        "result": {
            "900002": {
                "staffId": 900002,
                "extensionNumber": "900003",
                "departments": [900004],
                "directions": {"main": [{"type": "sip", "status": True}]},
            }
        },
    }


@pytest.mark.parametrize(
    "spelling",
    [
        "KEY/can+ary",
        "KEY\\/can+ary",
        "\\u004b\\u0045\\u0059\\u002fcan+ary",
        "KEY%2Fcan%2Bary",
        "&#75;&#69;&#89;&#47;can+ary",
        "S0VZL2NhbithcnkK",
    ],
)
def test_the_key_is_gone_in_any_spelling(spelling: str) -> None:
    """Plain, escaped as PHP does, by code points, percent-encoded, as entities and in base64."""
    for body in (f'{{"message": "no {spelling}"}}', f'{{"{spelling}": 1}}', f"no {spelling} here"):
        text = shown(body)
        for piece in ("can", "KEY", "75", "S0VZ", "004b"):
            assert piece not in text


@pytest.mark.parametrize("key", ["123456", "987654321012", "online", "data:error", "01:02:03"])
def test_a_key_of_harmless_words_or_digits_is_gone_too(key: str) -> None:
    """A key that looks like a number, a status, two known words or a duration never stays."""
    for body in (f'{{"x": "{key}", "y": {json.dumps(key)}}}', f"{key} {key}", f"[{key}]"):
        assert key not in anonymous(body.encode(), Secret(key)).decode()
    assert "987654" not in anonymous(b'{"x": "987654', Secret("987654321012")).decode()


def test_a_gateways_page_says_still_what_it_is() -> None:
    """Tags and well-known phrases of HTTP stay, since they are what the report is about."""
    page = "<html><head><title>502 Bad Gateway</title></head><hr><center>nginx</center></html>"
    assert shown(page) == page


def test_the_documented_sample_keeps_its_mistakes() -> None:
    """A reply that is not JSON keeps the places where it is not."""
    body = '{"result": [\n{"employee": "TEST CY", "online": "01:31:55"}\n"id": 1\n],\n}\n'
    assert shown(body) == body.replace("TEST CY", "Employee 1")


def test_bytes_that_are_no_text_come_out_as_text() -> None:
    """Control characters, invalid UTF-8 and UTF-16 leave nothing but an alias."""
    assert shown(b"\xff\xfeB\x00o\x00b\x00\x1b[2J") == "text 1[text 2"


_JUNK = st.one_of(
    st.text(max_size=12),
    st.sampled_from(['"', "\\", "{", "[", ":", ",", "<", ">", "/", "12", "online", '"employee":']),
)


@given(st.lists(_JUNK, max_size=8), st.lists(_JUNK, max_size=8))
def test_whatever_stands_around_it_a_canary_never_stays(
    before: list[str], after: list[str]
) -> None:
    """Any text before and after a name, balanced or not, changes nothing about its going."""
    body = ("".join(before) + "Zzcanary" + "".join(after)).encode("utf-8", "replace")
    assert b"canary" not in anonymous(body, KEY).lower()


_PEOPLE = st.recursive(
    st.sampled_from(["Zzcanary", "canary@x.ua", "+380 zzcanary", "zz\ud800canary", 380671234567]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["employee", "online", "Zzcanary", "id"]), inner)
    ),
    max_leaves=12,
)


@given(_PEOPLE, st.booleans(), st.integers(0, 400))
def test_any_json_keeps_its_shape_and_no_canary(reply: object, escaped: bool, cut: int) -> None:
    """A whole reply stays JSON of the same shape; cut anywhere it tells as little."""
    text = json.dumps(reply, ensure_ascii=escaped)
    body = text.encode("utf-8", "surrogatepass")
    whole = anonymous(body, KEY)
    if escaped:
        assert type(json.loads(whole)) is type(json.loads(text))
    for part in (whole, anonymous(body[:cut], KEY)):
        assert b"canar" not in part.lower()
        assert b"380671" not in part
        assert part.isascii()


def test_two_mebibytes_take_seconds_whatever_they_are() -> None:
    """No reply makes the replacing quadratic."""
    hostile = [b'"\\' * 500_000, b"1-" * 500_000, b"1" * 1_000_000 + b"x", b"a " * 500_000]
    started = time.perf_counter()
    for body in (*hostile, b"[" * 1_000_000, b"1" + b" " * 1_000_000 + b"x"):
        anonymous(body, KEY)
    assert time.perf_counter() - started < 20
