"""The tree of errors is as its module draws it."""

import re

from exporter import errors
from exporter.errors import ExporterError, PollError


def everything(kind: type[Exception]) -> set[type[Exception]]:
    return {kind}.union(*(everything(one) for one in kind.__subclasses__()))


def test_the_drawing_names_every_error_and_what_is_retried() -> None:
    """The module's tree, the classes, their reasons and retries agree."""
    drawn = {}
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"^[\s│├└─]+([A-Z]\w+)(?:\s+(\w+))?(?:\s+(retried.*))?", line)
        if found:
            drawn[found[1]] = (found[2], found[3])
    assert set(drawn) == {kind.__name__ for kind in everything(ExporterError)}
    retried = {None: 0, "retried": 2, "retried once": 1}
    for kind in everything(PollError) - {PollError}:
        assert issubclass(kind, PollError)
        reason, retries = drawn[kind.__name__]
        assert kind.reason == reason
        assert kind.retries == retried[retries]
        assert kind.advice.endswith(".")
