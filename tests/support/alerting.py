"""A real Alertmanager in a test, and what it tells its receivers."""

import json
import re
import threading
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support.http_api import Answer, Request, http_of
from tests.support.processes import ROOT, get, need, process, wait_for

Labels = Mapping[str, str]
EXAMPLE = ROOT / "prometheus" / "alertmanager.yml"


def _shipped() -> dict[str, dict[str, Any]]:
    rules = [
        rule
        for path in (ROOT / "prometheus" / "rules").glob("*.yaml")
        for group in yaml.safe_load(path.read_text("utf-8"))["groups"]
        for rule in group["rules"]
    ]
    return {rule["alert"]: rule for rule in rules if "alert" in rule}


SHIPPED = _shipped()


def alert(name: str, **more: str) -> dict[str, str]:
    """The labels of a shipped alert: those of its rule, and those its dashboard is filtered by."""
    rule = SHIPPED[name]
    own = re.findall(r"var-(\w+)=", rule["annotations"]["dashboard_url"])
    values = {"job": "ringostat", "instance": "a:10105", "project": "Sales"}
    return {
        "alertname": name,
        **{label: values.get(label, "Ann") for label in own},
        **rule["labels"],
        **more,
    }


@dataclass
class Told:
    """What each receiver was told, a list of the alerts' labels a message."""

    messages: list[tuple[str, list[dict[str, str]]]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, request: Request) -> Answer:
        body = json.loads(request.body)
        with self._lock:
            self.messages.append(
                (request.path.removeprefix("/"), [one["labels"] for one in body["alerts"]])
            )
        return 200, {}, b""

    def names(self, receiver: str) -> list[str]:
        """The alerts that one receiver was told of, in order of their names."""
        return sorted(
            labels["alertname"]
            for to, alerts in list(self.messages)
            if to == receiver
            for labels in alerts
        )


@dataclass(frozen=True)
class Alertmanager:
    """One that runs with the shipped routes and inhibitions.

    Attributes:
        address: Host and port.
        told: What its receivers were told so far.
        settings: Its configuration, as it was read last.
        path: The file that it reads.
    """

    address: str
    told: Told
    settings: dict[str, Any]
    path: Path

    def read_again(self, edit: Callable[[dict[str, Any]], None]) -> None:
        """Changes the configuration and has it read."""
        edit(self.settings)
        self.path.write_text(yaml.safe_dump(self.settings))
        assert get(self.address, "/-/reload", "POST")[0] == 200

    def post(self, alerts: Sequence[Labels]) -> None:
        """Reports these alerts as firing, as Prometheus does."""
        request = urllib.request.Request(
            f"http://{self.address}/api/v2/alerts",
            data=json.dumps([{"labels": labels} for labels in alerts]).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.status == 200

    def inhibited(self) -> list[dict[str, str]]:
        """The labels of the alerts that another one silences."""
        found = json.loads(get(self.address, "/api/v2/alerts")[2])
        return [one["labels"] for one in found if one["status"]["inhibitedBy"]]


@contextmanager
def alertmanager(
    folder: Path, edit: Callable[[dict[str, Any]], None] = lambda _settings: None
) -> Iterator[Alertmanager]:
    """The shipped example with short waits and a webhook for each receiver."""
    program = need("prometheus-alertmanager")
    told = Told()
    with http_of(told.take) as url:
        settings = yaml.safe_load(EXAMPLE.read_text("utf-8"))
        settings["route"] |= {"group_wait": "1s", "group_interval": "1s"}
        for receiver in settings["receivers"]:
            receiver["webhook_configs"] = [{"url": f"{url}/{receiver['name']}"}]
        edit(settings)
        path = folder / "alertmanager.yml"
        path.write_text(yaml.safe_dump(settings))
        with process(
            [
                program,
                f"--config.file={path}",
                f"--storage.path={folder}/data",
                "--web.listen-address=127.0.0.1:0",
                "--cluster.listen-address=",
            ]
        ) as running:
            address = running.line(r'msg="Listening on" address=(\S+)')[1]
            wait_for(lambda: get(address, "/-/ready")[0] == 200, 15, "Alertmanager ready")
            yield Alertmanager(address, told, settings, path)
