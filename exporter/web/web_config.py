"""The web configuration (`--web.config.file`): what is in force now, and when it is re-read."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from exporter.clock import Clock
from exporter.errors import ConfigurationError
from exporter.files import FileStamp, stamp_of
from exporter.log import Log, places
from exporter.offload import Offload
from exporter.web.web_config_model import WebConfigModel
from exporter.yamlfile.sections import fail, read_section, read_source

_SECONDS_BETWEEN_LOOKS = 1.0
_RETRY_SECONDS = 1.0
_REST = 20


@dataclass(frozen=True, slots=True)
class WebConfig:
    """Who may read the pages, and over which transport.

    Attributes:
        context: TLS of the listening sockets; None for plain HTTP.
        users: User name -> bcrypt hash; empty if no password is required.
        headers: Lower-case name -> value; an empty value removes our own header.
        rate: Seconds between two requests, and the burst; None for no limit.
        files: The certificate and key files that were read; a change of one is a change of this.
    """

    context: ssl.SSLContext | None = None
    users: Mapping[bytes, bytes] = field(default_factory=dict)
    headers: Mapping[bytes, bytes] = field(default_factory=dict)
    rate: tuple[float, int] | None = None
    files: tuple[Path, ...] = ()


def load_web_config(path: Path) -> WebConfig:
    """Reads and checks a file; relative paths inside it are from its folder.

    Raises:
        ConfigurationError: With one line for each mistake, `web.yaml:2: path: text`.
    """
    source = read_source(path, None)
    model = None
    if not source.mistakes:
        model = read_section(WebConfigModel, source.values, (), source, {"folder": path.parent})
    if source.mistakes or model is None:
        fail(path, source.mistakes)
    tls, limit = model.tls_server_config, model.rate_limit
    headers = model.http_server_config.headers
    tls_files = (tls.cert_file, tls.key_file, tls.client_ca_file)
    return WebConfig(
        context=tls.context(),
        users={name.encode(): hashed.encode() for name, hashed in model.basic_auth_users.items()},
        headers={name.lower().encode(): (value or "").encode() for name, value in headers.items()},
        rate=(limit.interval, limit.burst) if limit.interval else None,
        files=tuple(file for file in tls_files if file),
    )


class WebConfigFile:
    """A web configuration that follows its file; an invalid file never replaces a valid one.

    Attributes:
        current: The newest valid configuration.
    """

    def __init__(self, path: Path, clock: Clock, log: Log) -> None:
        """Reads the file for the first time.

        Raises:
            ConfigurationError: The file is invalid.
        """
        self._path = path
        self._clock = clock
        self._log = log
        self._logged_mistakes: tuple[str, ...] = ()
        self.current = load_web_config(path)
        self._stamps = self._read_stamps()
        self._retry_at = 0.0

    async def follow(self, files: Offload) -> None:
        """Looks at the files once a second until the task is cancelled.

        Args:
            files: Where files are read: one on a network that hangs must not hold up the loop.
        """
        while True:
            await self._clock.sleep(_SECONDS_BETWEEN_LOOKS)
            await files(self.refresh)

    def _read_stamps(self) -> tuple[FileStamp | None, ...]:
        return tuple(stamp_of(path) for path in (self._path, *self.current.files))

    def refresh(self) -> WebConfig:
        """Returns what is in force now, after reading the files again if one of them changed.

        Reads files: not for the event loop. An invalid configuration is tried again even if
        nothing changed: a certificate and its key are not replaced in one moment, and a file
        that could not be read keeps its stamp.
        """
        stamps, began = self._read_stamps(), self._clock.now().age
        retry_due = bool(self._logged_mistakes) and began >= self._retry_at
        if stamps == self._stamps and not retry_due:
            return self.current
        try:
            web_config = load_web_config(self._path)
        except ConfigurationError as error:
            self._stamps = stamps
            self._log_rejection(error.mistakes)
        except Exception as error:  # noqa: BLE001 - a mistake of ours must not end the watch
            self._stamps = stamps
            self._log_rejection((f"{self._path}: internal error: {places(error)}",))
        else:
            self._adopt(web_config)
            self._stamps = self._read_stamps()
        # A large file takes long to read: it does not get the whole thread.
        took = self._clock.now().age - began
        self._retry_at = began + max(_RETRY_SECONDS, _REST * took)
        return self.current

    def _adopt(self, web_config: WebConfig) -> None:
        running = self.current.context
        if (web_config.context is None) == (running is None):
            self._log.info("web configuration reloaded")
            self._logged_mistakes = ()
            self.current = web_config
        else:
            # A half-applied switch would answer plain HTTP where TLS was promised.
            self._log_rejection((f"{self._path}: TLS is turned on or off by a restart only",))
            self.current = replace(web_config, context=running)

    def _log_rejection(self, mistakes: tuple[str, ...]) -> None:
        if mistakes == self._logged_mistakes:
            return
        self._logged_mistakes = mistakes
        for mistake in mistakes:
            self._log.warning(
                "web configuration rejected; keeping the previous one", mistake=mistake
            )
