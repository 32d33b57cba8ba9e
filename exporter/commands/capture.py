"""`capture`: one raw reply with names, other text and the key replaced, for a bug report."""

import asyncio

from exporter.commands.anonymous import anonymous
from exporter.commands.output import write_bytes, write_note
from exporter.commands.session import api_session, chosen_projects
from exporter.config import Config
from exporter.errors import PollError, UsageError
from exporter.polling.recurring import queries_of


def capture(config: Config, project: str | None, method: str) -> int:
    """Prints the reply's body without what may be about a person, and without the key.

    Returns:
        The exit code: 1 if there was no reply, else 0.

    Raises:
        UsageError: The project is not configured, or is not asked for this.
    """
    spec = chosen_projects(config.projects, (project,) if project else ())[0]
    query = next((query for query in queries_of(spec) if method in query.methods), None)
    if query is None:
        raise UsageError(
            f"--method={method}: the configuration does not ask project {spec.name} for it"
        )

    async def run() -> bytes:
        async with api_session(config) as (client, clock):
            calls = query.calls(spec, query.period(spec, clock.now().wall))
            call = calls[query.methods.index(method)]
            return await client.raw(call, spec.key.current())

    try:
        body = asyncio.run(run())
    except PollError as error:
        write_note(f"{spec.name}: {spec.words_of(error.problem)}")
        return 1
    # In what is asked about people a short number may be an extension.
    write_bytes(anonymous(body, spec.key.current(), numbers_stay=not query.switch))
    return 0
