"""A city that stands for itself: a database of its own, real processes on it that a test kills, browsers over HTTP."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from app import create_app
from coi.config import ROOT
from coi.db import db, transaction
from coi.models import Account
from coi.setting_up import make_installation, make_tables
from tests.city import CityClient, settings_for
from tests.engines import Engine
from tests.factories import OPERATOR, build_cast, make_sign_in

SECRET = "a secret of the tests, known to everybody"
PATIENCE = 60.0  # seconds; a loaded machine starts slowly, and a test that waits longer fails


@dataclass(frozen=True)
class Standing:
    """The app on the city's own database, and what a process needs to serve it."""

    app: Flask
    url: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """The settings as a process reads them; nothing of the machine's own."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("COI_")}
        told = {"COI_DATABASE_URL": self.url, "COI_FOLDER": str(self.folder), "COI_SECRET_KEY": SECRET, "COI_COMMIT": "tests"}
        return {**kept, **told, "PYTHONPATH": str(ROOT)}


@contextmanager
def standing(engine: Engine, name: str, folder: Path, **settings: Any) -> Iterator[Standing]:
    """A city with the cast in it and the context of its app pushed; its clock is the machine's."""
    url = engine.empty(name)
    app = create_app(settings_for(url, folder, secret_key=SECRET, **settings))
    app.test_client_class = CityClient
    with app.app_context():
        make_tables()
        with transaction():
            make_installation(OPERATOR, datetime.now(UTC))
            build_cast(datetime.now(UTC))
        yield Standing(app, url, folder)
        db.session.rollback()
        db.session.remove()
        db.engine.dispose()


def until(true: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """Asks again and again until it is so, and gives the answer; fails after `patience` seconds with what was waited for."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        found = true()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"after {patience} seconds still not: {what}")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


def start(arguments: list[str], environment: Mapping[str, str], log: Path) -> "subprocess.Popen[bytes]":
    """A process of ours in a session of its own, so that it and its children can be killed at once."""
    with log.open("ab") as written:
        return subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=dict(environment),
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def kill(process: "subprocess.Popen[bytes]") -> None:
    """kill -9, the process and all its children."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(PATIENCE)


@contextmanager
def web(city: Standing, *, workers: int = 1) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """A real web server on the city, as it is run in production, ready to answer; gives the process and its port."""
    port, log = free_port(), city.folder / "web.log"
    server = [
        "gunicorn",
        "-k",
        "gthread",
        "--no-control-socket",
        "--threads",
        "8",
        "--workers",
        str(workers),
        "--bind",
        f"127.0.0.1:{port}",
    ]
    process = start([*server, "app:web()"], city.environment, log)
    try:
        until(lambda: process.poll() is not None or answers(port), "the web server answers")
        assert process.poll() is None, log.read_text(encoding="utf-8", errors="replace")[-2000:]
        yield process, port
    finally:
        kill(process)


def answers(port: int, path: str = "/healthz") -> bool:
    """Whether a page is served there."""
    try:
        return Browser(port).get(path).code == 200
    except OSError:
        return False


@dataclass(frozen=True)
class Answer:
    """What came back."""

    code: int
    location: str
    text: str

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden fields of the page: revision, key, the token of its form."""
        found = re.findall(r'<input[^>]*type="hidden"[^>]*>', self.text)
        named = [(re.search(r'name="([^"]*)"', one), re.search(r'value="([^"]*)"', one)) for one in found]
        return {unescape(name[1]): unescape(value[1]) for name, value in named if name and value}


class Browser:
    """One person's browser over real HTTP, signed in or not; raises OSError when the server is gone."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port, self.cookie = port, cookie

    def get(self, path: str) -> Answer:
        """A page."""
        return self._ask("GET", path, None)

    def post(self, path: str, data: Mapping[str, str]) -> Answer:
        """A form that is sent."""
        return self._ask("POST", path, urlencode(data))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            headers = {"Cookie": f"session={self.cookie}"} if self.cookie else {}
            if body is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            line.request(method, path, body, headers)
            reply = line.getresponse()
            return Answer(reply.status, reply.getheader("Location") or "", reply.read().decode("utf-8", "replace"))
        except http.client.HTTPException as gone:
            raise ConnectionError(str(gone)) from gone
        finally:
            line.close()


@dataclass(frozen=True)
class Signed:
    """A sign-in: the cookie, and the token of every form under it."""

    cookie: str
    token: str


def sign_in(app: Flask, account: Account, at: datetime | None = None) -> Signed:
    """Signs an account in as the sign-in page would; the caller commits."""
    told = {"sign_in": make_sign_in(account, at or datetime.now(UTC)), "csrf_token": "0" * 40, "_permanent": True}
    cookies = SecureCookieSessionInterface().get_signing_serializer(app)
    assert cookies is not None
    return Signed(str(cookies.dumps(told)), str(URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps("0" * 40)))
