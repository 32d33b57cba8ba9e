"""Every error of ours, in one tree.

    ExporterError
    ├── UsageError                     exit 2: a flag, or its environment variable
    ├── ConfigurationError             exit 2: the configuration file, one line a mistake
    ├── AddressError                   exit 3: an address that cannot be bound
    ├── OutputError                    exit 1: stdout or a file (commands/output.py)
    └── PollError                      a request to Ringostat that failed, after its retries
        ├── NameNotResolved            dns           retried
        ├── ConnectFailed              connect       retried
        ├── TlsFailed                  tls
        ├── TimedOut                   timeout       retried
        ├── ConnectionBroken           protocol      retried
        ├── Redirected                 redirect
        ├── KeyRefused                 auth
        ├── AccessForbidden            forbidden
        ├── RateLimited                rate_limited
        ├── RequestRejected            http_4xx
        ├── ServerFailed               http_5xx      retried
        ├── BodyEncoded                encoding
        ├── BodyTooLarge               too_large
        ├── BodyUndecodable            decode
        ├── RpcFailed                  rpc_error
        │   └── RpcFailedForNow        rpc_error     retried once
        ├── SchemaMismatch             schema
        ├── TooManyRows                row_limit
        └── InternalError              internal

The text of an error is safe to log and to show: it holds no key, no person's name and no body.
What the API said of a failure stands apart from it.
"""

from dataclasses import dataclass
from typing import ClassVar


class ExporterError(Exception):
    """The root: whatever this program raises on purpose."""


class UsageError(ExporterError):
    """The command line is invalid."""


class ConfigurationError(ExporterError):
    """The configuration cannot be used.

    Attributes:
        mistakes: One line each, `file:line: path: what is wrong`, in the order of the file.
    """

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = tuple(mistakes)


class AddressError(ExporterError):
    """A listen address cannot be bound."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request failed, for people.

    Attributes:
        reason: The value of the label `reason`.
        text: The error in our own words.
        advice: What the operator can do about it.
        method: The method of the API that failed; empty where none was asked.
        said: What the API said of it; may name a person, see `ProjectSpec.words_of`.
    """

    reason: str
    text: str
    advice: str
    method: str = ""
    said: str = ""


class PollError(ExporterError):
    """A request to Ringostat failed.

    Attributes:
        reason: The value of the label `reason` of `ringostat_poll_errors_total`.
        advice: What the operator can do about it, one sentence or two.
        retries: How many further attempts of the same request are worth making.
        said: What the API said of it, clipped, without the key; may name a person: never logged.
        method: The method of the API that was asked; empty until the client knows.
    """

    reason: ClassVar[str]
    advice: ClassVar[str]
    retries: ClassVar[int] = 0

    def __init__(self, message: str, said: str = "") -> None:
        super().__init__(message)
        self.said = said
        self.method = ""

    @property
    def problem(self) -> "Problem":
        """The failure as a plain value: an exception would keep its traceback's frames alive."""
        return Problem(self.reason, str(self), self.advice, self.method, self.said)


class NameNotResolved(PollError):
    """The API's host name has no address."""

    reason = "dns"
    advice = "Check the name service of this machine."
    retries = 2


class ConnectFailed(PollError):
    """No connection: refused, unreachable, or the proxy refused."""

    reason = "connect"
    advice = "Check the firewall, and api.proxy_url if there is a proxy."
    retries = 2


class TlsFailed(PollError):
    """The API's certificate or TLS was not acceptable."""

    reason = "tls"
    advice = "Check api.ca_file, and whether something on the way replaces the certificate."


class TimedOut(PollError):
    """An attempt ran into its deadline."""

    reason = "timeout"
    advice = "Ringostat is slow; this heals by itself."
    retries = 2


class ConnectionBroken(PollError):
    """The connection ended, or spoke no HTTP, before the answer was whole."""

    reason = "protocol"
    advice = "The connection was lost; this heals by itself."
    retries = 2


class Redirected(PollError):
    """The API answered with a redirect, which is never followed: it would carry the key away."""

    reason = "redirect"
    advice = "Check api.base_url."


class KeyRefused(PollError):
    """The API does not accept the key."""

    reason = "auth"
    advice = "Check auth_key: copy it anew from Ringostat's settings."


class AccessForbidden(PollError):
    """The API knows the key and refuses what it asks for."""

    reason = "forbidden"
    advice = "Check auth_key: it may not read this project."


class RateLimited(PollError):
    """The API asks for fewer requests: none for `retry_after_seconds`, 0 to 900."""

    reason = "rate_limited"
    advice = "Ringostat asks for fewer requests: choose longer intervals or fewer windows."

    def __init__(self, message: str, retry_after_seconds: float) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class RequestRejected(PollError):
    """Any other 4xx."""

    reason = "http_4xx"
    advice = "Check the project's id."


class ServerFailed(PollError):
    """A 5xx."""

    reason = "http_5xx"
    advice = "Ringostat is down; this heals by itself."
    retries = 2


class BodyEncoded(PollError):
    """The body came compressed although that was not asked for; it is not unpacked."""

    reason = "encoding"
    advice = "Something on the way compresses answers; check api.proxy_url."


class BodyTooLarge(PollError):
    """The body is over `max_response_bytes`."""

    reason = "too_large"
    advice = "Raise api.max_response_bytes if the project is that large."


class BodyUndecodable(PollError):
    """The body is not the JSON it should be."""

    reason = "decode"
    advice = "The answer was not what the API should send; if it lasts, report it."


class RpcFailed(PollError):
    """The API answered with a JSON-RPC error."""

    reason = "rpc_error"
    advice = "Check the project's id."


class RpcFailedForNow(RpcFailed):
    """A JSON-RPC error of the server's own, which may pass."""

    retries = 1


class SchemaMismatch(PollError):
    """JSON, but not an answer of the shape that was documented, or not to this request."""

    reason = "schema"
    advice = "The answer was not what the API should send; if it lasts, report it."


class TooManyRows(PollError):
    """The report has more rows than `max_employees`."""

    reason = "row_limit"
    advice = "Raise max_employees if the project is that large."


class InternalError(PollError):
    """A mistake of our own, caught at the poll's boundary."""

    reason = "internal"
    advice = "This is a mistake of the exporter's; please report the log line."


def reasons() -> tuple[str, ...]:
    """The closed set of the label `reason`, in the order of the tree above."""
    return tuple(dict.fromkeys(error.reason for error in PollError.__subclasses__()))
