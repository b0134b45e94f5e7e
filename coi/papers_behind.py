"""Files of other people as pages behind a printed paper; opened in a process of its own, so that no file breaks the paper."""

import json
import re
import subprocess  # nosec B404  # one fixed command, this interpreter with our own file
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from coi.papers import PAGE, Paper, told_of

CHILD = Path(__file__).with_name("papers_child.py")
SECONDS = 60
TRIAL_SECONDS = 15
KINDS = frozenset({"pdf", "jpg", "png"})
COUNTED = re.compile(r"the document only has (\d{1,6}) pages?")
BEYOND = 1_000_000  # a page that no file has: the answer says how many there are
ONE_PICTURE = '#image("0.{kind}", height: 2cm, alt: "x")'
ONE_PAGE = '#image("0.pdf", page: {page}, height: 2cm, alt: "x")'


@dataclass(frozen=True)
class Behind:
    """One file to be printed: its name as people read it, its kind (`pdf`, `jpg`, `png`), its bytes."""

    name: str
    kind: str
    data: bytes


def pages_of(one: Behind) -> int:
    """How many pages a file fills; 0 for one that can't be opened, takes too long, or is of another kind."""
    if one.kind not in KINDS:
        return 0
    if one.kind != "pdf":
        made, _said = _compiled(ONE_PICTURE.format(kind=one.kind), "{}", [one], TRIAL_SECONDS)
        return 1 if made else 0
    _made, said = _compiled(ONE_PAGE.format(page=BEYOND), "{}", [one], TRIAL_SECONDS)
    found = COUNTED.search(said)
    return int(found[1]) if found else 0


def pdf_with(paper: Paper, files: list[Behind]) -> bytes | None:
    """The tagged PDF of a paper whose blocks name pages of `files` by their place; None where it can't be put together."""
    made, _said = _compiled(PAGE, told_of(paper), files, SECONDS)
    return made or None


def _compiled(text: str, told: str, files: list[Behind], seconds: int) -> tuple[bytes, str]:
    """The PDF, empty where there is none, and what was said of it."""
    with TemporaryDirectory(prefix="coi-paper-") as kept:
        folder = Path(kept)
        (folder / "main.typ").write_text(text)
        (folder / "told.json").write_text(json.dumps({"told": told}))
        for number, one in enumerate(files):
            (folder / f"{number}.{one.kind}").write_bytes(one.data)
        command = [sys.executable, "-I", str(CHILD), str(folder)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)  # nosec B603  # fixed command
        except subprocess.TimeoutExpired:
            return b"", ""
        out = folder / "out.pdf"
        made = out.read_bytes() if done.returncode == 0 and out.exists() else b""
        return made, done.stdout.decode("utf-8", "replace")
