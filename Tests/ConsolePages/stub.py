# SPDX-License-Identifier: Apache-2.0
"""A facility to drive the pages with: serves them with the hub's headers, and the API from memory.

`python3 stub.py [hub|post]` serves on a free port of the loopback and prints the address. Presses go in
through `Facility`,
by the tests directly. It keeps the rules that the pages show (no clear before attendance),
not the hub's: the pages are tested here, the hub elsewhere.
"""
import http.server
import json
import mimetypes
import queue
import sys
import threading
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from facility import Facility, Refused

PAGES = Path(__file__).resolve().parents[2] / "Sources/Console/Pages"
BEAT_S = 1.0
CSP = ("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
       "media-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
       "require-trusted-types-for 'script'")


class Handler(http.server.BaseHTTPRequestHandler):
    """One request; lives on its own thread. What it may touch is behind the facility's lock."""
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.answer("GET")

    def do_POST(self):
        self.answer("POST")

    def do_DELETE(self):
        self.answer("DELETE")

    def answer(self, method):
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        values = {name: value[0] for name, value in parse_qs(url.query).items()}
        if url.path == "/api/stream":
            return self.stream()
        if not url.path.startswith("/api/"):
            return self.page(url.path)
        parts = [unquote(part) for part in url.path.split("/")[2:]]
        user = self.server.facility.user
        if method != "GET" and parts != ["session"] and self.headers.get("x-watchpost-token") != "token-1":
            return self.send(403, {"error": {"code": "token", "zh": "页面已过期。",
                "en": "The page is out of date."}})
        try:
            with self.server.facility.lock:
                answer = self.server.facility.ask(method, parts, values, json.loads(body or b"{}"), user)
            self.send(200, answer)
        except Refused as refused:
            self.send(refused.status, {"error": {"code": refused.code, "zh": refused.zh, "en": refused.en}})

    def page(self, path):
        file = PAGES / (path.lstrip("/") or "index.html")
        if file.parent != PAGES or not file.is_file():
            return self.send(404, {"error": {"code": "notFound", "zh": "没有。", "en": "Nothing there."}})
        self.send(200, file.read_bytes(), mimetypes.guess_type(file.name)[0] or "text/plain")

    def send(self, status, answer, kind="application/json"):
        try:
            self.write(status, answer, kind)
        except OSError:
            pass  # The page has gone on to another one.

    def write(self, status, answer, kind):
        data = answer if isinstance(answer, bytes) else json.dumps(answer, ensure_ascii=False).encode()
        self.send_response(status)
        self.head(kind)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def head(self, kind):
        self.send_header("content-type", kind if "image" in kind else kind + "; charset=utf-8")
        self.send_header("content-security-policy", CSP)
        self.send_header("x-content-type-options", "nosniff")
        self.send_header("cache-control", "no-store")

    def stream(self):
        """Whole wall first, then what happens, a beat in between; frozen, it says nothing and stays open."""
        facility = self.server.facility
        if facility.place == "hub" and facility.user is None:
            return self.send(401, {"error": {"code": "login", "zh": "请登录。", "en": "Log in."}})
        self.send_response(200)
        self.head("text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        mine = facility.follow()
        try:
            while not self.server.is_ended:
                try:
                    kind, data, version = mine.get(timeout=BEAT_S)
                    text = f"event: {kind}\nid: {version}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
                except queue.Empty:
                    text = f": beat\n\nevent: proofs\ndata: {json.dumps(facility.proofs())}\n\n"
                while facility.is_frozen and not self.server.is_ended:
                    facility.thawed.wait(0.1)
                self.wfile.write(text.encode())
                self.wfile.flush()
        except OSError:
            pass
        finally:
            facility.unfollow(mine)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    is_ended = False

    def __init__(self, facility, port=0):
        super().__init__(("127.0.0.1", port), Handler)
        self.facility = facility

    @property
    def address(self):
        return f"http://localhost:{self.server_address[1]}/"

    def begin(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def end(self):
        self.is_ended = True
        self.shutdown()
        self.server_close()


if __name__ == "__main__":
    place = sys.argv[1] if len(sys.argv) > 1 else "hub"
    server = Server(Facility(place))
    server.facility.press("cell-103")
    print(server.address, "lead / watchpost" if place == "hub" else "11024 / 2580", flush=True)
    server.serve_forever()
