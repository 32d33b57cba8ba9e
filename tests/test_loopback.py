"""What counts as this machine."""

import pytest

from exporter.loopback import is_loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_this_machine_is_known_by_its_addresses_and_its_usual_name(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "0.0.0.0", "::", "10.0.0.1", "localhost.example", "127.0.0.1.example", "::ffff:1"]
)
def test_everything_else_is_another_machine(host: str) -> None:
    assert not is_loopback(host)
