"""The dashboards' variables: the drop-down lists at the top."""

from typing import Any

from grafana_foundation_sdk.builders.dashboard import DatasourceVariable, QueryVariable
from grafana_foundation_sdk.models import dashboard as model

from grafana.panels import DATASOURCE
from grafana.queries import DEPARTMENT_INFO, LAST_SUCCESS, MATCHERS, MEMBERSHIPS
from grafana.wording import Language


def query_variable(_: Language, name: str, label: str, expression: str) -> Any:
    """A variable whose values come from a query; several can be chosen, all by default.

    Natural order is by the reader's language, so that І is not before А.
    """
    return (
        QueryVariable(name)
        .label(label)
        .datasource(DATASOURCE)
        .query(expression)
        .refresh(model.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(model.VariableSort.NATURAL_ASC)
        .multi(True)
        .include_all(True)
        .all_value(".+")
        .current(model.VariableOption(text=_("All"), value="$__all"))
    )


def window_variable(_: Language) -> Any:
    """The report's window: today unless another is chosen."""
    expression = f"label_values({LAST_SUCCESS}{{{MATCHERS}}}, window)"
    today = model.VariableOption(text="today", value="today")
    variable = query_variable(_, "window", _("Window"), expression)
    return variable.multi(False).include_all(False).all_value("").current(today)


def department_variable(_: Language, several: bool = True) -> Any:
    """The departments whose employees are shown."""
    expression = f"label_values({DEPARTMENT_INFO}{{{MATCHERS}}}, department)"
    return query_variable(_, "department", _("Department"), expression).multi(several)


def employee_variable(_: Language) -> Any:
    """People of the chosen departments.

    Several can be chosen, also because Grafana escapes what an expression would take for its own,
    as `(` and `+`, in the values of such variables alone.
    """
    return query_variable(_, "employee", _("Employee"), f"label_values({MEMBERSHIPS}, employee)")


def common_variables(_: Language) -> list[Any]:
    """The variables of every dashboard: data source, job, instance and project.

    Grafana's linter knows the first three by their English labels, so they keep those.
    """
    info = "ringostat_project_info"
    of_job = f'{info}{{job=~"$job"}}'
    of_instance = f'{info}{{job=~"$job", instance=~"$instance"}}'
    return [
        DatasourceVariable("datasource").label("Data source").type("prometheus"),
        query_variable(_, "job", "Job", f"label_values({info}, job)"),
        query_variable(_, "instance", "Instance", f"label_values({of_job}, instance)"),
        query_variable(_, "project", _("Project"), f"label_values({of_instance}, project)"),
    ]
