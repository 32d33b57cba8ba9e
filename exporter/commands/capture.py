"""`capture`: one raw reply with names and key replaced, for a bug report."""

import asyncio
import json
import re
import sys

from exporter.commands.session import api_session, chosen_projects, specs_of
from exporter.config import Config
from exporter.errors import PollError
from exporter.polling.query import queries_of
from exporter.ringostat.key import Secret

_NAME = re.compile(r'("employee"\s*:\s*)("(?:[^"\\]|\\.)*")')


def capture(config: Config, project: str | None, method: str) -> int:
    """Prints the reply's body as it came, but for names and the key.

    Returns:
        The exit code: 1 if there was no reply, else 0.

    Raises:
        UsageError: The project is not configured.
    """
    spec = chosen_projects(specs_of(config, (0, 1)), (project,) if project else ())[0]
    query = next(query for query in queries_of(spec) if query.method == method)

    async def run() -> bytes:
        async with api_session(config) as (client, clock):
            call = query.call(spec, query.period(spec, clock.now().wall))
            return await client.raw(call, spec.key.current())

    try:
        body = asyncio.run(run())
    except PollError as error:
        print(f"{spec.name}: {error.problem.text}", file=sys.stderr)
        return 1
    sys.stdout.buffer.write(anonymous(body, spec.key.current()))
    sys.stdout.flush()
    return 0


def anonymous(body: bytes, key: Secret) -> bytes:
    """The same bytes with every employee's name, wherever it stands, and the key replaced.

    The bytes need not be JSON: a reply that is not is what a report of a bug is about.
    """
    text = key.hide_in(body.decode("utf-8", "surrogateescape"))
    names: dict[str, str] = {}
    for match in _NAME.finditer(text):
        names.setdefault(match[2], f'"Employee {len(names) + 1}"')
    text = _NAME.sub(lambda match: match[1] + names[match[2]], text)
    for quoted, alias in sorted(names.items(), key=lambda item: -len(item[0])):
        inner = quoted[1:-1]
        for form in {inner, _plain(quoted)} - {""}:
            text = text.replace(form, alias[1:-1])
    return text.encode("utf-8", "surrogateescape")


def _plain(quoted: str) -> str:
    try:
        return str(json.loads(quoted))
    except ValueError:
        return ""
