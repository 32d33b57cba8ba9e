"""What may go wrong on request, and what is answered then. Pure."""

from dataclasses import dataclass

from exporter.simulator.http_answers import HttpAnswer, rpc_error

# The sample reply of method 2 exactly as the description prints it: it is not JSON.
_DOCUMENTED = """{
"jsonrpc": "2.0",
"result": [
{"employee": "TEST CY", "online": "01:31:55", "offline": "10:13:15"},
{"employee": "AI IVR Test", "online": "11:44:49", "offline": "00:00:21"},
{"employee": "Sergiy Test", "online": "11:44:49", "offline": "00:00:21"}
"id": 1
],
}
"""
_HTML = "<!doctype html><title>Maintenance</title><h1>We will be back soon</h1>"

FAULTS = (
    "400",
    "401",
    "403",
    "429",
    "500",
    "503",
    "cut",
    "documented",
    "drip",
    "empty",
    "frozen",
    "hang",
    "html",
    "rpc-error",
)
CATALOG, REPORT = "getCustomStatuses", "getSipStatusDailyReport"
STAFF = "getProjectStaffListAndDirections"
SIP_ONLINE, SIP_SPEAKING = "sipstatus/online", "sipstatus/speaking"
METHODS = (CATALOG, REPORT, STAFF, SIP_ONLINE, SIP_SPEAKING)


@dataclass(slots=True)
class Faults:
    """What goes wrong, and how often. May be changed while the simulator serves.

    Attributes:
        kinds: Of `FAULTS`; one of them is drawn for each request that fails.
        rate: Share of the requests that fail, 0 to 1.
        projects: Whose requests; empty: everybody's.
        latency: Seconds before every answer.
        retry_after: The header of a 429.
        frozen_at: Unix time at which what is frozen stands still.
        methods: Of `METHODS`, what fails; empty: everything.
    """

    kinds: tuple[str, ...] = ()
    rate: float = 1.0
    projects: frozenset[int] = frozenset()
    latency: float = 0.0
    retry_after: str | None = "30"
    frozen_at: float | None = None
    methods: frozenset[str] = frozenset()

    def concern(self, project: object, method: object) -> bool:
        """Whether a request may fail; `project` is None where neither it nor its key names one."""
        return (
            bool(self.kinds)
            and (not self.projects or project in self.projects)
            and (not self.methods or method in self.methods)
        )


def fault_answer(fault: str, retry_after: str | None) -> HttpAnswer:
    """The answer of a fault.

    Raises:
        KeyError: The fault is none of `FAULTS`, or one that has no answer: frozen, hang.
    """
    if fault == "429":
        headers = [] if retry_after is None else [(b"retry-after", retry_after.encode())]
        return HttpAnswer(429, b"", headers=headers)
    if fault.isdecimal():
        return HttpAnswer(int(fault), b'{"error": "simulated"}')
    page = _HTML.encode()
    answers = {
        "rpc-error": rpc_error(1, -32603, "Internal error"),
        "html": HttpAnswer(200, page, b"text/html"),
        "documented": HttpAnswer(200, _DOCUMENTED.encode()),
        "empty": HttpAnswer(200, b""),
        "cut": HttpAnswer(200, b'{"jsonrpc": "2.0", "result": [', announced=4000),
        "drip": HttpAnswer(200, page, b"text/html", drip=True),
    }
    return answers[fault]
