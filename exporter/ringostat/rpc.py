"""JSON-RPC as Ringostat speaks it: bytes <-> request and result. Pure.

Source: the API description; its sample reply of method 2 is not JSON, so replies are read
strictly and whatever is not an answer is a typed error.
"""

import codecs
import json
import re
from typing import NoReturn

from exporter.errors import (
    BodyUndecodable,
    KeyRefused,
    RpcFailed,
    RpcFailedForNow,
    SchemaMismatch,
)
from exporter.ringostat.key import Secret

_MESSAGE_LENGTH = 200
# An e-mail address, or a number as long as a telephone's: never shown of a message.
_CONTACT = re.compile(r"\S+@\S+|\+?\d{9,}")
# JSON-RPC 2.0, "Error object": internal error, and the first of the server's own.
_MAY_PASS = (-32603, -32000)
# An error that has HTTP's number for it.
_NOT_AUTHORISED = 401
# JSON-RPC 2.0: not JSON, no request, no such method, invalid parameters. The request is what is
# wrong then, so "invalid key" is one of its parameters; "unauthorized" alone is of the key still.
_ABOUT_THE_REQUEST = (-32700, -32600, -32601, -32602)
# A sentence that goes on speaks of something else: "is not authorized to use this tariff".
_ENDS = r"(?=\s*(?:[-–—.,:;!()]|$))"
_SURELY_ABOUT_THE_KEY = re.compile(
    rf"\b(?:un|not )authori[sz]ed(?: request| access| user| client)?{_ENDS}"
    rf"|\bauthori[sz]ation (?:is |was |has )?(?:required|failed|missing|expired|error){_ENDS}"
    r"|\b(?:no|missing|invalid|wrong|bad|incorrect|expired) authori[sz]ation\b"
    r"|\bauthori[sz]ation (?:of (?:the |your )?)?(?:key|token|credentials?|header)\b"
    r"|\b(?:key|token|credentials?) (?:is |are |was )?(?:un|not )authori[sz]ed"
    r"|\bunauthenticated|\bauthenticat"
    r"|\b(?:auth|api|access)[-_ ]?(?:key|token)\b"
    r"|(?:не)?автентиф|(?:не)?аутентиф|(?:ключ|токен)\w* (?:не ?)?авториз"
    rf"|\b(?:не ?авторизован|авторизац)\w*{_ENDS}|\bавторизац\w+ (?:обов|обяз|потріб|необх|треб)",
    re.IGNORECASE,
)
_ABOUT_THE_KEY = re.compile(
    rf"\baccess (?:is )?denied{_ENDS}|\blog[- ]?in (?:is )?required|\bcredentials?\b"
    r"|\b(?:invalid|wrong|bad|incorrect|expired|unknown|missing|revoked|no) (?:key|token)\b"
    r"|\b(?:key|token) (?:is |has |was )?(?:not |been )?(?:valid|invalid|wrong|incorrect|expired"
    r"|unknown|missing|revoked|found|accepted|blocked|disabled)\b"
    r"|(?:невірн|неправильн|неверн|недійсн|недейств)\w* (?:ключ|токен)"
    rf"|доступ (?:заборонен|запрещ)\w*{_ENDS}",
    re.IGNORECASE,
)
# Longer texts are prose or a page; only their beginning is looked at.
_LOOKED_AT = 2000
# JSON-RPC's codes have five digits. A longer number is a stranger's text, and may be a key.
_CODES_BELOW = 1_000_000


def encode_request(request_id: int, method: str, params: dict[str, object]) -> bytes:
    """The body of a request: `{"id": 7, "jsonrpc": "2.0", "method": ..., "params": ...}`."""
    body = {"id": request_id, "jsonrpc": "2.0", "method": method, "params": params}
    return json.dumps(body).encode()


class _KeyTwice(ValueError):
    """An object has a key twice."""


def _refuse_constant(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _KeyTwice
    return found


def decode(body: bytes) -> object:
    """A reply's body as JSON values. Strict UTF-8; a leading byte order mark is skipped.

    The standard library's reader and not a faster one: those refuse an unpaired surrogate, and
    would lose a whole report for one name.

    Raises:
        BodyUndecodable: It is not JSON, nests too deep, holds NaN, a number of over 4,300
            digits, or one key twice in an object.
    """
    try:
        text = body.removeprefix(codecs.BOM_UTF8).decode("utf-8")
        decoded: object = json.loads(
            text, parse_constant=_refuse_constant, object_pairs_hook=_unique
        )
    except _KeyTwice:
        raise BodyUndecodable("the body has a key twice in one object") from None
    except (ValueError, RecursionError):
        kind = f"{len(body)} bytes that are not JSON" if body.strip() else "empty"
        raise BodyUndecodable(f"the body is {kind}") from None
    return decoded


def result_of(reply: object, request_id: int, key: Secret) -> object:
    """What a reply answers: the value of its `result`.

    A truthy `error` is an error whatever the reply's id says. Otherwise there must be a
    `result`, which may be null, and the id must be the request's, compared as strings: the
    documentation shows `"777"` for 777.

    Raises:
        KeyRefused: An error whose code or text is about the key; not one that only speaks of
            permission, as of a period that is too long.
        RpcFailed: Any other error.
        SchemaMismatch: No object, neither result nor error, or a reply to another request.
    """
    if not isinstance(reply, dict):
        raise SchemaMismatch("the reply is not a JSON object")
    if reply.get("error"):
        raise _error_of(reply["error"], key)
    if "result" not in reply:
        raise SchemaMismatch("the reply has neither result nor error")
    if str(reply.get("id")) != str(request_id):
        raise SchemaMismatch("the reply is to another request (its id differs)")
    return reply["result"]


def bare_value_of(reply: object, key: Secret) -> object:
    """What a reply without JSON-RPC around it says; an error in it is one all the same.

    Raises:
        KeyRefused: An error about the key.
        RpcFailed: Any other error.
    """
    if isinstance(reply, dict):
        if reply.get("error"):
            raise _error_of(reply["error"], key)
        return reply.get("result", reply)
    return reply


def _error_of(error: object, key: Secret) -> KeyRefused | RpcFailed:
    said = error.get("message") if isinstance(error, dict) else error
    text = said if isinstance(said, str) else ""
    printable = key.hide_in("".join(c for c in text if c.isprintable()))
    shown = _CONTACT.sub("…", printable)[:_MESSAGE_LENGTH]
    number = _code_of(error)
    message = _numbered(number, key)
    if _is_about_the_key(number, text[:_LOOKED_AT]):
        return KeyRefused(message, shown)
    if isinstance(error, str) or number in _MAY_PASS:
        return RpcFailedForNow(message, shown)
    return RpcFailed(message, shown)


def _code_of(error: object) -> int | None:
    code = error.get("code") if isinstance(error, dict) else None
    is_code = isinstance(code, int) and not isinstance(code, bool) and abs(code) < _CODES_BELOW
    return code if is_code else None


def _numbered(number: int | None, key: Secret) -> str:
    shows_key = number is not None and key.hide_in(str(number)) != str(number)
    return "JSON-RPC error" if number is None or shows_key else f"JSON-RPC error {number}"


def _is_about_the_key(number: int | None, text: str) -> bool:
    if number == _NOT_AUTHORISED or _SURELY_ABOUT_THE_KEY.search(text):
        return True
    return number not in _ABOUT_THE_REQUEST and bool(_ABOUT_THE_KEY.search(text))
