"""`api` of the configuration file: its keys with their types, defaults and bounds."""

from typing import Annotated

from pydantic import Field, field_validator

from exporter.config.scalars import Duration, TrustFile
from exporter.loopback import is_loopback
from exporter.ringostat.settings import ApiSettings
from exporter.ringostat.trust import read_trust, trust_nobody
from exporter.ringostat.urls import parse_base_url, parse_proxy_url
from exporter.yamlfile.numbers import Number, WholeNumber
from exporter.yamlfile.sections import Section


class ApiSection(Section):
    """`api`: how Ringostat is reached, and how often it may be asked."""

    base_url: str = "https://api.ringostat.net"
    timeout: Duration = 15.0
    max_concurrency: Annotated[WholeNumber, Field(ge=1)] = 8
    requests_per_second: Annotated[Number, Field(gt=0, le=1000)] = 5.0
    max_response_bytes: Annotated[WholeNumber, Field(ge=1)] = 2_097_152
    ca_file: TrustFile = None
    proxy_url: str | None = None

    @field_validator("base_url")
    @classmethod
    def _check_base_url(cls, value: str) -> str:
        url = parse_base_url(value)
        if url.scheme != "https" and not is_loopback(url.host):
            raise ValueError(
                "must be https, because it carries the key; http is for loopback only"
            )
        return value.rstrip("/")

    @field_validator("proxy_url")
    @classmethod
    def _check_proxy_url(cls, value: str | None) -> str | None:
        if value is not None:
            parse_proxy_url(value)
        return value

    def to_settings(self) -> ApiSettings:
        """The plain value for the client.

        Raises:
            ValueError: There is no `ca_file`, and the usual certificates cannot be read.
        """
        trust = self.ca_file
        if trust is None:
            trust = read_trust(None) if self._needs_tls else trust_nobody()
        return ApiSettings(
            base_url=self.base_url,
            timeout_seconds=self.timeout,
            max_concurrency=self.max_concurrency,
            requests_per_second=self.requests_per_second,
            max_response_bytes=self.max_response_bytes,
            trust=trust,
            proxy_url=self.proxy_url,
        )

    @property
    def _needs_tls(self) -> bool:
        addresses = (self.base_url, self.proxy_url or "")
        return any(address.lower().startswith("https:") for address in addresses)


def is_on_loopback(values: object) -> bool:
    """Whether `api` names a test stand on this machine, which may be polled faster.

    Read from its values as they stand in the file, whatever else is wrong with them: a mistake
    there is none of the intervals.
    """
    base_url = values.get("base_url") if isinstance(values, dict) else None
    try:
        return isinstance(base_url, str) and is_loopback(parse_base_url(base_url).host)
    except ValueError:
        return False
