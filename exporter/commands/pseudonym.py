"""`pseudonym`: the pseudonym of a name, for whoever may look somebody up."""

from collections.abc import Sequence

from exporter.commands.output import write_line
from exporter.commands.session import chosen_projects
from exporter.config import Config
from exporter.errors import UsageError
from exporter.polling.project import ProjectSpec
from exporter.ringostat.names import clean


def pseudonym(config: Config, name: str, project: str | None) -> None:
    """Prints the pseudonym of a name or login; a line a project where they are not the same.

    Args:
        config: The configuration, which says where the keys are.
        name: As Ringostat has it; it is cleaned as the names of reports are.
        project: The name or id of the one project to look at; None: all of them.

    Raises:
        UsageError: The name is blank, the project is not configured, or there is no key. No
            message quotes the name.
    """
    if not name.strip():
        raise UsageError("NAME must not be blank")
    specs = chosen_projects(config.projects, (project,) if project else ())
    for line in _lines(specs, clean(name), project):
        write_line(line)


def _lines(specs: Sequence[ProjectSpec], name: str, project: str | None) -> list[str]:
    found = {spec.name: spec.names().label(name) for spec in specs if spec.pseudonyms is not None}
    if not found:
        which = "no project has" if project is None else f"--project={project}: it has no"
        raise UsageError(f"{which} employees.pseudonym_key_file")
    if len(found) == len(specs) and len(set(found.values())) == 1:
        return [next(iter(found.values()))]
    return [f"{label}: {shown}" for label, shown in found.items()]
