"""Configurations of the known keys, with values that belong there and with hostile ones."""

from collections.abc import Sequence
from typing import Any

import yaml
from hypothesis import strategies as st

ENVIRONMENT = {
    "SECRET": "KEY-canary-env",
    "EMPTY": "",
    "LINES": "a\nb: c",
    "BYTES": "\udcff",
    "URL": "http://127.0.0.1:1",
}
HOSTILE = [
    *(
        "",
        " ",
        "~",
        "null",
        "NO",
        "1:30",
        "0",
        "1",
        "-1",
        "+1",
        "1.0",
        "1e9",
        "0x10",
        "007",
        "9" * 5000,
    ),
    *(
        "nan",
        "inf",
        "٣",
        "true",
        "[]",
        "{}",
        "!!python/object:os.system x",
        "&a",
        "*a",
        "<<",
        "%",
        "@",
    ),
    *(
        "\0",
        "\x1b[2J",
        "\u2028",
        "\ud7ff",
        "\ufeff",
        "x" * 5000,
        "$",
        "$$",
        "${",
        "${NONE}",
        "${NONE:-1}",
    ),
    *(
        "${SECRET}",
        "${EMPTY}",
        "${LINES}",
        "${BYTES}",
        "${URL}",
        "ключ",
        "a b",
        "#",
        "a: b",
        "- a",
        "'",
    ),
]
REGEXES = (
    ".*",
    "Ann",
    r"(\w+\s?)+#",
    "(?i)a",
    r"\p{Greek}",
    "",
    "x{1000}",
    "${URL}",
    "${NONE:-a}",
)
BAD_REGEXES = [
    *("(", ")", "[", "a{99999999999}", "a{1001}", "(?=a)", r"(a)\1", "((a{100}){100}){100}"),
    *("(" * 3000 + ")" * 3000, "[" * 3000, "a**", "*", "\\"),
]
DURATIONS = ("15s", "60s", "1h30m", "292y", "15s1ms")
BAD_DURATIONS = ["99999999999999y", "0s", "1ms", "1s", "15", "1y" * 30]
BAD_FILES = [
    *(
        "bad_key",
        "no.pem",
        "fifo",
        "folder",
        "none",
        "key/x",
        "/dev/zero",
        "a\0b",
        "${SECRET}",
        "empty",
    ),
]
URLS = (
    "https://api.ringostat.net",
    "http://127.0.0.1:1",
    "http://[::1]:1",
    "http://localhost:1/x/",
    "${URL}",
)
BAD_URLS = [
    *(
        "https://a:99999",
        "https://a:٨",
        "https://a:+1",
        "https://a/x/../y",
        "https://[::1",
        "https://xn--",
        "https://a..b",
        "ftp://a",
        "http://a",
        "//a",
        "https://",
    ),
    *(
        "https://" + "a" * 64,
        "https://a/" + "a" * 70_000,
        "https://a b",
        "https://a#b",
        "https://u:p@a",
    ),
]
PROXIES = (
    "http://proxy:1",
    "https://proxy",
    "http://svc:S3cret-canary%23@proxy",
    "http://S3cret-canary@p",
)
BAD_PROXIES = [
    *(
        "http://svc:S3cret-canary#1@proxy:3128",
        "socks5://S3cret-canary@a",
        "http://S3cret-canary:x@:1",
    ),
    *("http://svc:S3cret-canary@pro xy", "http://[S3cret-canary", "S3cret-canary"),
]
KEYS = ("KEY-canary", "KEY-canary\n", "${SECRET}")
BAD_KEYS = ["KEY-canary b", "KEY-canaryé", "", "KEY-canary\0", "${NONE}"]
ZONES = ("UTC", "Europe/Kyiv", "EST5EDT")
BAD_ZONES = ["Kiev", "Europe", "../x", "/etc/passwd", "zone.tab", "utc ", "${SECRET}"]
WINDOWS = ("today", "yesterday", "last_7_days", "last_366_days", "this_month", "previous_week")

scalars = st.sampled_from(HOSTILE) | st.text(st.characters(codec="utf-8"), max_size=8)


def hostile(*good: str, bad: Sequence[str] = ()) -> st.SearchStrategy[Any]:
    """Mostly what is good there, at times what is not, at times anything else, of any shape."""
    anything = st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(scalars, inner, max_size=3),
        max_leaves=4,
    )
    others = st.sampled_from(bad) | anything if bad else anything
    fitting = st.sampled_from(good)
    return st.integers(0, 15).flatmap(lambda dice: fitting if dice else others)


def some(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=keys)


def lists(*good: str, bad: Sequence[str]) -> st.SearchStrategy[Any]:
    """Lists of one to three different ones; at times something that is none."""
    inner = hostile(*good, bad=bad)
    several = st.lists(inner, min_size=1, max_size=3, unique_by=str)
    return st.integers(0, 15).flatmap(lambda dice: several if dice else inner)


shared = {
    "interval": hostile(*DURATIONS, bad=BAD_DURATIONS),
    "settled_interval": hostile(*DURATIONS, bad=BAD_DURATIONS),
    "catalog_interval": hostile(*DURATIONS, bad=BAD_DURATIONS),
    "stale_after": hostile(*DURATIONS, bad=BAD_DURATIONS),
    "timezone": hostile(*ZONES, bad=BAD_ZONES),
    "windows": lists(*WINDOWS, bad=["last_1_days", "Today"]),
    "max_employees": hostile("1", "5000", "9" * 18, bad=["0", "9" * 19]),
    "presence": hostile("true", "false", bad=["maybe"]),
    "employees": some(
        include=lists(*REGEXES, bad=BAD_REGEXES),
        exclude=lists(*REGEXES, bad=BAD_REGEXES),
        pseudonym_key_file=hostile("names_key", bad=["key", *BAD_FILES]),
    ),
}
one_key = st.one_of(
    st.fixed_dictionaries({"auth_key": hostile(*KEYS, bad=BAD_KEYS)}),
    st.fixed_dictionaries({"auth_key_file": hostile("key", bad=BAD_FILES)}),
    st.fixed_dictionaries({"auth_key": hostile(*KEYS, bad=BAD_KEYS)}),
)
projects = st.builds(
    lambda first, second, third: {**first, **second, **third},
    st.fixed_dictionaries(
        {"id": hostile(*(str(n) for n in range(1, 30)), bad=["9" * 19, "68861.0"])}
    ),
    one_key,
    some(name=hostile("Sales", "Збут", "\x1b[2J", "x" * 300, bad=["1", " Sales ", ""]), **shared),
)
api = some(
    base_url=hostile(*URLS, bad=BAD_URLS),
    timeout=hostile(*DURATIONS, bad=BAD_DURATIONS),
    max_concurrency=hostile("1", "8", "9" * 18),
    requests_per_second=hostile("1000", "0.0000000000000001", "5", bad=["0", "1001"]),
    max_response_bytes=hostile("1", "9" * 18),
    ca_file=hostile("ca.pem", bad=BAD_FILES),
    proxy_url=hostile(*PROXIES, bad=BAD_PROXIES),
)
structured = st.fixed_dictionaries(
    {"projects": st.lists(projects, min_size=1, max_size=2)},
    optional={"api": api, "defaults": some(**shared)},
).map(lambda value: yaml.safe_dump(value, allow_unicode=True))


def _damage(text: str, at: float, insert: str, drop: int) -> str:
    place = int(at * len(text))
    return text[:place] + insert + text[place + drop :]


# Damage may make a key of what was a secret, and unknown keys are quoted.
damaged = st.builds(
    _damage,
    structured.map(lambda text: text.replace("canary", "")),
    st.floats(0, 1),
    scalars
    | st.sampled_from(["\n", "  ", "\t", ":", "- ", "[", "{", '"', "*", "&", "!", "|", "\x80"]),
    st.integers(0, 20),
)
