"""An API over real HTTP whose answers are the test's own."""

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# Status, headers (Content-Length is put on where it is not among them) and body.
Answer = tuple[int, Mapping[str, str], bytes]


@dataclass(frozen=True)
class Request:
    """One request as it came; `headers` have their names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    connection: socket.socket


@contextmanager
def http_of(answer: Callable[[Request], Answer]) -> Iterator[str]:
    """Its base URL; it is asked what to answer to each request, on a thread of the request's."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = self.rfile.read(int(headers.get("content-length", "0")))
            request = Request(self.command, self.path, headers, asked, self.connection)
            status, headers_back, body = answer(request)
            self.send_response(status)
            self.send_header("Connection", "close")
            for name, value in ({"Content-Length": str(len(body))} | dict(headers_back)).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except ConnectionError:  # whoever asked has gone
                self.close_connection = True

        do_GET = do_POST  # noqa: N815 - http.server's names

        def log_message(self, *_args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def api_of(answer: Callable[[dict[str, Any]], Answer]) -> Iterator[str]:
    """Its base URL; it is asked what to answer to each decoded JSON-RPC request."""
    with http_of(lambda request: answer(json.loads(request.body))) as url:
        yield url
