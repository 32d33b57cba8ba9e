"""Many random projects at once, told in a random mixture of shapes."""

from pathlib import Path

from tests.support.people_model import random_case
from tests.support.people_pages import errors_of, people_of
from tests.support.people_run import PRIVATE, poll_once
from tests.support.real import soaking


def test_every_mixture_of_shapes_says_the_same_of_the_same_people(tmp_path: Path) -> None:
    """Every sample of every project is that of its people, whatever shape told of them."""
    cases = [random_case(seed) for seed in range(soaking(150, 60))]
    polled = poll_once(tmp_path, *cases, sip_interval="5m")
    for case in cases:
        found = people_of(polled.samples, case.name)
        assert found == case.expected, case.name
        assert people_of(polled.openmetrics_samples, case.name) == case.expected
        assert errors_of(polled.samples, case.name) == {}
    pages = (polled.text + polled.openmetrics + polled.status).decode() + polled.log
    assert [word for word in PRIVATE if word in pages] == []
