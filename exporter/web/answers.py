"""Short answers, and what every answer has: headers, and a bound on what a socket is handed."""

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_HEADERS = {
    # The page names people: no proxy and no browser cache may keep it.
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
_PART_BYTES = 65_536


def text_answer(text: str, status: int = 200, **headers: str) -> PlainTextResponse:
    """One line of text; an underscore in the name of a header stands for a hyphen."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return PlainTextResponse(f"{text}\n", status, {**SAFE_HEADERS, **named})


def in_small_parts(application: ASGIApp) -> ASGIApp:
    """The same application; a large body is handed over in parts.

    What a socket does not take at once is kept for each reader, and by TLS in a second copy:
    the next part is handed over when the reader has taken the previous one.
    """

    async def bounded(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_in_parts(message: Message) -> None:
            body = message.get("body", b"")
            if len(body) <= _PART_BYTES:
                await send(message)
                return
            for start in range(0, len(body), _PART_BYTES):
                part = body[start : start + _PART_BYTES]
                more = start + len(part) < len(body) or message.get("more_body", False)
                await send({"type": message["type"], "body": part, "more_body": more})

        await application(scope, receive, send_in_parts)

    return bounded


def with_safe_headers(application: ASGIApp) -> ASGIApp:
    """The same application; whatever it answers has the safe headers, its errors as well."""
    safe = [(name.lower().encode(), value.encode()) for name, value in SAFE_HEADERS.items()]

    async def safely(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                missing = [header for header in safe if header[0] not in given]
                message = {**message, "headers": [*message["headers"], *missing]}
            await send(message)

        await application(scope, receive, send_safely)

    return safely
