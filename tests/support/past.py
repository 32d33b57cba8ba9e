"""The past of a real Prometheus, written by a test: what it would have scraped and recorded.

A Prometheus evaluates its rules at the present alone, and some records need what they said before.
So the test goes through the past in order: it hands over what scrapes have shown, by remote write,
and evaluates the rules at a moment as Prometheus does, one after the other, each result recorded
before the next rule is evaluated. What has vanished goes stale at once.
"""

import http.client
import json
import re
import struct
import urllib.parse
from collections.abc import Collection, Iterator, Mapping
from functools import cache

Labels = tuple[tuple[str, str], ...]
Results = dict[str, dict[Labels, float]]  # by record

_LINE = re.compile(r"^([a-z_]+)\{(.*)\} (\S+)$")
_LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')
_ESCAPES = {r"\\": "\\", r"\"": '"', r"\n": "\n"}
# The value by which Prometheus marks the end of a series: a NaN of its own.
_STALE = struct.pack("<Q", 0x7FF0000000000002)


class Past:
    """Hands scrapes and recorded results to a Prometheus, in the order of time.

    It must have been started with `--web.enable-remote-write-receiver`, without anything to scrape
    or to evaluate, and with blocks longer than the past.
    """

    def __init__(self, address: str, rules: Mapping[str, str]) -> None:
        """With the expressions of records, in the order of evaluation."""
        self._connection = http.client.HTTPConnection(address, timeout=30)
        self._rules = rules
        text = " ".join(rules.values())
        self._families = set(re.findall(r"(?<![:a-z_])ringostat_[a-z_]+", text))
        self._shown: dict[str, frozenset[bytes]] = {}
        self._unsent: list[bytes] = []

    def close(self) -> None:
        self._connection.close()

    def scrape(self, page: str, instance: str, at: int) -> None:
        """What a scrape has shown at a Unix time, as far as the rules ask for it.

        What the page before had and this one has not ends; an empty page ends everything.
        """
        more = (("instance", instance), ("job", "ringostat"))
        found = {}
        for line in page.splitlines():
            sample = _LINE.match(line)
            if sample and sample[1] in self._families:
                found[_encoded_line(sample[1], sample[2], more)] = float(sample[3])
        self._write(f"scrape of {instance}", found, at)

    def evaluate(self, at: int, records: Collection[str] | None = None) -> Results:
        """Evaluates the rules of some records, or all, at a Unix time and records the results."""
        results = {}
        for record, expression in self._rules.items():
            if records is not None and record not in records:
                continue
            # What the rule before has made, and what was scraped, is there when it is asked.
            self._send()
            results[record] = self.query(expression, at)
            encoded = {
                _encoded_labels((("__name__", record), *labels)): value
                for labels, value in results[record].items()
            }
            self._write(record, encoded, at)
        self._send()
        return results

    def query(self, expression: str, at: int) -> dict[Labels, float]:
        """The instant vector of an expression at a Unix time, without names of metrics."""
        body = urllib.parse.urlencode({"query": expression, "time": str(at)})
        kind = "application/x-www-form-urlencoded"
        answer = json.loads(self._post("query", body.encode(), {"Content-Type": kind}))
        return {
            tuple(sorted((k, v) for k, v in one["metric"].items() if k != "__name__")): float(
                one["value"][1]
            )
            for one in answer["data"]["result"]
        }

    def _write(self, source: str, found: Mapping[bytes, float], at: int) -> None:
        """Samples of one source; those that it had before and has no more end here."""
        time = b"\x10" + _varint(at * 1000)
        ended = self._shown.get(source, frozenset()) - found.keys()
        self._shown[source] = frozenset(found)
        packed = [(series, struct.pack("<d", value)) for series, value in found.items()]
        packed += [(series, _STALE) for series in ended]
        self._unsent += [
            _field(0x0A, series + _field(0x12, b"\x09" + value + time)) for series, value in packed
        ]

    def _send(self) -> None:
        if not self._unsent:
            return
        headers = {
            "Content-Encoding": "snappy",
            "Content-Type": "application/x-protobuf",
            "X-Prometheus-Remote-Write-Version": "0.1.0",
        }
        self._post("write", _snappy(b"".join(self._unsent)), headers)
        self._unsent = []

    def _post(self, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        self._connection.request("POST", f"/api/v1/{path}", body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        assert answer.status in (200, 204), content
        return content


def value_of(results: Results, record: str, **labels: str) -> float | None:
    """The one value of a record that has these labels among others; None if there is none."""
    wanted = labels.items()
    values = [value for key, value in results[record].items() if wanted <= dict(key).items()]
    assert len(values) <= 1
    return values[0] if values else None


@cache
def _encoded_line(name: str, text: str, more: Labels) -> bytes:
    labels = tuple(
        (key, re.sub(r"\\.", lambda escape: _ESCAPES[escape[0]], value))
        for key, value in _LABEL.findall(text)
    )
    return _encoded_labels((("__name__", name), *labels, *more))


@cache
def _encoded_labels(labels: Labels) -> bytes:
    """The labels of a series as protobuf, in the order of their names."""
    return b"".join(_field(0x0A, _label(*label)) for label in sorted(labels))


def _label(name: str, value: str) -> bytes:
    return _field(0x0A, name.encode()) + _field(0x12, value.encode())


def _field(tag: int, content: bytes) -> bytes:
    return bytes((tag,)) + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    return bytes(_groups(number))


def _groups(number: int) -> Iterator[int]:
    while number > 127:
        yield number & 127 | 128
        number >>= 7
    yield number


def _snappy(content: bytes) -> bytes:
    """Snappy's format without compression: one literal."""
    return _varint(len(content)) + b"\xfc" + struct.pack("<I", len(content) - 1) + content
