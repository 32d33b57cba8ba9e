"""Questions to the simulated API, without a server."""

from typing import Any

import httpx

from exporter.simulator.api import SimulatedApi
from exporter.simulator.centre import Centre
from exporter.simulator.faults import CATALOG, STAFF
from tests.support.real import run_real

KEY = "demo-key"
NOON = 1774440000.0  # 2026-03-25, 14:00 in Kyiv


async def no_sleep(_seconds: float) -> None:
    return


def make_api(now: float = NOON, **options: Any) -> SimulatedApi:
    return SimulatedApi(Centre(), lambda: now, no_sleep, KEY, **options)


async def _send(api: SimulatedApi, method: str, path: str, key: str, body: Any) -> httpx.Response:
    transport = httpx.ASGITransport(app=api)
    async with httpx.AsyncClient(transport=transport, base_url="http://simulated") as client:
        return await client.request(method, path, json=body, headers={"Auth-key": key})


def send(
    api: SimulatedApi, method: str, path: str, key: str = KEY, body: Any = None
) -> httpx.Response:
    return run_real(_send(api, method, path, key, body))


def call(
    api: SimulatedApi, method: str, project_id: int = 68861, key: str = KEY, **params: Any
) -> httpx.Response:
    """Any of the five methods; a project is in the request of JSON-RPC alone."""
    if method.startswith("sipstatus/"):
        return send(api, "GET", f"/{method}", key)
    path = "/rsp-api-v3" if method == CATALOG else "/api/json-rpc"
    params = {"projectId": project_id, **params}
    if method == STAFF:
        params = {"departmentsFullFormat": True, **params}
    body = {"jsonrpc": "2.0", "id": 5, "method": method, "params": params}
    return send(api, "POST", path, key, body)
