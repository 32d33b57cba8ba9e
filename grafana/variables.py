"""The dashboards' variables: the drop-down lists at the top."""

from typing import Any

from grafana_foundation_sdk.builders.dashboard import DatasourceVariable, QueryVariable
from grafana_foundation_sdk.models import dashboard as model

from grafana.panels import DATASOURCE
from grafana.queries import LAST_SUCCESS, MATCHERS


def query_variable(name: str, label: str, expression: str) -> Any:
    """A variable whose values come from a query; several can be chosen, all by default."""
    return (
        QueryVariable(name)
        .label(label)
        .datasource(DATASOURCE)
        .query(expression)
        .refresh(model.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(model.VariableSort.ALPHABETICAL_ASC)
        .multi(True)
        .include_all(True)
        .all_value(".+")
        .current(model.VariableOption(text="All", value="$__all"))
    )


def single_value(variable: Any, default: str) -> Any:
    """The same variable, of which one value is chosen at a time."""
    option = model.VariableOption(text=default, value=default)
    return variable.multi(False).include_all(False).all_value("").current(option)


def window_variable() -> Any:
    """The report's window: today unless another is chosen."""
    expression = f"label_values({LAST_SUCCESS}{{{MATCHERS}}}, window)"
    return single_value(query_variable("window", "Window", expression), "today")


def department_variable() -> Any:
    """The departments whose employees are shown."""
    memberships = f"ringostat_employee_department_info{{{MATCHERS}}}"
    expression = f"label_values({memberships}, department)"
    return query_variable("department", "Department", expression)


def common_variables() -> list[Any]:
    """The variables of every dashboard: data source, job, instance and project."""
    info = "ringostat_project_info"
    of_job = f'{info}{{job=~"$job"}}'
    of_instance = f'{info}{{job=~"$job", instance=~"$instance"}}'
    return [
        DatasourceVariable("datasource").label("Data source").type("prometheus"),
        query_variable("job", "Job", f"label_values({info}, job)"),
        query_variable("instance", "Instance", f"label_values({of_job}, instance)"),
        query_variable("project", "Project", f"label_values({of_instance}, project)"),
    ]
