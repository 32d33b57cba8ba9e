"""Polls that are cut at random moments on real sockets leave nothing behind."""

import asyncio
import random
import socket
import struct
from collections import Counter

import pytest

from exporter.errors import PollError
from exporter.ringostat.client import RingostatClient
from exporter.ringostat.reply import InFlight
from tests.support.peers import KEY, anything, client, number_of, peer, reply
from tests.support.real import descriptors, requires_linux, run_real, soaking

_AT_ONCE = 8


@pytest.mark.long
@requires_linux
def test_after_thousands_of_cut_polls_a_normal_one_succeeds_and_no_socket_is_left() -> None:
    """encode/httpcore #1093: a pool that loses slots answers nothing any more, for good."""
    polls = soaking(10_000, 1_000) // _AT_ONCE
    dice = random.Random(7)
    normal = asyncio.Event()

    async def main() -> Counter[str]:
        async with (
            peer(lambda reader, writer: answer(made.requests[-1], reader, writer)) as made,
            client(made.url, timeout_seconds=0.02, requests_per_second=1e6) as asking,
        ):
            before = descriptors()
            reasons = await asyncio.gather(*(cut_polls(asking) for _ in range(_AT_ONCE)))
            normal.set()
            await asyncio.sleep(0.1)  # noqa: TID251 - what was cut ends
            assert (await asking.fetch(anything(1), KEY, InFlight())).value == []
            await asyncio.sleep(0.1)  # noqa: TID251
            assert descriptors() - before <= 2  # the last one, kept alive, and its peer
            return sum(reasons, Counter())

    async def answer(
        request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        number = number_of(request)
        if normal.is_set():
            writer.write(reply(b'{"id": %d, "result": []}' % number))
            await writer.drain()
            return
        whole = reply(b'{"id": %d, "result": [%s]}' % (number, b"{}," * 400 + b"{}"))
        writer.write(whole[: dice.randrange(len(whole))])
        await writer.drain()
        way = dice.randrange(3)
        if way == 0:  # a reset instead of an end
            linger = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.transport.abort()
        elif way == 1:  # silence: the attempt's deadline cuts it
            await reader.read()

    async def cut_polls(asking: RingostatClient) -> Counter[str]:
        reasons: Counter[str] = Counter()
        for _ in range(polls):
            with pytest.raises(PollError) as caught:
                await asking.fetch(anything(1), KEY, InFlight())
            reasons[caught.value.reason] += 1
        return reasons

    found = run_real(main())
    print(f"polls that were cut: {dict(found)}")
    assert found.total() == polls * _AT_ONCE
    assert set(found) <= {"protocol", "timeout"}
