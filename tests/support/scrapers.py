"""Many scrapes at once, as a program of its own: `python -m tests.support.scrapers ADDRESS COUNT`.

In the test's own process they would keep each other from measuring. Prints the seconds that each
took and the distinct sizes of the pages, as JSON.
"""

import asyncio
import gzip
import json
import sys
import time


async def fetch(address: str, path: str = "/metrics") -> tuple[float, bytes]:
    """The seconds that a 200 took, and its body as it came."""
    host, port = address.split(":")
    started = time.perf_counter()
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        head, _, body = (await reader.read(-1)).partition(b"\r\n\r\n")
    finally:
        writer.close()
    assert head.startswith(b"HTTP/1.1 200 "), head
    return time.perf_counter() - started, body


async def _crowd(address: str, count: int) -> None:
    found = await asyncio.gather(*(fetch(address) for _ in range(count)))
    series = {
        gzip.decompress(body).count(b"\nringostat_employee_status_seconds{")
        for body in {body for _, body in found}
    }
    print(json.dumps({"seconds": [one for one, _ in found], "series": sorted(series)}))


if __name__ == "__main__":
    asyncio.run(_crowd(sys.argv[1], int(sys.argv[2])))
