"""Basic auth, headers and the rate limit of the web configuration, in front of everything.

One file over 250 lines: every test asks the same guarded application.
"""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import bcrypt
import httpx
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from exporter.clock import SystemClock
from exporter.log import make_log
from exporter.web.auth import AuthMiddleware
from exporter.web.passwords import PasswordChecker
from exporter.web.web_config import WebConfigFile
from tests.support.exporting import Lines
from tests.support.real import run_real
from tests.support.virtual import run_virtual

RIGHT = "correct horse"


def hash_of(password: str) -> str:
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()


def users(**passwords: str) -> str:
    lines = "".join(f"  {name}: {hash_of(word)}\n" for name, word in passwords.items())
    return f"basic_auth_users:\n{lines}"


class ProtectedApplication:
    """An application behind a web configuration on disk, and every line of its log."""

    def __init__(self, folder: Path, text: str) -> None:
        self.path = folder / "web.yaml"
        self.path.write_text(text)
        self.lines: list[str] = []
        log = make_log("debug", "logfmt", Lines(self.lines))
        self.passwords = PasswordChecker(log)
        application = Starlette(routes=[Route("/", self.answer)])
        self.file = WebConfigFile(self.path, SystemClock(), log)
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(AuthMiddleware(application, self.file, self.passwords)),
            base_url="http://exporter",
        )

    def replace(self, text: str) -> None:
        """Changes the file, and looks at it as the server does once a second."""
        self.path.write_text(text)
        self.file.refresh()

    async def answer(self, _request: object) -> PlainTextResponse:
        return PlainTextResponse("the page", headers={"X-Frame-Options": "ours"})

    async def get(self, auth: tuple[str, str] | None = None, **headers: str) -> httpx.Response:
        return await self.client.get("/", auth=auth, headers=headers)


@asynccontextmanager
async def protected(folder: Path, text: str) -> AsyncIterator[ProtectedApplication]:
    application = ProtectedApplication(folder, text)
    try:
        yield application
    finally:
        await application.client.aclose()
        application.passwords.close()


def test_without_users_everybody_may(tmp_path: Path) -> None:
    """Without `basic_auth_users` a request needs no password."""

    async def main() -> int:
        async with protected(tmp_path, "") as application:
            return (await application.get()).status_code

    assert run_real(main()) == 200


def encoded(text: bytes) -> str:
    return "Basic " + base64.b64encode(text).decode()


NOBODY = [
    "",
    "Basic",
    "Basic ???",
    "Bearer " + RIGHT,
    encoded(b"alice"),
    encoded(b"alice:wrong"),
    encoded(b"alice:"),
    encoded(b"mallory:" + RIGHT.encode()),
    encoded(b":" + RIGHT.encode()),
    encoded(b"alice:" + RIGHT.encode() + b"\0"),
    encoded(b"\xff\xfe:\xff"),
    "Basic " + "A" * 10_000,
]


def test_who_is_refused_is_refused_in_one_shape(tmp_path: Path) -> None:
    """None, wrong, unknown, malformed: nothing tells one from the other."""

    async def main() -> None:
        async with protected(tmp_path, users(alice=RIGHT)) as application:
            answers = [await application.get(Authorization=header) for header in NOBODY]
            answers.append(await application.client.get("/"))
            shapes = {
                (answer.status_code, answer.content, str(answer.headers)) for answer in answers
            }
            assert len(shapes) == 1
            status, _, headers = shapes.pop()
            assert status == 401
            assert "basic realm=" in headers.lower()
            assert (await application.get(("alice", RIGHT))).text == "the page"
            scheme = encoded(f"alice:{RIGHT}".encode()).replace("Basic", "bAsIc")
            assert (await application.get(Authorization=scheme)).status_code == 200

    run_real(main())


def test_bcrypt_looks_at_72_bytes_so_more_are_never_right(tmp_path: Path) -> None:
    """A password over 72 bytes is never accepted, although bcrypt would compare its beginning."""
    longest = "p" * 72

    async def main() -> list[int]:
        async with protected(tmp_path, users(alice=longest)) as application:
            words = (longest, longest + "q", longest[:-1])
            return [(await application.get(("alice", word))).status_code for word in words]

    assert run_real(main()) == [200, 401, 401]


METHODS = ("GET", "HEAD", "POST", "PUT", "OPTIONS")


def test_every_path_and_method_is_guarded_but_what_shows_no_data(tmp_path: Path) -> None:
    """Without a password no path that shows data is answered; the probes and the runbook are."""

    async def main(*paths: str) -> set[int]:
        async with protected(tmp_path, users(alice=RIGHT)) as application:
            return {
                (await application.client.request(method, path)).status_code
                for path in paths
                for method in METHODS
            }

    guarded = ("/", "/metrics", "/-/reload", "/nothing", "/-/healthy/", "//-/ready", "/-/Healthy")
    assert run_real(main(*guarded, "/runbook/", "//runbook", "/Runbook")) == {401}
    # This application has none of them.
    assert run_real(main("/-/healthy", "/-/ready", "/runbook")) == {404}


def test_the_probes_are_spared_by_the_rate_limit(tmp_path: Path) -> None:
    """A health check neither is refused nor takes a scraper's place; a runbook is and does."""

    async def main() -> list[int]:
        async with protected(tmp_path, "rate_limit: {interval: 1h, burst: 2}\n") as application:
            paths = ["/-/healthy", "/-/ready"] * 5 + ["/", "/runbook", "/", "/-/healthy"]
            return [(await application.client.get(path)).status_code for path in paths]

    assert run_real(main()) == [404] * 10 + [200, 404, 429, 404]


def test_a_users_right_password_is_no_other_users(tmp_path: Path) -> None:
    """The cache of right ones must not take `a:b` + `c` for `a` + `b:c`."""

    async def main() -> list[int]:
        async with protected(tmp_path, users(a="b:c", ab=":c")) as application:
            pairs = (("a", "b:c"), ("ab", ":c"), ("a", ":c"), ("ab", "b:c"))
            twice = [*pairs, *pairs]
            return [(await application.get(pair)).status_code for pair in twice]

    assert run_real(main()) == [200, 200, 401, 401] * 2


def test_a_right_password_does_not_wait_behind_wrong_ones(tmp_path: Path) -> None:
    """A password that was verified once is accepted while 80 wrong ones wait for bcrypt."""

    async def main() -> tuple[int, int]:
        async with protected(tmp_path, users(alice=RIGHT)) as application:
            await application.get(("alice", RIGHT))
            wrong = [
                asyncio.create_task(application.get((f"user{n}", "x" * n))) for n in range(80)
            ]
            await asyncio.sleep(0)  # noqa: TID251 - lets them begin
            status = (await application.get(("alice", RIGHT))).status_code
            pending = sum(not task.done() for task in wrong)
            await asyncio.gather(*wrong)
            return status, pending

    status, pending = run_real(main())
    assert status == 200
    assert pending > 0  # the others were sent away at once, or are still being checked


def test_more_than_can_be_checked_are_503_and_told_once(tmp_path: Path) -> None:
    """Past 100 waiting checks a request is answered 503, never 401; one log line says so."""

    async def main() -> tuple[set[int], list[str]]:
        async with protected(tmp_path, users(alice=RIGHT)) as application:
            answers = await asyncio.gather(
                *(application.get(("alice", f"no {n}")) for n in range(300))
            )
            assert all(
                answer.headers["Retry-After"] == "1"
                for answer in answers
                if answer.status_code == 503
            )
            return {answer.status_code for answer in answers}, application.lines

    statuses, lines = run_real(main())
    assert statuses == {401, 503}
    assert len([line for line in lines if "too many passwords to check" in line]) == 1
    assert not any(word in line for line in lines for word in (RIGHT, "no 1"))


def test_a_removed_user_is_refused_although_another_has_the_same_hash(tmp_path: Path) -> None:
    """A verified password is forgotten with its user, even if the same hash is still listed."""
    shared = hash_of(RIGHT)
    both = f"basic_auth_users:\n  alice: {shared}\n  bob: {shared}\n"
    alice_alone = f"basic_auth_users:\n  alice: {shared}\n"

    async def main() -> list[int]:
        async with protected(tmp_path, both) as application:
            before = (await application.get(("bob", RIGHT))).status_code
            application.replace(alice_alone)
            after = [
                (await application.get((name, RIGHT))).status_code for name in ("bob", "alice")
            ]
            return [before, *after]

    assert run_real(main()) == [200, 401, 200]


def test_a_changed_password_holds_from_the_next_request(tmp_path: Path) -> None:
    """A new password is accepted, and the old one refused, without a restart."""

    async def main() -> list[int]:
        async with protected(tmp_path, users(alice=RIGHT)) as application:
            before = (await application.get(("alice", RIGHT))).status_code
            application.replace("# renewed\n" + users(alice="another"))
            after = [
                (await application.get(("alice", word))).status_code for word in (RIGHT, "another")
            ]
            return [before, *after]

    assert run_real(main()) == [200, 401, 200]


def test_headers_are_on_every_answer_and_a_blank_one_takes_ours_away(tmp_path: Path) -> None:
    """Configured headers replace ours on every response, refusals too; an empty one removes it."""
    text = "http_server_config:\n  headers:\n    X-Frame-Options: {}\n"

    async def main(value: str, more: str = "") -> httpx.Headers:
        async with protected(tmp_path, text.format(value) + more) as application:
            return (await application.get()).headers

    assert run_real(main("deny")).get_list("X-Frame-Options") == ["deny"]
    assert "X-Frame-Options" not in run_real(main("''"))
    refused = run_real(main("deny", users(alice=RIGHT)))
    assert refused["X-Frame-Options"] == "deny"
    assert "WWW-Authenticate" in refused


def test_a_burst_and_then_one_an_interval(tmp_path: Path) -> None:
    """`burst` requests are answered at once, then one every `interval`; others get 429."""

    async def main() -> list[int]:
        async with protected(tmp_path, "rate_limit: {interval: 10s, burst: 3}\n") as application:
            statuses = [(await application.get()).status_code for _ in range(5)]
            await asyncio.sleep(10.5)  # noqa: TID251 - virtual
            return statuses + [(await application.get()).status_code for _ in range(2)]

    assert run_virtual(main) == [200, 200, 200, 429, 429, 200, 429]


def test_another_limit_holds_from_the_next_request(tmp_path: Path) -> None:
    """A changed `rate_limit` applies to the next request, and 0 removes it."""

    async def main() -> list[int]:
        async with protected(tmp_path, "rate_limit: {interval: 1h, burst: 1}\n") as application:
            statuses = [(await application.get()).status_code for _ in range(2)]
            application.replace("rate_limit: {interval: 0, burst: 1} # off\n")
            return [*statuses, (await application.get()).status_code]

    assert run_real(main()) == [200, 429, 200]
