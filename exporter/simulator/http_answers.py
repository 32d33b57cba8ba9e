"""HTTP answers, and what JSON-RPC wraps around a result. Pure."""

import json
from dataclasses import dataclass, field


@dataclass(slots=True)
class HttpAnswer:
    """One HTTP answer.

    Attributes:
        status: The status code.
        body: What is sent.
        content_type: Its header.
        headers: Further ones.
        announced: The Content-Length, where it is not the body's.
        drip: Whether the body is sent byte by byte, with a pause after each.
    """

    status: int
    body: bytes
    content_type: bytes = b"application/json"
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    announced: int | None = None
    drip: bool = False


def json_answer(value: object) -> HttpAnswer:
    """A good answer of bare JSON."""
    return HttpAnswer(200, json.dumps(value, ensure_ascii=False).encode())


def rpc_result(number: object, result: object) -> HttpAnswer:
    """A result of the request with that id."""
    return json_answer({"jsonrpc": "2.0", "result": result, "id": number})


def rpc_error(number: object, code: int, message: str) -> HttpAnswer:
    """An error of the request with that id; JSON-RPC's errors are a 200 as well."""
    return json_answer(
        {"jsonrpc": "2.0", "error": {"code": code, "message": message}, "id": number}
    )
