"""What was typed when a sign-in ends: sealed into the page for the same person alone; never kept, logged or in an address."""

import hashlib
import hmac
import json
import re
import zlib
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app, g, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.routing import BuildError

GOOD_FOR = timedelta(hours=24)
# What no page ever gets back: secrets, and what belongs to the page itself.
SECRETS = frozenset({"passphrase", "old", "code"})
OF_THE_PAGE = frozenset({"_passphrase", "_typed", "_who", "csrf_token"})
NO_TEXT = OF_THE_PAGE | {"revision", "press"}
CODE = re.compile(r"[a-z0-9_:/=.-]*|[A-Za-z0-9_-]{12,}")
LONGEST_MARK = 80
MOST_TEXT = 500_000  # bytes of all that one page may say in words; files are counted elsewhere


@dataclass(frozen=True)
class Typed:
    """The fields of one page as they were sent, where to, and by whom (a mark that names nobody)."""

    endpoint: str
    values: dict[str, Any]
    fields: list[list[str]]
    who: str = ""
    files: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where the page was sent to; only an endpoint is carried, never an address (TRAPS: Web). Empty when it is no more."""
        try:
            return url_for(self.endpoint, **self.values)
        except BuildError:
            return ""

    @property
    def words(self) -> list[str]:
        """What a person wrote, without the codes of choices and the marks of the page."""
        return words_of(self.fields)


def words_of(fields: list[list[str]]) -> list[str]:
    """The values that people wrote in words; a one-word answer in small letters is carried, too, and not shown."""
    return [value for name, value in fields if name != "asked" and not name.endswith(":asked") and not CODE.fullmatch(value)]


def mark(account_id: int) -> str:
    """Who reads a page, for the page itself: the same for one account, telling nothing about it to anybody."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"who reads this page:{account_id}".encode(), hashlib.sha256).hexdigest()[:32]


def reader() -> str:
    """The mark of who reads this page; of who sent it while it is not known who that is; empty for nobody."""
    account_id = g.get("account_id")
    if account_id is not None:
        return mark(account_id)
    return who_sent() if request.method == "POST" else ""


def who_was() -> str:
    """The mark of whose sign-in ended in this browser without a sign-out; empty when there is none."""
    account_id = g.get("was_account_id")
    return mark(account_id) if account_id is not None else ""


def who_sent() -> str:
    """The mark that the page carried which sent this."""
    return request.form.get("_who", "")[:LONGEST_MARK]


def of_another() -> bool:
    """Whether the page that sent this was another person's than who is signed in now."""
    sent = who_sent()
    return bool(sent) and not hmac.compare_digest(sent.encode(), reader().encode())


def sent() -> Typed | None:
    """What this POST carries, if it may go back into a page; None for secrets, for no words at all, and for no known view."""
    if request.method != "POST" or request.endpoint is None or SECRETS & set(request.form):
        return None
    fields = [[name, value] for name, values in request.form.lists() for value in values if name not in OF_THE_PAGE]
    files = [one.filename for _name, one in request.files.items(multi=True) if one.filename]
    if not fields and not files:
        return None
    values = {name: value for name, value in (request.view_args or {}).items() if isinstance(value, str | int)}
    return Typed(request.endpoint, values, fields, who_sent() or who_was(), files)


def too_much() -> bool:
    """Whether this POST carries more text than a page may; False, too, where it is so large that it is not read at all."""
    try:
        told = request.form.items(multi=True) if request.method == "POST" else ()
        sizes = (len(value.encode("utf-8", "surrogatepass")) for name, value in told if name not in NO_TEXT)
        return sum(sizes) > MOST_TEXT
    except RequestEntityTooLarge:
        return False


def from_our_page() -> bool:
    """Whether the browser says that a page of ours sent this: words of a stranger's page are never shown as typed here."""
    origin = request.headers.get("Origin") or ""
    return request.headers.get("Sec-Fetch-Site") == "same-origin" or origin == request.host_url.rstrip("/")


def sealed(typed: Typed, now: datetime) -> str:
    """The typed fields as nobody can read or change them, for a hidden field of the sign-in page."""
    content = zlib.compress(json.dumps(asdict(typed)).encode("utf-8", "surrogatepass"))
    return _box().encrypt_at_time(content, int(now.timestamp())).decode()


def opened(text: str, now: datetime) -> Typed | None:
    """What `sealed` made, within a day; None for anything else."""
    if not text:
        return None
    try:
        content = _box().decrypt_at_time(text.encode(), int(GOOD_FOR.total_seconds()), int(now.timestamp()))
    except (InvalidToken, UnicodeError):
        return None
    return Typed(**json.loads(zlib.decompress(content)))


def _box() -> Fernet:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return Fernet(urlsafe_b64encode(hashlib.sha256(b"what was typed:" + secret).digest()))
