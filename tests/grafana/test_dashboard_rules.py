"""The rules of dashboards: a sound one passes, and each rule finds what breaks it."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.grafana.dashboard_rules import Json, problems

SOURCE = {"type": "prometheus", "uid": "${datasource}"}
SELECTOR = '{job=~"$job", instance=~"$instance"}'


def variable(name: str) -> Json:
    return {
        "name": name,
        "type": "query",
        "label": name.title(),
        "datasource": SOURCE,
        "query": f"label_values(up, {name})",
        "multi": True,
        "allValue": ".+",
        "refresh": 2,
    }


def sound() -> Json:
    source = {"type": "datasource", "name": "datasource", "query": "prometheus"}
    panel = {
        "type": "timeseries",
        "title": "Requests",
        "description": "Requests a second.",
        "datasource": SOURCE,
        "fieldConfig": {"defaults": {"unit": "reqps"}},
        "targets": [{"expr": f"sum(rate(requests_total{SELECTOR}[$__rate_interval]))"}],
    }
    variables = [{**source, "label": "Data source"}, variable("job"), variable("instance")]
    return {"editable": False, "templating": {"list": variables}, "panels": [panel]}


def asks(query: str) -> Callable[[Json], None]:
    """A change of the panel's query."""
    return lambda dashboard: dashboard["panels"][0]["targets"][0].update(expr=query)


def panel_has(**values: Any) -> Callable[[Json], None]:
    return lambda dashboard: dashboard["panels"][0].update(values)


def variable_has(number: int, **values: Any) -> Callable[[Json], None]:
    return lambda dashboard: dashboard["templating"]["list"][number].update(values)


def test_a_sound_dashboard_has_no_problems() -> None:
    assert problems(sound()) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda dashboard: dashboard["templating"]["list"].pop(0), "variables for a data source"),
        (variable_has(0, name="source"), "named source"),
        (variable_has(0, label="Prometheus"), "label is Prometheus"),
        (lambda dashboard: dashboard["templating"]["list"].pop(2), "no variable instance"),
        (variable_has(1, datasource={"uid": "P1"}), "does not use the chosen data source"),
        (variable_has(1, datasource={"uid": "datasource"}), "does not use the chosen data source"),
        (variable_has(1, type="custom"), "has the type 'custom'"),
        (variable_has(1, label="job"), "has the label 'job'"),
        (variable_has(1, multi=False), "has the multi False"),
        (variable_has(2, allValue=None), "has the allValue None"),
        (variable_has(2, refresh=1), "not refreshed with the time range"),
        (variable_has(2, query="label_values(up{, job)"), "has the query"),
        (variable_has(2, query="up"), "has the query"),
        (lambda dashboard: dashboard.update(editable=True), "can be edited"),
        (panel_has(title=""), "has no title"),
        (panel_has(description=""), "has no description"),
        (panel_has(targets=[]), "has no targets"),
        (panel_has(datasource={"uid": "P1"}), "does not use the chosen data source"),
        (panel_has(fieldConfig={"defaults": {}}), "has the unit ''"),
        (panel_has(fieldConfig={"defaults": {"unit": "seconds"}}), "has the unit 'seconds'"),
        (asks("sum("), "is not PromQL"),
        (asks('up{job=~"$job"}'), 'lacks instance=~"$instance"'),
        (asks('up{job="$job", instance=~"$instance"}'), 'lacks job=~"$job"'),
        (asks(f"sum(requests_total{SELECTOR})"), "without its rate"),
        (asks(f"max_over_time(requests_total{SELECTOR}[1h])"), "without its rate"),
        (panel_has(links=[{"title": "More", "placement": "menu"}]), "has a placement"),
        (lambda board: board.update(links=[{"placement": "x"}]), "has a placement"),
        (asks(f"a:b:sum{SELECTOR}"), "needs the recording rule a:b:sum"),
        (asks(f"sum(ringostat_employee_x{SELECTOR})"), "takes the sum of ringostat_employee_x"),
        (
            asks(f"sum by (a) (max_over_time(ringostat_employee_x{SELECTOR}[1d]))"),
            "takes the sum of ringostat_employee_x",
        ),
        (asks(f"max(count(ringostat_employee_x{SELECTOR}))"), "takes the count of"),
        (asks(f"1 + rate(requests_total{SELECTOR}[5m])"), "another range than"),
    ],
)
def test_each_rule_finds_what_breaks_it(change: Callable[[Json], None], sentence: str) -> None:
    dashboard = copy.deepcopy(sound())
    change(dashboard)
    assert any(sentence in problem for problem in problems(dashboard)), problems(dashboard)


def test_a_maximum_over_instances_may_be_added_up() -> None:
    dashboard = sound()
    asks(f"sum(max by (employee) (max_over_time(ringostat_employee_x{SELECTOR}[1d])))")(dashboard)
    assert problems(dashboard) == []


def test_panels_in_a_collapsed_row_are_looked_at_too() -> None:
    dashboard = sound()
    panel = {**dashboard["panels"][0], "title": ""}
    dashboard["panels"].append({"type": "row", "title": "More", "panels": [panel]})
    assert problems(dashboard) == ["panel '' has no title"]


def test_mapped_values_and_texts_need_no_unit() -> None:
    mapped = sound()
    panel_has(fieldConfig={"defaults": {"mappings": [{"type": "value"}]}})(mapped)
    assert problems(mapped) == []
    text = sound()
    options = {"reduceOptions": {"fields": "/^status$/"}}
    panel_has(type="stat", options=options, fieldConfig={"defaults": {}})(text)
    assert problems(text) == []
