"""Who may read the page, and how: the web configuration as it is on disk, or the last good one."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from exporter.clock import Clock
from exporter.errors import ConfigurationError
from exporter.log import Log
from exporter.web.settings import WebConfig
from exporter.yamlfile.sections import fail, read_section, read_source

_RETRY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Access:
    """Who may read the page, and how.

    Attributes:
        context: TLS for the sockets; None: plain HTTP.
        users: Name -> bcrypt hash; empty: everybody may.
        headers: Name in lower case -> value; an empty value takes ours away.
        rate: Seconds between requests and how many at once; None: no limit.
        files: What it was read from.
    """

    context: ssl.SSLContext | None = None
    users: Mapping[bytes, bytes] = field(default_factory=dict)
    headers: Mapping[bytes, bytes] = field(default_factory=dict)
    rate: tuple[float, int] | None = None
    files: tuple[Path, ...] = ()


def load_access(path: Path) -> Access:
    """The web configuration in a file; relative paths inside are from its folder.

    Raises:
        ConfigurationError: With one line for each mistake, `web.yaml:2: path: text`.
    """
    source = read_source(path, None)
    found = None
    if not source.mistakes:
        found = read_section(WebConfig, source.values, (), source, {"folder": path.parent})
    if source.mistakes or found is None:
        fail(path, source.mistakes)
    tls, limit = found.tls_server_config, found.rate_limit
    headers = found.http_server_config.headers
    return Access(
        context=tls.context(),
        users={name.encode(): text.encode() for name, text in found.basic_auth_users.items()},
        headers={name.lower().encode(): (text or "").encode() for name, text in headers.items()},
        rate=(limit.interval, limit.burst) if limit.interval else None,
        files=tuple(one for one in (tls.cert_file, tls.key_file, tls.client_ca_file) if one),
    )


class AccessFile:
    """The web configuration as it is on disk now, or the last good one.

    Attributes:
        access: What holds now.
    """

    def __init__(self, path: Path, clock: Clock, log: Log) -> None:
        """Reads it.

        Raises:
            ConfigurationError: It is not good.
        """
        self._path = path
        self._clock = clock
        self._log = log
        self._problem: tuple[str, ...] = ()
        self.access = Access()
        self._seen = self._marks()
        self.access = load_access(path)
        self._seen = self._marks()
        self._read_at = clock.now().age

    def _marks(self) -> tuple[tuple[int, ...], ...]:
        # Kubernetes swaps a symbolic link, editors rename: a new inode tells as a new time does.
        marks: list[tuple[int, ...]] = []
        for path in (self._path, *self.access.files):
            try:
                stat = path.stat()
                marks.append((stat.st_dev, stat.st_ino, stat.st_mtime_ns, stat.st_size))
            except OSError:
                marks.append(())
        return tuple(marks)

    def refresh(self) -> Access:
        """Reads the files again if one changed, or was not good a second ago; what holds now."""
        marks, now = self._marks(), self._clock.now().age
        waiting = not self._problem or now < self._read_at + _RETRY_SECONDS
        if marks == self._seen and waiting:
            return self.access
        self._read_at = now
        try:
            access = load_access(self._path)
        except ConfigurationError as error:
            self._seen = marks
            self._complain(error.mistakes)
            return self.access
        problem: tuple[str, ...] = ()
        if (access.context is None) != (self.access.context is None):
            self._complain((f"{self._path}: TLS is turned on or off by a restart only",))
            problem = self._problem
            access = replace(access, context=self.access.context)
        else:
            self._log.info("web configuration reloaded")
        self.access = access
        self._problem = problem
        self._seen = self._marks()
        return access

    def _complain(self, mistakes: tuple[str, ...]) -> None:
        if mistakes == self._problem:
            return
        self._problem = mistakes
        for mistake in mistakes:
            self._log.warning("web configuration not taken, the one before stays", mistake=mistake)
