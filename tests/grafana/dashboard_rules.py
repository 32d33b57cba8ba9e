"""Rules of a well-made Grafana dashboard, after those of Grafana's dashboard-linter.

A rule takes a dashboard's JSON model and yields a sentence for each place that breaks it.
`problems` runs them all. They are written here because the linter itself needs Go.
"""

import re
from collections.abc import Iterator
from typing import Any

import promql_parser

Json = dict[str, Any]

# A duration that no query has of itself, so that `$__rate_interval` is known after parsing.
_RATE_INTERVAL_SECONDS = 7919
# Grafana's own variables stand for a duration or a number; ours stand in strings only.
_STAND_INS = {
    "__rate_interval": f"{_RATE_INTERVAL_SECONDS}s",
    "__interval": "1m",
    "__range": "1h",
    "__range_s": "3600",
}
_STRING_OR_VARIABLE = re.compile(r'"(?:[^"\\]|\\.)*"|\$\{?(?P<name>\w+)\}?')
_VARIABLE_QUERY = re.compile(
    r"(?:label_names|label_values|metrics|query_result)\((.*?)(?:,\s*\w+)?\)", re.DOTALL
)
_CHILDREN = ("expr", "lhs", "rhs", "param", "vector_selector", "args")
_RANGE_FUNCTIONS = ("rate", "irate")
_COUNTER_FUNCTIONS = (*_RANGE_FUNCTIONS, "increase")
_PANELS_WITH_QUERIES = ("stat", "table", "timeseries", "gauge")
_UNITS = frozenset(
    {
        *("none", "string", "short", "percent", "percentunit"),
        *("s", "ms", "m", "h", "d", "dtdurations", "dtdurationms", "dthms", "dtdhms", "clocks"),
        *("dateTimeAsIso", "dateTimeFromNow", "reqps", "ops", "cps", "bytes", "decbytes"),
        *("bool", "bool_yes_no", "bool_on_off"),
    }
)


def problems(dashboard: Json) -> list[str]:
    """Everything that is wrong with a dashboard, a sentence each."""
    rules = (
        _the_data_source_is_chosen_once,
        _job_and_instance_can_be_chosen,
        _variables_are_asked_anew_and_parse,
        _nobody_edits_it_in_place,
        _panels_say_what_they_show,
        _panels_have_a_unit,
        _queries_hold_to_the_variables,
        _links_are_where_every_grafana_shows_them,
        _queries_need_no_recording_rule,
        _people_count_once_whichever_instances_tell_of_them,
    )
    return [sentence for rule in rules for sentence in rule(dashboard)]


def _variables(dashboard: Json) -> list[Json]:
    return list(dashboard.get("templating", {}).get("list", []))


def _sources(dashboard: Json) -> list[Json]:
    """The variables that choose a data source."""
    return [variable for variable in _variables(dashboard) if variable["type"] == "datasource"]


def _panels(dashboard: Json) -> Iterator[Json]:
    for panel in dashboard.get("panels", []):
        yield panel
        yield from panel.get("panels") or []


def _uses_the_variable(dashboard: Json, owner: Json) -> bool:
    names = {source["name"] for source in _sources(dashboard)}
    uid = (owner.get("datasource") or {}).get("uid", "")
    return re.sub(r"^\$\{?(\w+)\}?$", r"\1", uid) in names and uid.startswith("$")


def _the_data_source_is_chosen_once(dashboard: Json) -> Iterator[str]:
    sources = _sources(dashboard)
    if len(sources) != 1:
        yield f"there are {len(sources)} variables for a data source; there must be one"
    for source in sources:
        kind = source["query"]
        if source["name"] not in ("datasource", f"{kind}_datasource"):
            yield f"the data source's variable is named {source['name']}"
        if source.get("label") not in ("Data source", f"{kind.title()} data source"):
            yield f"the data source's label is {source.get('label')}"


def _job_and_instance_can_be_chosen(dashboard: Json) -> Iterator[str]:
    by_name = {variable["name"]: variable for variable in _variables(dashboard)}
    for name in ("job", "instance"):
        if name not in by_name:
            yield f"there is no variable {name}"
            continue
        variable = by_name[name]
        if not _uses_the_variable(dashboard, variable):
            yield f"the variable {name} does not use the chosen data source"
        expected = {"type": "query", "label": name.title(), "multi": True, "allValue": ".+"}
        for key, value in expected.items():
            if variable.get(key) != value:
                yield f"the variable {name} has the {key} {variable.get(key)!r}, not {value!r}"


def _variables_are_asked_anew_and_parse(dashboard: Json) -> Iterator[str]:
    on_time_range_change = 2
    for variable in _variables(dashboard):
        if variable["type"] != "query":
            continue
        if variable.get("refresh") != on_time_range_change:
            yield f"the variable {variable['name']} is not refreshed with the time range"
        query = variable["query"]
        text = query if isinstance(query, str) else query.get("query", "")
        match = _VARIABLE_QUERY.fullmatch(text)
        if match is None or _parsed(match[1]) is None:
            yield f"the variable {variable['name']} has the query {text!r}"


def _nobody_edits_it_in_place(dashboard: Json) -> Iterator[str]:
    if dashboard.get("editable", True):
        yield "the dashboard can be edited in Grafana; it is built from code"


def _panels_say_what_they_show(dashboard: Json) -> Iterator[str]:
    for panel in _panels(dashboard):
        if panel["type"] not in _PANELS_WITH_QUERIES:
            continue
        for key in ("title", "description", "targets"):
            if not panel.get(key):
                yield f"panel {panel.get('title')!r} has no {key}"
        # A stat or a gauge takes the data source of its queries.
        if panel["type"] in ("table", "timeseries") and not _uses_the_variable(dashboard, panel):
            yield f"panel {panel.get('title')!r} does not use the chosen data source"


def _panels_have_a_unit(dashboard: Json) -> Iterator[str]:
    for panel in _panels(dashboard):
        if panel["type"] not in _PANELS_WITH_QUERIES:
            continue
        config = panel.get("fieldConfig", {})
        defaults = config.get("defaults", {})
        overrides = [
            override for rule in config.get("overrides", []) for override in rule["properties"]
        ]
        units = [defaults.get("unit", "")]
        units += [override["value"] for override in overrides if override["id"] == "unit"]
        # Mapped values and texts need no unit.
        mapped = defaults.get("mappings") or any(
            override["id"] == "mappings" for override in overrides
        )
        textual = panel["type"] == "stat" and panel["options"]["reduceOptions"].get("fields")
        if not mapped and not textual and units[-1] not in _UNITS:
            yield f"panel {panel.get('title')!r} has the unit {units[-1]!r}"


def _queries_hold_to_the_variables(dashboard: Json) -> Iterator[str]:
    for panel in _panels(dashboard):
        for target in panel.get("targets") or []:
            query = target.get("expr", "")
            tree = _parsed(query)
            sentences = ["is not PromQL"] if tree is None else _faults_of(tree)
            yield from (f"panel {panel.get('title')!r}: {query} {text}" for text in sentences)


def _links_are_where_every_grafana_shows_them(dashboard: Json) -> Iterator[str]:
    for owner in (dashboard, *_panels(dashboard)):
        for link in owner.get("links") or []:
            if "placement" in link:
                yield f"the link {link.get('title')!r} has a placement, which hides it in a menu"


def _queries(dashboard: Json) -> Iterator[tuple[str, str]]:
    """Each panel's title and one of its queries."""
    for panel in _panels(dashboard):
        for target in panel.get("targets") or []:
            yield panel.get("title", ""), target.get("expr", "")


def _queries_need_no_recording_rule(dashboard: Json) -> Iterator[str]:
    for title, query in _queries(dashboard):
        for node, _ in _selectors(_parsed(query)):
            if ":" in (node.name or ""):
                yield f"panel {title!r} needs the recording rule {node.name}"


def _people_count_once_whichever_instances_tell_of_them(dashboard: Json) -> Iterator[str]:
    """A restart may change `instance`: a sum of people's gauges has `max` below it."""
    for title, query in _queries(dashboard):
        for node, aggregations in _selectors(_parsed(query)):
            name = node.name or ""
            gauge = name.startswith("ringostat_employee_") and not name.endswith("_total")
            outer = aggregations[-1] if aggregations else ""
            if gauge and outer in ("sum", "count", "avg", "quantile", "count_values"):
                yield f"panel {title!r} takes the {outer} of {name} over instances"


def _selectors(
    node: Any, aggregations: tuple[str, ...] = ()
) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Every selector of series, with the aggregations around it, the innermost last."""
    kind = type(node).__name__
    if kind == "VectorSelector":
        yield node, aggregations
    if kind == "AggregateExpr":
        aggregations = (*aggregations, str(node.op))
    for child in _children(node):
        yield from _selectors(child, aggregations)


def _parsed(query: str) -> Any:
    """The query's tree, with stand-ins for variables outside of strings; None if it has none."""

    def stand_in(match: re.Match[str]) -> str:
        name = match["name"]
        return match[0] if name is None else _STAND_INS.get(name, name)

    try:
        return promql_parser.parse(_STRING_OR_VARIABLE.sub(stand_in, query))
    except ValueError:
        return None


def _faults_of(node: Any, call: str | None = None) -> Iterator[str]:
    """What is wrong with a query's tree; `call` is the function whose argument the node is in."""
    kind = type(node).__name__
    if kind == "VectorSelector":
        matchers = {
            (matcher.name, str(matcher.op), matcher.value) for matcher in node.matchers.matchers
        }
        for label in ("job", "instance"):
            if (label, str(promql_parser.MatchOp.Re), f"${label}") not in matchers:
                yield f'lacks {label}=~"${label}"'
        if (node.name or "").endswith("_total") and call not in _COUNTER_FUNCTIONS:
            yield "shows a counter without its rate or increase"
    foreign_range = (
        kind == "MatrixSelector" and node.range.total_seconds() != _RATE_INTERVAL_SECONDS
    )
    if foreign_range and call in _RANGE_FUNCTIONS:
        yield f"takes the {call} over another range than $__rate_interval"
    inner = node.func.name if kind == "Call" else call
    for child in _children(node):
        yield from _faults_of(child, inner)


def _children(node: Any) -> Iterator[Any]:
    for name in _CHILDREN:
        value = getattr(node, name, None)
        yield from value if isinstance(value, list) else [] if value is None else [value]
