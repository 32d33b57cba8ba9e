"""What `check` calls good starts and reloads: everything is built where the file is checked."""

from pathlib import Path

import pytest
import trustme

from exporter.config import load
from exporter.errors import ConfigurationError
from exporter.ringostat.transport import make_transport

URL = "must be a URL like https://api.ringostat.net"
PROXY = (
    "must be a URL like http://proxy.example:3128; in a password # is %23, / is %2F, ? is %3F "
    "and @ is %40"
)
REGEX = "is not a valid regular expression (RE2, Prometheus's syntax)"


def mistakes(folder: Path, text: str, **environment: str) -> list[str]:
    """The lines for a configuration, without the file's name."""
    path = folder / "config.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load(path, environment)
    return [line.removeprefix(f"{path}:") for line in caught.value.mistakes]


@pytest.mark.parametrize(
    "url",
    [
        "https://canary:99999",
        "https://canary:0",
        "https://canary:port",
        "https://canary:٨",
        "https://canary:+443",
        "https://canary:4_43",
        "http://127.0.0.1:1_0",
        "https://canary:",
        "https://[fe80::1%25canary]",
        "https://[fe80::1%canary]",
        "https://[::1",
        "https://[canary]",
        "https://999.1.1.1",
        "https://xn--",
        "https://xn--canary-",
        "https://canary..example",
        "https://-canary.example",
        "https://.",
        "https://" + "c" * 64 + ".example",
        "https://" + "canary." * 50 + "example",
        "https://canary/" + "x" * 70_000,
        "https://can ary",
        "https://can%20ary",
        "https://canary/?x=1",
        "https://canary/#x",
        "https://canary:secret@api.example",
        "https://canary\\\\@api.example",
        "https:canary",
        "//canary",
        "canary",
        "ftp://canary",
        "",
    ],
)
def test_an_address_that_the_client_refuses_is_a_mistake(tmp_path: Path, url: str) -> None:
    """Whatever httpx, the name service or the socket would refuse later; never quoted."""
    text = f'api: {{base_url: "{url}"}}\nprojects: [{{id: 1, auth_key: k}}]\n'
    assert mistakes(tmp_path, text) == [f"1: api.base_url: {URL}"]


@pytest.mark.parametrize(
    "url",
    [
        "http://svc:S3cret#1@proxy:3128",
        "http://svc:3128#1@proxy:3128",
        "http://svc:S3cret/1@proxy:3128",
        "http://svc:12/1@proxy:3128",
        "http://svc:12?1@proxy:3128",
        "http://svc:S3cret@proxy:99999",
        "http://svc:S3cret@proxy:٨",
        "http://svc:S3cret@proxy:+80",
        "http://svc:S3cret@[fe80::1%25x]:80",
        "http://svc:S3cret@",
        "socks5://svc:S3cret@proxy:1080",
        "svc:S3cret@proxy:3128",
        "http://svc:S3cret@pro xy",
        "",
    ],
)
def test_an_address_of_a_proxy_never_shows_its_password(tmp_path: Path, url: str) -> None:
    """A # in a password is read as the end of the host: httpx would quote half of it."""
    text = f'api: {{proxy_url: "{url}"}}\nprojects: [{{id: 1, auth_key: k}}]\n'
    assert mistakes(tmp_path, text) == [f"1: api.proxy_url: {PROXY}"]


@pytest.mark.parametrize(
    ("base", "proxy"),
    [
        ("https://api.example", "http://svc:S3cret%231@proxy:3128"),
        ("https://api.example:8443/some/path/", "https://proxy/"),
        ("HTTPS://Api.Example", "http://[::1]:3128"),
        ("https://пример.example", "http://127.0.0.1"),
        ("http://[::1]:8080", "http://localhost:1"),
        ("https://api_1.example.", "http://svc@proxy"),
    ],
)
def test_good_addresses_are_good_for_the_client(tmp_path: Path, base: str, proxy: str) -> None:
    """The client's transport is made of them."""
    path = tmp_path / "config.yaml"
    path.write_text(
        f"api: {{base_url: '{base}', proxy_url: '{proxy}'}}\nprojects: [{{id: 1, auth_key: k}}]"
    )
    api = load(path, {}).api
    assert make_transport(api.trust, api.proxy_url)
    assert "S3cret" not in repr(api)


@pytest.mark.parametrize("path", ["/x/../y", "/./x", "/..", "/ключ", "/%2e%2e/x", "/a%zz", "//x"])
def test_a_path_that_a_client_rewrites_is_a_mistake(tmp_path: Path, path: str) -> None:
    """What stands in the file is what is asked for."""
    text = f'api: {{base_url: "https://canary{path}"}}\nprojects: [{{id: 1, auth_key: k}}]\n'
    assert mistakes(tmp_path, text) == [
        "1: api.base_url: must have a path of ASCII letters, digits and -._~ without . and .."
    ]


def broken_pem() -> bytes:
    lines = trustme.CA().cert_pem.bytes().splitlines()
    lines[2] = lines[2][::-1]
    return b"\n".join(lines)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"canary", "holds no certificate in PEM"),
        (b"", "holds no certificate in PEM"),
        (b"\x30\x82\xff\x00" * 9, "holds no certificate in PEM"),
        (b"-----BEGIN CERTIFICATE-----\ncanary\n", "holds no certificate in PEM"),
        (
            b"-----BEGIN CERTIFICATE-----\ncanary\n-----END CERTIFICATE-----\n",
            "holds a certificate that cannot be read",
        ),
        (
            "-----BEGIN CERTIFICATE-----\nключ\n-----END CERTIFICATE-----\n".encode(),
            "holds a certificate that cannot be read",
        ),
        (broken_pem(), "holds a certificate that cannot be read"),
        (b"#" * ((1 << 20) + 1), "is over 1 MiB"),
    ],
    ids=["text", "empty", "DER", "cut", "no base64", "no ASCII", "broken", "large"],
)
def test_a_ca_file_that_cannot_be_loaded_is_a_mistake(
    tmp_path: Path, content: bytes, why: str
) -> None:
    """OpenSSL's own text is never shown."""
    (tmp_path / "ca.pem").write_bytes(content)
    text = "api: {ca_file: ca.pem}\nprojects: [{id: 1, auth_key: k}]\n"
    assert mistakes(tmp_path, text) == [f"1: api.ca_file: {tmp_path}/ca.pem {why}"]


def test_a_ca_file_with_text_between_its_certificates_is_read(tmp_path: Path) -> None:
    """In any alphabet, as bundles have it."""
    pems = [trustme.CA().cert_pem.bytes() for _ in range(2)]
    (tmp_path / "ca.pem").write_bytes("# Főtanúsítvány\r\n".encode().join([b"", *pems]))
    path = tmp_path / "config.yaml"
    path.write_text("api: {ca_file: ca.pem}\nprojects: [{id: 1, auth_key: k}]\n")
    assert len(load(path, {}).api.trust.context.get_ca_certs()) == 2


def test_the_usual_authorities_are_loaded_where_the_file_is_checked(tmp_path: Path) -> None:
    """A plain test stand needs none, and trusts nobody."""
    path = tmp_path / "config.yaml"
    path.write_text("projects: [{id: 1, auth_key: k}]")
    usual = load(path, {}).api.trust
    assert len(usual.context.get_ca_certs()) > 50
    assert usual == load(path, {}).api.trust
    path.write_text("api: {base_url: 'http://[::1]:1'}\nprojects: [{id: 1, auth_key: k}]")
    assert load(path, {}).api.trust.context.get_ca_certs() == []


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("interval: 99999999999999y", "interval: is longer than 292 years"),
        ("stale_after: 300y", "stale_after: is longer than 292 years"),
        (f"interval: {'9' * 5000}s", "interval: is not a duration like 15s, 1h30m or 7d"),
        ("timezone: ../../etc/passwd", 'timezone: unknown time zone "../../etc/passwd"'),
        ("timezone: Europe", 'timezone: unknown time zone "Europe"'),
        ("timezone: localtime", 'timezone: unknown time zone "localtime"'),
        ("timezone: Factory", 'timezone: unknown time zone "Factory"'),
        ("timezone: right/UTC", 'timezone: unknown time zone "right/UTC"'),
        ('timezone: "\\0"', 'timezone: unknown time zone "\ufffd"'),
        ("employees: {exclude: ['canary{99999999999}']}", "employees.exclude[0]: " + REGEX),
        ('employees: {include: [a, "\\ud800"]}', "employees.include[1]: " + REGEX),
        (f"employees: {{include: ['{'(' * 3000}canary']}}", "employees.include[0]: " + REGEX),
        (f"windows: [last_{'9' * 5000}_days]", "windows[0]: "),
        (f"max_employees: {'9' * 5000}", "max_employees: is over 18 digits long"),
    ],
)
def test_values_that_a_library_would_refuse_are_one_line(
    tmp_path: Path, value: str, line: str
) -> None:
    """At most 200 characters after its place, and without a value that may be a secret."""
    text = f"projects:\n- id: 1\n  auth_key: k\n  {value}\n"
    (mistake,) = mistakes(tmp_path, text)
    assert mistake.startswith(f"4: projects[0].{line}")
    assert len(mistake) < 300
    assert "canary" not in mistake


def test_variables_of_any_bytes_are_one_line_each(tmp_path: Path) -> None:
    """What the environment holds that is no text arrives as unpaired surrogates."""
    text = (
        "api: {base_url: '${X}', proxy_url: '${X}', ca_file: '${X}'}\n"
        "projects:\n- {id: 1, auth_key: '${X}', timezone: '${X}', windows: ['${X}'],\n"
        "   employees: {include: ['${X}']}}\n- {id: 2, auth_key_file: '${X}'}\n"
    )
    lines = mistakes(tmp_path, text, X="canary\udcff\0")
    assert len(lines) == 8
    assert not any("canary" in line for line in lines)
