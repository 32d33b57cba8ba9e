"""Random histories: the page shows what the contract says, sample for sample."""

from pathlib import Path

import pytest

from tests.oracle.run import live
from tests.support.real import soaking


@pytest.mark.parametrize("seed", range(soaking(500, 12)))
def test_the_page_shows_what_the_contract_says(seed: int, tmp_path: Path) -> None:
    tally = live(seed, tmp_path)
    print(tally)
