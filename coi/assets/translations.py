"""Compiles the Spanish of every room into one catalogue: `python -m coi.assets.translations`; `… missing [PATH…]` lists gaps."""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from coi.config import ROOT

WORDS = ROOT / "coi" / "translations"
LANGUAGE = "es"
LOOKED_AT = ("app.py", "coi", "forms", "templates")
KEYWORDS: dict[str, Any] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "_n": (1, 2),
}
OPTIONS = {"trimmed": "true", "silent": "false"}
Key = str | tuple[str, ...]
PLACE = re.compile(r"%\((\w+)\)[sd]")


def main(arguments: list[str]) -> int:
    """Compiles, or lists what is missing (status 1 when anything is)."""
    if arguments[:1] == ["missing"]:
        told = list(missing([Path(one) for one in arguments[1:]]))
        sys.stdout.write("".join(f"{line}\n" for line in told))
        return 1 if told else 0
    catalogue, faults = collected()
    if faults:
        # Pages must not wait for it: what is sound is compiled, and the house test stays red until the rest is.
        sys.stderr.write("The Spanish has faults:\n" + "".join(f"- {line}\n" for line in faults))
    target = WORDS / LANGUAGE / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True, exist_ok=True)
    made = BytesIO()
    write_mo(made, catalogue)
    half = target.with_suffix(".half")
    half.write_bytes(made.getvalue())
    half.replace(target)
    return 0


def collected() -> tuple[Catalog, list[str]]:
    """All files of the language as one catalogue, and what is wrong with them."""
    whole = Catalog(locale=LANGUAGE, charset="utf-8")
    faults: list[str] = []
    told_by: dict[Key, str] = {}
    for path in sorted((WORDS / LANGUAGE).glob("*.po")):
        with path.open("rb") as file:
            part = read_po(file, locale=LANGUAGE, abort_invalid=True)
        if part.obsolete:
            faults.append(f"{path.name}: {len(part.obsolete)} obsolete texts; take them out")
        for message in part:
            if not message.id:
                continue
            faults += [f"{path.name}: {fault}" for fault in _faults(message)]
            if not _spoken(message) or list(_faults(message)):
                continue
            before = whole.get(message.id)
            if before is not None and before.string != message.string:
                faults.append(f"{path.name} and {told_by[_key(message)]} say different things for “{_key_text(message)}”")
                continue
            told_by[_key(message)] = path.name
            whole.add(message.id, message.string, flags=message.flags)
    return whole, faults


def _faults(message: Message) -> Iterator[str]:
    if message.fuzzy:
        yield f"“{_key_text(message)}” is marked fuzzy"
    if _spoken(message):
        whole, last = _parts(message.id)[-1], _parts(message.string)[-1]
        if set(PLACE.findall(whole)) != set(PLACE.findall(last)):
            yield f"“{_key_text(message)}” has other places to fill in Spanish"
    for fault in message.check():
        yield f"“{_key_text(message)}”: {fault}"


def _key(message: Message) -> Key:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def _key_text(message: Message) -> str:
    text = message.id if isinstance(message.id, str) else message.id[0]
    return text if len(text) < 90 else text[:87] + "…"


def _parts(text: Any) -> list[str]:
    return [str(part) for part in text] if isinstance(text, list | tuple) else [str(text)]


def _spoken(message: Message) -> bool:
    return all(part.strip() for part in _parts(message.string))


def missing(paths: list[Path] | None = None) -> Iterator[str]:
    """`path:line: text` for every text of a page, form or letter that has no Spanish."""
    catalogue, faults = collected()
    yield from faults
    for path, line, text in texts(paths or [ROOT / one for one in LOOKED_AT]):
        told = catalogue.get(text if isinstance(text, str) else text[0])
        if told is None or not _spoken(told):
            plain = text if isinstance(text, str) else text[0]
            yield f"{path}:{line}: {plain}"


def texts(paths: list[Path]) -> Iterator[tuple[str, int, Key]]:
    """Every text marked for translation under these paths, in the order of the files."""
    for top in paths:
        whole = top if top.is_absolute() else ROOT / top
        found = sorted(whole.rglob("*")) if whole.is_dir() else [whole]
        for path in found:
            if path.suffix not in (".py", ".html", ".txt") or "node_modules" in path.parts:
                continue
            method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
            options = {} if method == "python" else OPTIONS
            for line, text, _comments, _context in extract_from_file(method, str(path), KEYWORDS, options=options):
                yield path.relative_to(ROOT).as_posix(), line, text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
