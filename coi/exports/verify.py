#!/usr/bin/env python3
"""Checks a workbook of the City's disclosures on your own computer; Python 3.9 or later, nothing to install, nothing is sent.

    python verify.py WORKBOOK [--key KEY] [--seal FILE] [--checkpoint FILE]...
KEY: the City's public key or its SHA-256 fingerprint, as your first letter gave it, or a file that holds it.
Status: 0 true with a given key, 1 altered, 2 unreadable or wrong use, 3 the file agrees with itself only.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
import unicodedata
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree  # nosec B405  # it reads the one file that you chose, on your own computer
from zoneinfo import ZoneInfo

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ESCAPED = re.compile("_x005F_(?=x[0-9A-Fa-f]{4}_)")
# Kept together by hand, so that the whole can be read in one sitting.
# fmt: off
TABS = {
    "about": ("About", "Acerca de"), "summary": ("Summary", "Resumen"), "population": ("Population", "Población"),
    "outcomes": ("Outcomes", "Resultados"), "interests": ("Interests", "Intereses"), "decisions": ("Decisions", "Decisiones"),
    "plans": ("Plans", "Planes"), "policies": ("Policies", "Políticas"), "not_filed": ("Not filed", "Sin presentar"),
    "access": ("Access", "Accesos"), "changes": ("Changes", "Cambios"), "audit": ("Audit", "Auditoría"),
    "columns": ("Columns", "Columnas"),
}
ASK = "Which ones can't be known without the seal file (--seal)."
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = tuple[int, int, int, int]

def add(a: Point, b: Point) -> Point:
    """The sum of two points of Ed25519 (RFC 8032)."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P

def times(number: int, point: Point) -> Point:
    """A point added to itself so many times."""
    total: Point = (0, 1, 1, 0)
    while number:
        total = add(total, point) if number & 1 else total
        point, number = add(point, point), number >> 1
    return total

def read_point(octets: bytes) -> Point:
    """The point behind 32 bytes; raises ValueError when there is none."""
    y = int.from_bytes(octets, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        raise ValueError("no point of the curve")
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P

def signature_holds(key: str, signature: str, text: str) -> bool:
    """Whether base64 `signature` over `text` was made with the base64 `key`."""
    try:
        public, mark = base64.b64decode(key, validate=True), base64.b64decode(signature, validate=True)
        s, base = int.from_bytes(mark[32:], "little"), read_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
        challenge = int.from_bytes(hashlib.sha512(mark[:32] + public + text.encode()).digest(), "little") % ORDER
        left, right = times(s, base), add(read_point(mark[:32]), times(challenge, read_point(public)))
    except ValueError:
        return False
    return len(mark) == 64 and s < ORDER and all((left[one] * right[2] - right[one] * left[2]) % P == 0 for one in (0, 1))

def same_key(key: str, trusted: str) -> bool:
    """Whether the base64 `key` is the one that was given, as such or by its fingerprint."""
    try:
        return key == trusted or hashlib.sha256(base64.b64decode(key)).hexdigest() == trusted.lower()
    except ValueError:
        return False

def sha256(text: str) -> str:
    """Hex SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

def compact(value: Any, sort: bool = False) -> str:
    """JSON with nothing between; with sorted keys it is the one text that is hashed or signed."""
    return json.dumps(value, sort_keys=sort, separators=(",", ":"), ensure_ascii=False)

def words_of(element: Any) -> str:
    """The text of a string with all its runs, without phonetic hints."""
    parts = [] if element is None else [*element.findall(MAIN + "t"), *element.findall(f"{MAIN}r/{MAIN}t")]
    return "".join(one.text or "" for one in parts)

class Workbook:
    """Reads the sheets of a workbook row by row."""

    def __init__(self, path: Path) -> None:
        self.zip = zipfile.ZipFile(path)
        shared = self.tree("xl/sharedStrings.xml") if "xl/sharedStrings.xml" in self.zip.namelist() else ()
        self.shared = [words_of(one) for one in shared]
        targets = {one.get("Id"): one.get("Target") for one in self.tree("xl/_rels/workbook.xml.rels")}
        sheets = [(one.get("name"), targets[one.get(LINK)]) for one in self.tree("xl/workbook.xml").iter(MAIN + "sheet")]
        self.tabs = {name: to.lstrip("/") if to.startswith("/") else f"xl/{to}" for name, to in sheets}

    def tree(self, name: str) -> Any:
        return ElementTree.parse(self.zip.open(name)).getroot()  # nosec B314  # as above

    def parts(self, key: str) -> list[str]:
        """The tabs of a sheet: its own and those on which it goes on."""
        own = next((name for name in TABS[key] if name in self.tabs), None)
        more = [tab for tab in self.tabs if re.fullmatch(re.escape(own or "?") + r" \(\d+\)", tab)]
        return [own, *sorted(more, key=lambda tab: int(tab.rpartition("(")[2][:-1]))] if own else []

    def rows(self, tab: str) -> Any:
        """(row number, cells by column from 0) for each row of a tab; a cell is its text and whether that is a number."""
        number = 0
        for _event, row in ElementTree.iterparse(self.zip.open(self.tabs[tab])):  # nosec B314  # as above
            if row.tag == MAIN + "row":
                number, cells = int(row.get("r") or number + 1), {}
                for place, cell in enumerate(row):
                    value, column = self.value(cell), 0
                    for letter in re.sub("[^A-Z]", "", cell.get("r") or ""):
                        column = column * 26 + ord(letter) - 64
                    if value is not None:
                        cells[column - 1 if column else place] = value
                yield number, cells
                row.clear()

    def value(self, cell: Any) -> Any:
        kind, told = cell.get("t", "n"), cell.find(MAIN + "v")
        if cell.find(MAIN + "f") is not None:
            return "(a formula)", False
        if kind == "inlineStr":
            return words_of(cell.find(MAIN + "is")), False
        text = told.text if told is not None else None
        return None if text is None else (self.shared[int(text)], False) if kind == "s" else (text, kind == "n")

    def frame(self, key: str) -> list[list[str]]:
        """The texts of a small sheet, without what is empty at the end of each row and of the sheet."""
        rows: list[list[str]] = []
        for number, cells in self.rows(self.parts(key)[0]):
            if cells:
                rows.extend([] for _gap in range(number - 1 - len(rows)))
                rows.append([text_of(cells.get(place), "whole") for place in range(max(cells) + 1)])
        return rows

def text_of(cell: Any, kind: str, raw: bool = False) -> str:
    """The canonical text of a cell of a column's type."""
    if cell is None:
        return ""
    if not cell[1]:
        text = unicodedata.normalize("NFC", cell[0].replace("\r\n", "\n").replace("\r", "\n"))
        return text if raw else ESCAPED.sub("_", text)
    try:
        number = float(cell[0])
        if kind == "money":
            return f"{number:.2f}"
        if kind in ("date", "instant"):
            at = datetime.fromisoformat("1899-12-30T00:00:00+00:00") + timedelta(seconds=round(number * 86400))
            return f"{at:%Y-%m-%d}" if kind == "date" else f"{at:%Y-%m-%dT%H:%M:%S}"
        return str(int(number)) if number == int(number) else cell[0]
    except (ArithmeticError, ValueError):
        return cell[0]

class Check:
    """Looks at everything in turn; `found` are sentences about what was altered, `notes` about what can't be known."""

    def __init__(self, book: Workbook, kept: Any, trusted: str, checkpoints: list[tuple[str, Any]]) -> None:
        self.book, self.kept, self.trusted = book, kept, trusted
        self.found, self.notes = list[str](), list[str]()
        about, summary = book.frame("about"), book.frame("summary")
        at = [row[:1] in (["Seal"], ["Sello"]) for row in about].index(True)
        seal = self.seal = json.loads("".join(about[at][1:]))
        signed = "coi-seal-v1\n" + compact({key: value for key, value in seal.items() if key != "signature"}, sort=True)
        holds, given = signature_holds(seal["key"], seal["signature"], signed), not trusted or same_key(seal["key"], trusted)
        self.unless(holds, "The seal on About is not the city's: its signature does not hold.")
        self.unless(given, "The seal was made with another key than the one you gave: this workbook is not the city's.")
        self.unless(kept is None or kept["seal"] == seal, "The seal on About is not the one in the seal file.")
        for key, rows in (("about", about[:at]), ("summary", summary)):
            hashed = sha256(f"coi-frame-v1\n{key}\n{compact(rows)}")
            self.unless(hashed == seal["frame"][key], f"{TABS[key][0]} is not the city's: it was altered.")
        for key in seal["sheets"]:
            self.sheet(key, seal["sheets"][key])
        own = [("The checkpoint on About", json.loads("".join(row[1:]))) for row in about[at + 1 :] if row[1:]]
        self.unless(len(own) == 1 and len(about) == at + 2, "About was altered below the seal.")
        zone = re.search(r"\d\d:\d\d:\d\d ([A-Za-z]+/[A-Za-z_/]+)", compact(about[:at]))
        self.audit([*own, *checkpoints], zone[1] if zone else "")
        expected = {tab for key in TABS for tab in book.parts(key)}
        self.notes += [f"The sheet {tab} is not part of the city's workbook." for tab in book.tabs if tab not in expected]

    def unless(self, good: bool, fault: str) -> None:
        self.found += [] if good else [fault]

    def sheet(self, key: str, told: Any) -> None:
        """Every row against its proof, and all proofs against the root in the seal."""
        columns, rows, before = list(enumerate(told["columns"])), [], len(self.found)
        for tab in self.book.parts(key):
            for place, (number, cells) in enumerate(self.book.rows(tab)):
                if place == 0:
                    good = all(text_of(cells.get(one), "text") == heading for one, (heading, _kind) in columns)
                    self.unless(good, f"{tab}: the headings were altered.")
                elif cells:
                    at, proof = f"{tab}, row {number}", text_of(cells.get(len(columns)), "text")
                    readings = [[text_of(cells.get(one), kind, raw) for one, (_head, kind) in columns] for raw in (False, True)]
                    good = any(sha256(f"coi-row-v1\n{key}\n{compact(texts)}")[:32] == proof for texts in readings)
                    self.unless(good, f"{at}: a cell was altered.")
                    self.unless(max(cells) <= len(columns), f"{at}: a cell was added beside the row.")
                    rows.append((at, proof))
        if sha256("\n".join(proof for _at, proof in rows)) != told["root"] or len(rows) != told["rows"]:
            self.rows(key, told, rows, len(self.found) > before)

    def rows(self, key: str, told: Any, rows: list[tuple[str, str]], said: bool) -> None:
        """What became of the rows of a sheet that is not as it was sealed."""
        kept, name, proofs = ((self.kept or {}).get("proofs") or {}).get(key), TABS[key][0], [proof for _at, proof in rows]
        if kept is None or sha256("\n".join(kept)) != told["root"]:
            counted = f"{told['rows']} rows were sealed and {len(proofs)} are there: removed or added"
            moved = "rows were altered together with their proofs, or stand in another order"
            same = len(proofs) == told["rows"]
            self.unless(same and said, f"{name}: {moved if same else counted}. {ASK}")
        elif sorted(proofs) == sorted(kept):
            self.found.append(f"{name}: the rows stand in another order.")
        else:
            there, known = set(proofs), set(kept)
            self.found += [f"{at}: not a row of the city's." for at, one in rows if one not in known]
            self.found += [f"{name}: the city's row {at} is missing." for at, one in enumerate(kept, 2) if one not in there]
            self.unless(len(proofs) == len(there), f"{name}: a row stands more than once.")

    def audit(self, checkpoints: list[tuple[str, Any]], zone: str) -> None:
        """The chain of the log, its end against the seal, and checkpoints that were kept elsewhere."""
        heads, last, whole, seal = ["0" * 64], "", True, self.seal
        for tab in self.book.parts("audit"):
            for place, (number, cells) in enumerate(self.book.rows(tab)):
                if place and cells and whole:
                    known = (len(heads), heads[-1], last, zone)
                    whole = max(cells) <= 8 and (self.entry(cells, False, *known) or self.entry(cells, True, *known))
                    self.unless(whole, f"{tab}, row {number}: the log breaks at entry {len(heads)}.")
                    heads.append(text_of(cells.get(8), "text"))
                    last = text_of(cells.get(1), "text")
        size = len(heads) - 1
        if "audit" not in seal["filters"]["sheets"]:
            self.notes.append("This workbook was made without the sheet Audit: it can't tell about the log.")
        elif whole and (size, heads[-1]) != (seal["size"], seal["head"]):
            self.found.append(f"Audit: the seal tells of {seal['size']} entries with another end; {size} are there.")
        for name, one in checkpoints:
            signed = f"coi-checkpoint-v1\n{one['origin']}\n{one['size']}\n{one['head']}\n{one['at']}\n"
            ours = same_key(one["key"], self.trusted or seal["key"]) and one["origin"] == seal["origin"]
            if not signature_holds(one["key"], one["signature"], signed) or not ours:
                self.found.append(f"{name} is not the city's: wrong signature, key or installation.")
            elif one["size"] > size:
                self.notes.append(f"{name} signs {one['size']} entries; this workbook has {size} and can't tell about the rest.")
            elif whole and heads[one["size"]] != one["head"]:
                self.found.append(f"{name}: the log was rewritten: entry {one['size']} is not the one that was signed.")

    @staticmethod
    def entry(cells: dict[int, Any], raw: bool, size: int, prev: str, last: str, zone: str) -> bool:
        """Whether one entry follows the one before it and its hash holds."""
        texts = [text_of(cells.get(place), "instant" if place == 2 else "text", raw) for place in range(9)]
        seq, at, local, actor, event, subject, details, before, made = texts
        head, tail = compact({"actor": actor, "at": at}, True), compact({"event": event, "seq": size, "subject": subject}, True)
        hashed = sha256(f'coi-audit-v1\n{prev}\n{head[:-1]},"details":{details},{tail[1:]}')
        utc = datetime.fromisoformat(at[:19] + "+00:00") if len(at) == 27 else None
        try:
            there = utc is not None and f"{utc.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M:%S}" == local
        except (LookupError, ValueError):  # a computer without time zones can see only that the minutes fit
            there = local[16:] == at[16:19]
        return seq == str(size) and before == prev and hashed == made and at >= last and there

def main() -> int:
    """Reads the files, says what was found, and gives the status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("workbook", type=Path)
    parser.add_argument("--key", default="", help="public key, fingerprint, or a file that holds it")
    parser.add_argument("--seal", type=Path, help="the seal file that came with the workbook")
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], help="a checkpoint that you kept")
    told = parser.parse_args()
    try:
        key = Path(told.key).read_text().strip() if told.key and len(told.key) < 250 and Path(told.key).is_file() else told.key
        kept = json.loads(told.seal.read_text(encoding="utf-8")) if told.seal else None
        checkpoints = [(str(path), json.loads(path.read_text(encoding="utf-8"))) for path in told.checkpoint]
        book = Workbook(told.workbook)
    except (OSError, ValueError, LookupError, AttributeError, zipfile.BadZipFile, ElementTree.ParseError) as fault:
        print(f"This can't be read: {fault}", file=sys.stderr)  # noqa: T201  # the one way it speaks
        return 2
    try:
        check = Check(book, kept, key, checkpoints)
    except (ValueError, LookupError, TypeError, AttributeError, zipfile.BadZipFile, ElementTree.ParseError) as fault:
        print(f"This workbook was altered, or is none of the city's: {fault}")  # noqa: T201  # as above
        return 1
    print("\n".join([*check.found, *check.notes]) or "Every row, the seal and the log hold.")  # noqa: T201  # as above
    if not check.found and not key:
        print("This file agrees with itself; whose key it is you must know from elsewhere.")  # noqa: T201  # as above
    return 1 if check.found else 0 if key else 3

if __name__ == "__main__":
    sys.exit(main())
