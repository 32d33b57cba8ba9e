"""JSON-RPC replies: docs/contract.md#replies, docs/faults.md#upstream."""

import json
from pathlib import Path

import pytest

from exporter.errors import (
    BodyUndecodable,
    KeyRefused,
    PollError,
    RpcFailed,
    RpcFailedForNow,
    SchemaMismatch,
)
from exporter.ringostat.key import Secret
from exporter.ringostat.rpc import decode, encode_request, result_of

DATA = Path(__file__).parent.parent / "data" / "responses"
KEY = Secret("KEY-canary")


def test_the_documented_request() -> None:
    """The body of method 1 as documented, with `jsonrpc` beside it."""
    sent = json.loads(encode_request(777, "getCustomStatuses", {"projectId": 39071}))
    assert sent == {
        "id": 777,
        "jsonrpc": "2.0",
        "method": "getCustomStatuses",
        "params": {"projectId": 39071},
    }


def test_the_sample_as_printed_is_not_json() -> None:
    """The documentation's own example of method 2 is a `decode` error."""
    with pytest.raises(BodyUndecodable):
        decode((DATA / "daily_report.as_printed.json").read_bytes())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  ",
        b"<html>",
        b'{"result": [',
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b"1" * 5000,
        b'{"a": 1, "a": 1}',
        b'{"a": {"b": 1, "b": 2}}',
        b'"\xff"',
        "{}".encode("utf-16"),
    ],
)
def test_what_is_not_json_is_a_decode_error(body: bytes) -> None:
    """Also NaN, deep nesting, huge numbers, a key twice, and other encodings."""
    with pytest.raises(BodyUndecodable):
        decode(body)


@pytest.mark.parametrize("body", [b'{"a": 1, "a": 1}', b'[{"a": {"b": 1, "b": 2}}]'])
def test_a_key_that_comes_twice_is_said(body: bytes) -> None:
    """It is JSON to most readers, who keep the last; so "not JSON" would mislead."""
    with pytest.raises(BodyUndecodable, match=r"^the body has a key twice in one object$"):
        decode(body)


def test_a_byte_order_mark_and_an_unpaired_surrogate_are_read() -> None:
    """One odd name does not lose a report."""
    assert decode(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}
    assert decode(b'"\\ud800"') == "\ud800"


@pytest.mark.parametrize("number", [777, "777"])
def test_the_id_is_compared_as_a_string(number: object) -> None:
    """The documentation answers a number with a string."""
    assert result_of({"id": number, "result": [1]}, 777, KEY) == [1]


@pytest.mark.parametrize("error", [None, {}, [], "", 0, False])
def test_an_empty_error_beside_a_result_is_success(error: object) -> None:
    """Whatever is falsy is no error."""
    assert result_of({"id": 1, "result": None, "error": error}, 1, KEY) is None


@pytest.mark.parametrize(
    "reply",
    [
        [],
        None,
        "text",
        7,
        {},
        {"id": 1},
        {"id": 1, "error": None},
        {"id": 2, "result": []},
        {"result": []},
        {"id": None, "result": []},
    ],
)
def test_what_is_no_answer_to_this_request_is_a_schema_error(reply: object) -> None:
    """Another shape, no result, no id, or another id."""
    with pytest.raises(SchemaMismatch):
        result_of(reply, 1, KEY)


@pytest.mark.parametrize(
    ("error", "kind", "retries"),
    [
        ({"code": -32601, "message": "Method not found"}, RpcFailed, 0),
        ({"code": -32602, "message": "Invalid params"}, RpcFailed, 0),
        ({"code": -32603, "message": "Internal error"}, RpcFailedForNow, 1),
        ({"code": -32000, "message": "Server error"}, RpcFailedForNow, 1),
        ("Something went wrong", RpcFailedForNow, 1),
        ({"code": -32000, "message": "Unauthorized"}, KeyRefused, 0),
        ("Invalid Auth-key", KeyRefused, 0),
        ({"message": "Access denied"}, KeyRefused, 0),
        ([1], RpcFailed, 0),
        (True, RpcFailed, 0),
    ],
)
def test_errors_by_code_and_text(error: object, kind: type[PollError], retries: int) -> None:
    """A truthy error is one whatever the id and whatever stands beside it."""
    with pytest.raises(PollError) as caught:
        result_of({"id": 99, "error": error, "result": []}, 1, KEY)
    assert type(caught.value) is kind
    assert caught.value.retries == retries


@pytest.mark.parametrize(
    "error",
    [
        "Unauthorized",
        "unauthorised request",
        {"code": 401, "message": "No"},
        {"code": -32602, "message": "Invalid Auth-key"},
        {"code": -32000, "message": "Invalid key"},
        "Invalid token",
        "Wrong API key",
        "The access token has expired",
        {"code": -32001, "message": "Authentication failed"},
        {"code": 1, "message": "You are not authorized"},
        "Authorization required",
        "Access denied",
        "Bad credentials",
        "Login required",
        "Key is not valid",
        "auth_key missing",
        "Невірний ключ авторизації",
        "Доступ запрещён",
        "Неверный ключ",
        {"code": -32602, "message": "Key is not authorized to use this method"},
        {"code": -32602, "message": "Authorization of the token failed"},
        {"code": -32602, "message": "Authentication required"},
        {"code": -32000, "message": "401 Unauthorized: bad key"},
        {"code": -32602, "message": "Ошибка авторизации"},
        {"code": -32602, "message": "Ключ не авторизован"},
    ],
)
def test_an_error_about_the_key_is_auth(error: object) -> None:
    """By its code, or by words that speak of the key or of who asks."""
    with pytest.raises(KeyRefused):
        result_of({"id": 1, "error": error}, 1, KEY)


@pytest.mark.parametrize(
    "error",
    [
        {"code": -32602, "message": "It is not allowed to request more than 31 days"},
        {"code": -32000, "message": "You are not allowed to request future days"},
        {"code": -32602, "message": "No permission to view reports older than a year"},
        "Permission denied for this period",
        {"code": -32602, "message": "Invalid key 'from' in filter"},
        {"code": -32602, "message": "Missing key: projectId"},
        {"code": -32700, "message": "Invalid token at position 3"},
        {"code": -32601, "message": "Method not found"},
        {"code": -32000, "message": "Unexpected token < in JSON"},
        {"code": -32603, "message": "duplicate key value violates unique constraint"},
        {"code": -32603, "message": "SQLSTATE[23000]: foreign key constraint fails"},
        {"code": 404, "message": "Project not found"},
        {"code": 429, "message": "Too many requests"},
        {"code": -32000, "message": "The author of the report is unknown"},
        "Local authority is closed",
        "Keyboard not found",
        {"code": -32602, "message": "Project is not authorized to use this tariff"},
        {"code": -32000, "message": "You are not authorized to view future days"},
        {"code": -32000, "message": "Unauthorized period: more than 31 days"},
        {"code": -32000, "message": "Authorization of the tariff is pending"},
        {"code": -32000, "message": "Access denied for this period"},
        {"code": -32000, "message": "Проект не авторизован для этого тарифа"},
        {"code": -32000, "message": "Доступ запрещён для этого тарифа"},
        "",
        {"code": "401"},
    ],
)
def test_an_error_that_is_no_matter_of_the_key_is_rpc_error(error: object) -> None:
    """Permission, and the keys of something else, are not the key."""
    with pytest.raises(PollError) as caught:
        result_of({"id": 1, "error": error or {"message": ""}}, 1, KEY)
    assert caught.value.reason == "rpc_error"


def test_the_message_is_clipped_printable_and_without_the_key() -> None:
    """The log has the code alone; people get at most 200 characters."""
    with pytest.raises(RpcFailed) as caught:
        result_of(
            {"id": 1, "error": {"code": 5, "message": "Ann KEY-\x00canary\n\x1b" + "x" * 900}},
            1,
            KEY,
        )
    assert str(caught.value) == "JSON-RPC error 5"  # what is logged names nobody
    said = caught.value.said
    assert said.startswith("Ann <secret>xxx")
    assert len(said) == 200
    problem = caught.value.problem
    assert (problem.text, problem.said) == ("JSON-RPC error 5", said)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("code", [1_000_000, 20261125, 10**4000, 0.5, "7", True], ids=range(6))
def test_a_number_that_is_no_code_is_not_shown(code: float, sign: int) -> None:
    """It may be a key, or fill the log."""
    shown = code if isinstance(code, str | bool) else sign * code
    with pytest.raises(RpcFailed) as caught:
        result_of({"error": {"code": shown, "message": ""}}, 1, Secret("20261125"))
    assert str(caught.value) == "JSON-RPC error"


@pytest.mark.parametrize("code", [5512, -32055, 155120])
def test_a_code_that_holds_the_key_is_not_shown(code: int) -> None:
    """A short key of digits would else be read in the log."""
    with pytest.raises(RpcFailed) as caught:
        result_of({"error": {"code": code}}, 1, Secret("5512" if code > 0 else "32055"))
    assert str(caught.value) == "JSON-RPC error"
