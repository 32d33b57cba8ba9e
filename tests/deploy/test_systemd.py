"""The unit: systemd understands it, and finds little to fear."""

import re
import subprocess
from pathlib import Path

from tests.support.processes import need

UNIT = Path(__file__).parent.parent.parent / "deploy" / "systemd" / "ringostat-exporter.service"


def test_systemd_understands_it(tmp_path: Path) -> None:
    """`systemd-analyze verify` has nothing to say of the unit."""
    program = tmp_path / "ringostat-exporter"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = tmp_path / UNIT.name
    text = UNIT.read_text("utf-8")
    assert "/opt/ringostat-exporter/bin/ringostat-exporter " in text
    unit.write_text(text.replace("/opt/ringostat-exporter/bin/ringostat-exporter", str(program)))
    checked = subprocess.run(
        [need("systemd-analyze"), "verify", str(unit)], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    assert UNIT.name not in checked.stderr


def test_it_is_little_exposed() -> None:
    """Systemd's own score: 0 is nothing to fear, 10 everything."""
    command = [need("systemd-analyze"), "security", "--offline=true", "--no-pager", str(UNIT)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    score = re.search(r"exposure level for \S+: ([\d.]+)", checked.stdout)
    assert score, checked.stdout + checked.stderr
    print(f"exposure {score[1]}")
    assert float(score[1]) < 2
