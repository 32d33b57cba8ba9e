"""What failed, why, and what to do: in the reader's language, by closed sets. Pure.

The error's own words stand beside, in English: they are what the log and a search engine have.
"""

from exporter.web.attention import Failure
from exporter.web.translations import N_, Texts

# By the label `reason`.
CAUSES = {
    "dns": N_("The host name of Ringostat cannot be resolved"),
    "connect": N_("There is no connection to Ringostat"),
    "tls": N_("There is no trusted connection to Ringostat"),
    "timeout": N_("Ringostat did not answer in time"),
    "protocol": N_("The connection was lost within the answer"),
    "redirect": N_("Ringostat redirects to another address"),
    "auth": N_("Ringostat refuses the key"),
    "forbidden": N_("Ringostat does not let this key ask"),
    "rate_limited": N_("Ringostat asks for fewer requests"),
    "http_4xx": N_("Ringostat rejects the request"),
    "http_5xx": N_("Ringostat itself has failed"),
    "encoding": N_("The answer came compressed"),
    "too_large": N_("The answer is too large"),
    "decode": N_("The answer cannot be read"),
    "rpc_error": N_("Ringostat answered with an error"),
    "schema": N_("The answer has an unknown shape"),
    "row_limit": N_("The answer names too many employees"),
    "internal": N_("The exporter made a mistake"),
}
# The advice of every error and query, word for word; a test compares.
ADVICE = (
    N_("Check the name service of this machine."),
    N_("Check the firewall, and api.proxy_url if there is a proxy."),
    N_("Check api.ca_file, and whether something on the way replaces the certificate."),
    N_("Ringostat is slow; this heals by itself."),
    N_("The connection was lost; this heals by itself."),
    N_("Check api.base_url."),
    N_("Check auth_key: copy it anew from Ringostat's settings."),
    N_("Check auth_key: it may not read this project."),
    N_("Ringostat asks for fewer requests: choose longer intervals or fewer windows."),
    N_("Check the project's id."),
    N_("Ringostat is down; this heals by itself."),
    N_("Something on the way compresses answers; check api.proxy_url."),
    N_("Raise api.max_response_bytes if the project is that large."),
    N_("The answer was not what the API should send; if it lasts, report it."),
    N_("Raise max_employees if the project is that large."),
    N_("This is a mistake of the exporter's; please report the log line."),
    N_("The key may not ask for it, or there is none; staff: false does without."),
    N_("The key may not ask for it, or there is none; sip_accounts: false does without."),
)
_TITLES = {
    "today": N_("Today"),
    "yesterday": N_("Yesterday"),
    "this_week": N_("This week"),
    "this_month": N_("This month"),
    "previous_week": N_("Previous week"),
    "previous_month": N_("Previous month"),
    "custom statuses": N_("Custom statuses"),
    "staff list": N_("Staff list"),
    "SIP accounts": N_("SIP accounts"),
}


def title_of(title: str, texts: Texts) -> str:
    """What people call a window or a list, by the title of its query."""
    if title in _TITLES:
        return texts.gettext(_TITLES[title])
    days = int(title.split("_")[1])  # last_<N>_days
    return texts.ngettext("Last {days} day", "Last {days} days", days).format(days=days)


def cause_of(failure: Failure, texts: Texts) -> str:
    """Why it failed."""
    return texts.gettext(CAUSES[failure.problem.reason])


def advice_on(failure: Failure, texts: Texts) -> str:
    """What the operator can do about it."""
    return texts.gettext(failure.advice)


def anchor_of(failure: Failure) -> str:
    """The section of the runbook about it."""
    if failure.query.switch:
        return "ringostatpeopledown"
    refused = failure.problem.reason in ("auth", "forbidden")
    return "ringostatauthfailed" if refused else "ringostatprojectdown"
