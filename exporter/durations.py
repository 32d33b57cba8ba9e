"""Durations as text <-> seconds: Prometheus's, and Go's where a file's format comes from there."""

import re

# Source: prometheus/common, model.ParseDuration: units from large to small, each at most once.
_PROMETHEUS = re.compile(
    r"(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?", re.ASCII
)
_UNIT_SECONDS = (31_536_000, 604_800, 86_400, 3600, 60, 1, 0.001)
# Source: Go's time.ParseDuration.
_GO = re.compile(r"(?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+", re.ASCII)
_GO_PART = re.compile(r"(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)", re.ASCII)
_GO_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
# Python refuses to convert very long numbers, in words that are not ours.
_LONGEST_TEXT = 20
# Prometheus and Go count nanoseconds in 64 bits: about 292 years.
_LONGEST_SECONDS = (2**63 - 1) / 1e9


def parse_duration(value: object) -> float:
    """`1h30m` -> 5400 seconds.

    Raises:
        ValueError: The value is not a Prometheus duration, or over 292 years.
    """
    match = _PROMETHEUS.fullmatch(value) if isinstance(value, str) else None
    if match is None or not value or len(match[0]) > _LONGEST_TEXT:
        raise ValueError("is not a duration like 15s, 1h30m or 7d")
    numbers = (int(number or 0) for number in match.groups())
    return _bounded(float(sum(n * unit for n, unit in zip(numbers, _UNIT_SECONDS, strict=True))))


def parse_go_duration(value: object) -> float:
    """`1m30s` or `1.5h` -> seconds; a bare number is nanoseconds, as in Go.

    Raises:
        ValueError: The value is not a Go duration, or over 292 years.
    """
    text = value if isinstance(value, str) and len(value) <= _LONGEST_TEXT else ""
    if text.isascii() and text.isdecimal():
        return _bounded(int(text) / 1e9)
    if not _GO.fullmatch(text):
        raise ValueError("is not a duration like 1s, 100ms or 1m30s")
    parts = _GO_PART.findall(text)
    return _bounded(sum(float(number) * _GO_SECONDS[unit] for number, unit in parts))


def _bounded(seconds: float) -> float:
    if seconds > _LONGEST_SECONDS:
        raise ValueError("is longer than 292 years")
    return seconds


def format_duration(seconds: float) -> str:
    """5400 seconds -> `1h30m`: as Prometheus and the configuration write durations."""
    left = round(seconds * 1000)
    parts: list[str] = []
    for unit, length in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)):
        number, left = divmod(left, length)
        if number:
            parts.append(f"{number}{unit}")
    if left:
        parts.append(f"{left}ms")
    return "".join(parts) or "0s"
