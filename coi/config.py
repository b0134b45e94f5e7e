"""Settings from the environment (`COI_…`); refuses to start in production on a default secret or with debugging on."""

import os
import subprocess  # nosec B404  # one fixed git command, to name the commit
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"
NO_SECRET = "not-a-secret"  # nosec B105  # the placeholder that production refuses


class Settings(BaseSettings):
    """What the environment may say; every name is read with the prefix `COI_`."""

    model_config = SettingsConfigDict(env_prefix="COI_", extra="ignore")

    database_url: str = Field(default_factory=lambda: f"sqlite:///{ROOT / 'var' / 'coi.db'}")
    secret_key: str = NO_SECRET
    profile: str = "lancaster"
    demo: bool = False
    debug: bool = False
    testing: bool = False
    public_url: str = "http://localhost:8000"
    trusted_hosts: list[str] = []
    folder: Path = ROOT / "var"
    signing_key_file: Path | None = None
    exports_keep_days: int = Field(default=30, ge=1)
    scanner: str = ""
    mail_host: str = ""
    mail_port: int = 25
    mail_user: str = ""
    mail_password: str = ""
    mail_tls: bool = True
    secure_cookies: bool | None = None

    @property
    def key_file(self) -> Path:
        """Where the private signing key lives: a file, never in the database (PROOF 2)."""
        return self.signing_key_file or self.folder / "keys" / "signing.key"

    @property
    def exports_folder(self) -> Path:
        """Where finished workbooks are kept."""
        return self.folder / "exports"

    @property
    def case_files_folder(self) -> Path:
        """Where certified case files are kept, apart from workbooks."""
        return self.folder / "case-files"

    @property
    def records_folder(self) -> Path:
        """Where copies that were released for records requests are kept."""
        return self.folder / "records"

    @property
    def uploads_folder(self) -> Path:
        """Where papers that people add are kept: outside everything that a web server hands out."""
        return self.folder / "uploads"

    @property
    def https(self) -> bool:
        """Whether people reach the city over https; cookies follow."""
        return self.public_url.startswith("https:") if self.secure_cookies is None else self.secure_cookies

    @property
    def hosts(self) -> list[str]:
        """The names this city answers to: those that are set, else the one of its own https address."""
        own = urlsplit(self.public_url)
        return self.trusted_hosts or ([own.hostname] if own.scheme == "https" and own.hostname else [])

    def faults(self) -> list[str]:
        """Why this may not serve a city's people; empty for a demo or a test."""
        if self.demo or self.testing:
            return []
        found = []
        if self.secret_key == NO_SECRET or len(self.secret_key) < 32:
            found.append(
                "COI_SECRET_KEY must be set to at least 32 random characters: "
                "python -c 'import secrets; print(secrets.token_hex())'."
            )
        if self.debug or os.environ.get("FLASK_DEBUG") not in (None, "", "0"):
            found.append("Debugging must be off: unset COI_DEBUG and FLASK_DEBUG.")
        return found


@lru_cache
def release() -> str:
    """Version and commit of this software, as About, footer and audit log show it."""
    commit = os.environ.get("COI_COMMIT", "")
    if not commit:
        try:
            told = subprocess.run(  # nosec B603 B607  # fixed arguments, no input from anywhere
                ["git", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD"],
                capture_output=True,
                text=True,
                timeout=5,
                check=False,
            )
            commit = told.stdout.strip()
        except OSError:
            commit = ""
    return f"{VERSION}+{commit}" if commit else VERSION
