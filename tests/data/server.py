"""A web server on this machine whose every page can be made to fail in a way of its own."""

from __future__ import annotations

import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server:
    """Serve `pages`: each is bytes to send, a status to answer, or a function of the handler."""

    def __init__(self):
        self.pages = {}
        self.asked = Counter()
        self.released = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                server.asked[self.path] += 1
                page = server.pages.get(self.path, 404)
                if isinstance(page, int):
                    self.send_error(page)
                elif isinstance(page, bytes):
                    server.send(self, page, len(page))
                else:
                    page(self)

            def log_message(self, *_):
                """Say nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()

    def url(self, path):
        return f"http://127.0.0.1:{self._http.server_port}{path}"

    def close(self):
        self.released.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    @staticmethod
    def send(handler, body, promised):
        """Send a body, and a header that promises some length, or none."""
        handler.send_response(200)
        if promised is not None:
            handler.send_header("Content-Length", str(promised))
        handler.end_headers()
        handler.wfile.write(body)
        handler.wfile.flush()

    def stalls(self, body):
        """Return a page that sends half of a body and then nothing, until the server closes."""

        def page(handler):
            self.send(handler, body[: len(body) // 2], len(body))
            self.released.wait(30)

        return page

    def cut(self, body, promised=True):
        """Return a page that sends half of a body and hangs up."""

        def page(handler):
            self.send(handler, body[: len(body) // 2], len(body) if promised else None)

        return page
