"""Random histories: the page shows what the contract says, sample for sample."""

from pathlib import Path

import pytest

from tests.oracle.compare import Tally
from tests.oracle.run import live
from tests.support.real import soaking

# Under `SOAK=1` 500 histories, and at least 1,000,000 samples in all; else a dozen.
GROUPS = soaking(20, 4)
HISTORIES = soaking(25, 3)
LEAST_SAMPLES = soaking(50_000, 3_000)
MOST_TEXTS = 3


@pytest.mark.long
@pytest.mark.parametrize("group", range(GROUPS))
def test_the_page_shows_what_the_contract_says(group: int, tmp_path: Path) -> None:
    """Whatever is answered, configured and done to the clocks: the oracle finds nothing."""
    total, wrong = Tally(), []
    for seed in range(group * HISTORIES, (group + 1) * HISTORIES):
        try:
            total.add(live(seed, tmp_path))
        except AssertionError as error:
            wrong.append(str(error))
    print(f"group {group}: {total}")
    assert not wrong, f"{len(wrong)} histories are wrong\n\n" + "\n\n".join(wrong[:MOST_TEXTS])
    assert total.samples >= LEAST_SAMPLES
