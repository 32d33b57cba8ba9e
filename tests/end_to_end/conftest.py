"""The documented samples as an upstream, for the tests of the whole program."""

from collections.abc import Iterator

import pytest

from tests.support.documented import Documented, serving_documents


@pytest.fixture
def documented() -> Iterator[Documented]:
    with serving_documents() as made:
        yield made
