"""The rules and the configuration, by Prometheus's own tools."""

import subprocess
from pathlib import Path

import pytest
import yaml

from tests.support.processes import need

FOLDER = Path(__file__).parent.parent.parent / "prometheus"
RULES = [str(path) for path in sorted(FOLDER.glob("rules/*.yaml"))]
TESTS = [str(path) for path in sorted(FOLDER.glob("rules/tests/*.yaml"))]


@pytest.mark.real
def test_the_example_of_alertmanager_is_good() -> None:
    """`amtool check-config` accepts it."""
    done = subprocess.run(
        [need("amtool"), "check-config", str(FOLDER / "alertmanager.yml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_has_tests_that_it_fires_and_that_it_does_not() -> None:
    """Each alert has a case of either kind, and stays silent over a midnight."""
    fires: set[str] = set()
    silent: set[str] = set()
    for path in TESTS:
        for test in yaml.safe_load(Path(path).read_text())["tests"]:
            for case in test.get("alert_rule_test", []):
                (fires if case.get("exp_alerts") else silent).add(case["alertname"])
    alerts = {
        rule["alert"]
        for path in RULES
        for group in yaml.safe_load(Path(path).read_text())["groups"]
        for rule in group["rules"]
        if "alert" in rule
    }
    assert alerts == fires == silent
    midnight = yaml.safe_load((FOLDER / "rules" / "tests" / "midnight.test.yaml").read_text())
    cases = midnight["tests"][0]["alert_rule_test"]
    assert {case["alertname"] for case in cases if "exp_alerts" not in case} == alerts
    assert len(alerts) == 20


@pytest.mark.real
@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "config", str(FOLDER / "prometheus.yml")],
        ["check", "rules", "--lint=all", "--lint-fatal", *RULES],
        *(["test", "rules", path] for path in TESTS),
    ],
    ids=["config", "rules", *(Path(path).name for path in TESTS)],
)
def test_promtool_is_content(arguments: list[str]) -> None:
    """`promtool` accepts the rules and their unit tests pass."""
    done = subprocess.run(
        [need("promtool"), *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
