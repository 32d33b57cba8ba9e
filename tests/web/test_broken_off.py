"""Readers that break off in the middle of an answer: nothing of theirs is for the log."""

import asyncio
import logging
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from exporter.web.protocol import GuardedProtocol
from tests.support.real import run_real

MESSAGES: list[dict[str, object]] = [
    {"type": "http.response.start", "status": 200, "headers": []},
    {"type": "http.response.body", "body": b"x", "more_body": True},
    {"type": "http.response.body", "body": b"x"},
]


class Strict(asyncio.Transport):
    """Refuses to be written to after its end, as uvloop's does."""

    ended = False

    def get_extra_info(self, name: str, default: object = None) -> object:  # noqa: ARG002
        return default

    def is_closing(self) -> bool:
        return self.ended

    def write(self, data: object) -> None:  # noqa: ARG002
        if self.ended:
            raise RuntimeError("unable to perform operation; the handler is closed")

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass

    def close(self) -> None:
        self.ended = True


@pytest.mark.parametrize("requests", [1, 3])
@pytest.mark.parametrize("sent_before", [0, 1, 2])
def test_an_answer_to_a_reader_that_broke_off_ends_quietly(
    caplog: pytest.LogCaptureFixture, requests: int, sent_before: int
) -> None:
    """Of several requests uvicorn tells only the last one's answer, not the one under way."""

    async def main() -> None:
        begun, lost, answered = (asyncio.Event() for _ in range(3))

        async def application(_scope: Any, _receive: Any, send: Any) -> None:
            for number, message in enumerate(MESSAGES):
                if number == sent_before:
                    begun.set()
                    await lost.wait()
                await send(message)
            answered.set()

        config = uvicorn.Config(application, log_config=None, ws="none", lifespan="off")
        protocol, transport = GuardedProtocol(config, ServerState(), {}), Strict()
        protocol.connection_made(transport)
        protocol.data_received(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * requests)
        await begun.wait()
        transport.close()
        protocol.connection_lost(None)
        lost.set()
        async with asyncio.timeout(5):
            await answered.wait()

    with caplog.at_level(logging.ERROR):
        run_real(main())
    assert caplog.messages == []
