"""Reloads of large and of bad files leave the event loop free: no turn of it takes 100 ms.

Other programs of the machine may hold it up as well, so the best of three rounds counts.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.real import run_real
from tests.test_app import Running, running


class LoopLag:
    """Measures how late a timer of 10 ms is woken up, at worst since it was last asked."""

    def __init__(self) -> None:
        self.worst = 0.0

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            planned = loop.time() + 0.01
            await asyncio.sleep(0.01)  # noqa: TID251
            self.worst = max(self.worst, loop.time() - planned)


@pytest.mark.long
def test_a_reload_of_a_thousand_projects_leaves_the_loop_free(tmp_path: Path) -> None:
    """All of them new, the same, changed, or nearly all of them gone."""
    more = ", max_employees: 9, employees: {exclude: ['AI IVR .*']}"
    kinds = {"new": (1000, ""), "same": (1000, ""), "changed": (1000, more), "fewer": (10, "")}

    async def measure(made: Running, lag: LoopLag, count: int, more: str) -> float:
        entries = (f"{{id: {n}, name: P{n}, auth_key: k{more}}}" for n in range(1, count + 1))
        made.write(*entries, requests_per_second=5)
        await asyncio.sleep(0.05)  # noqa: TID251 - the file above was written on the loop
        lag.worst = 0.0
        assert await made.exporter.reload()
        return lag.worst

    async def main() -> dict[str, float]:
        lags = dict.fromkeys(kinds, 60.0)
        async with running(tmp_path) as made:
            lag = LoopLag()
            ticker = asyncio.create_task(lag.run())
            for _ in range(3):
                for kind, (count, more) in kinds.items():
                    lags[kind] = min(lags[kind], await measure(made, lag, count, more))
                if max(lags.values()) < 0.1:
                    break
            ticker.cancel()
        return lags

    lags = run_real(main())
    figures = ", ".join(f"{kind} {lag * 1000:.0f} ms" for kind, lag in lags.items())
    print(f"reload of 1,000 projects, worst lag: {figures}")
    assert max(lags.values()) < 0.1


def _aliases() -> str:
    """0.8 MB of aliases that would unfold to a million values."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 6)]
    return "\n".join([*lines, "b:", *["- *a5"] * 100_000])


def _zones() -> str:
    entries = (f"  - {{id: {n}, auth_key: k, timezone: Buenas Airs {n}}}" for n in range(1, 301))
    return "\n".join(["projects:", *entries])


def _expressions() -> str:
    wild = "".join(f"'{'(a|b)*' * 100}{n}', " for n in range(1000))
    return f"projects: [{{id: 1, auth_key: k, employees: {{exclude: [{wild}'(']}}}}]"


@pytest.mark.long
@pytest.mark.parametrize("make", [_aliases, _zones, _expressions])
def test_a_bad_file_of_any_kind_leaves_the_loop_free(
    tmp_path: Path, make: Callable[[], str]
) -> None:
    """Aliases, mistyped zones, expressions: it is read beside the loop, in bounded time."""

    async def main() -> float:
        best = 60.0
        async with running(tmp_path) as made:
            lag = LoopLag()
            ticker = asyncio.create_task(lag.run())
            made.path.write_text(make())
            for _ in range(3):
                await asyncio.sleep(0.05)  # noqa: TID251 - the file above was made on the loop
                lag.worst = 0.0
                assert not await made.exporter.reload()
                best = min(best, lag.worst)
                if best < 0.1:
                    break
            ticker.cancel()
        return best

    assert run_real(main()) < 0.1
