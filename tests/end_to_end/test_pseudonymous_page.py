"""With a pseudonym key no page, command or log has a name; a rotated key is shown at once."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.documented import scrape
from tests.support.exporting import SECONDS, select
from tests.support.http_api import Answer, api_of
from tests.support.processes import address_of, exporter, get, process, wait_for
from tests.support.pseudonyms import ANOTHER_KEY, KEY, VERA

NAME = "Vera Canary"
ANOTHER_VERA = "p-HT4TZL4N"  # openssl's, with the other key


def answer(asked: dict[str, Any]) -> Answer:
    """Project 1 reports; 2 to 5 fail, with a name in what they say."""
    body: dict[str, Any] = {"jsonrpc": "2.0", "id": asked["id"]}
    number = asked["params"]["projectId"]
    if asked["method"] == "getCustomStatuses":
        body["result"] = []
    elif number == 1:
        body["result"] = [{"employee": NAME, "online": "01:00:00", "Nap": "00:00:05"}]
    elif number == 2:
        body["error"] = {"code": -32602, "message": f"{NAME} has left"}
    elif number == 3:
        body["error"] = {"code": 1, "message": f"Unauthorized: {NAME}"}
    elif number == 4:
        body["error"] = f"{NAME} has left"
    else:
        body["result"] = [{"employee": NAME, "online": "x"}, [NAME], NAME]
    return 200, {}, json.dumps(body).encode()


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "names-key").write_bytes(KEY)
    entries = "".join(f"  - {{id: {n}, name: P{n}, auth_key: k}}\n" for n in range(1, 6))
    with api_of(answer) as url:
        path = tmp_path / "config.yaml"
        path.write_text(
            f"api: {{base_url: '{url}', requests_per_second: 500}}\n"
            "defaults: {interval: 1s, timezone: UTC, windows: [today, yesterday],"
            " employees: {pseudonym_key_file: names-key}}\n"
            f"projects:\n{entries}"
        )
        yield path


def shown(address: str) -> set[str]:
    return {dict(labels)["employee"] for _, labels in select(scrape(address), SECONDS)}


def test_no_page_and_no_log_has_a_name_and_a_rotated_key_is_shown_at_once(config: Path) -> None:
    """The rotation needs no reload; a file that breaks afterwards changes nothing."""
    key = config.parent / "names-key"
    with exporter(f"--config.file={config}", "--log.level=debug") as running:
        address = address_of(running)
        wait_for(lambda: get(address, "/-/ready")[0] == 200, 30, "every project tried")
        assert shown(address) == {VERA}
        pages = [get(address)[2].decode(), get(address, "/")[2].decode()]
        key.write_bytes(ANOTHER_KEY)
        wait_for(lambda: shown(address) != {VERA}, 10, "the other key's pseudonyms")
        assert shown(address) == {ANOTHER_VERA}
        key.write_bytes(b"short")
        running.line("pseudonym key file rejected; keeping the previous key")
        assert shown(address) == {ANOTHER_VERA}
        pages += [get(address)[2].decode(), get(address, "/")[2].decode()]
        assert running.stop() == 0
    assert "JSON-RPC error -32602" in pages[1]
    assert "Canary" not in "".join([*pages, *running.lines])


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["check"], "warning: projects P1, P2, P3, P4, P5: others on this machine may read"),
        (["check"], "  names: shown as pseudonyms, key: "),
        (["check", "--live"], "today: JSON-RPC error -32602. Check the project's id."),
        (["once"], VERA),
        (["once", "--format=json"], VERA),
        (["once", "--format=csv"], VERA),
        (["once", "--format=prometheus"], VERA),
        (["backfill", "--from=2026-01-01", "--to=2026-01-02", "--output=-"], VERA),
        (["capture", "--project=1"], "Employee 1"),
        (["capture", "--project=2"], "-32602"),
        (["pseudonym", NAME], VERA),
    ],
    ids=lambda value: "-".join(value[:2]) if isinstance(value, list) else "",
)
def test_no_command_prints_a_name(config: Path, command: list[str], words: str) -> None:
    """Neither in its answer nor in what failed."""
    (config.parent / "names-key").chmod(0o644)
    arguments = [sys.executable, "-m", "exporter", *command, f"--config.file={config}"]
    with process(arguments) as running:
        running.popen.wait(60)
        running.stop()
    printed = "\n".join(running.lines)
    assert words in printed
    assert "Canary" not in printed
    assert "Traceback" not in printed
