#!/usr/bin/env python3
"""Checks a workbook of the City's disclosures on your own computer; Python 3.9 or later, nothing to install, nothing is sent.

    python verify.py WORKBOOK [--key KEY] [--seal FILE] [--checkpoint FILE]...
KEY: the City's public key or its SHA-256 fingerprint, as your first letter gave it, or a file that holds it.
Status: 0 true with a given key, 1 altered, 2 unreadable or wrong use, 3 the file agrees with itself only.
"""

# fmt: off
import argparse, base64, hashlib, json, re, sys, unicodedata, zipfile  # noqa: E401, I001  # kept close, to be read at once
from codecs import getincrementaldecoder
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree  # nosec B405  # what declares entities is refused before it is read
from zoneinfo import ZoneInfo
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
VALUE, INLINE = MAIN + "v", MAIN + "is"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ESCAPED = re.compile("_x005F_(?=x[0-9A-Fa-f]{4}_)")
NUMBER = re.compile(r"-?[0-9]{1,400}(\.[0-9]{1,400})?([eE][+-]?[0-9]{1,3})?")
ZONE = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2} ([A-Z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*)")
PLACES = {chr(64 + at) * (at > 0) + chr(64 + one): 26 * at + one for at in range(27) for one in range(1, 27)}  # columns A to ZZ
MOST, ROWS, PIECE, LONG, SHARED, TIGHT = 1000, 1_048_576, 65_536, 2**24, 2**29, 300  # sentences, rows, bytes; how tight a zip
TABS = {
    "about": ("About", "Acerca de"), "summary": ("Summary", "Resumen"), "population": ("Population", "Población"),
    "outcomes": ("Outcomes", "Resultados"), "interests": ("Interests", "Intereses"), "decisions": ("Decisions", "Decisiones"),
    "plans": ("Plans", "Planes"), "policies": ("Policies", "Políticas"), "not_filed": ("Not filed", "Sin presentar"),
    "access": ("Access", "Accesos"), "changes": ("Changes", "Cambios"), "audit": ("Audit", "Auditoría"),
    "columns": ("Columns", "Columnas"), "sample": ("Sample", "Muestra"),
}
AUDIT = [["Seq", "At", "Local time", "Actor", "Event", "Subject", "Details", "Previous", "Hash"],
         ["Núm.", "Momento", "Hora local", "Actor", "Suceso", "Asunto", "Detalles", "Anterior", "Huella"]]
KINDS, PROOF = ("whole", "text", "instant", *["text"] * 6), ("Row proof", "Prueba de fila")
SIGNED = {"origin", "size", "head", "at", "key", "signature"}
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
def add(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    """The sum of two points of Ed25519 (RFC 8032), slow and plain."""
    k = D * a[0] * b[0] * a[1] * b[1] % P
    return (a[0] * b[1] + b[0] * a[1]) * pow(1 + k, -1, P) % P, (a[1] * b[1] + a[0] * b[0]) * pow(1 - k, -1, P) % P
def times(number: int, point: tuple[int, int]) -> tuple[int, int]:
    """A point added to itself so many times."""
    half = times(number >> 1, add(point, point)) if number else (0, 1)
    return add(half, point) if number & 1 else half
def read_point(octets: bytes) -> tuple[int, int]:
    """The point behind 32 bytes; raises ValueError when there is none, or one of small order, which forged signatures fit."""
    sign, y = divmod(int.from_bytes(octets, "little"), 2**255)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    x = x if x & 1 == sign else P - x
    if len(octets) != 32 or y >= P or (x * x - square) % P or times(8, (x, y)) == (0, 1):
        raise ValueError("no point to trust")
    return x, y
def signature_holds(key: str, signature: str, text: str) -> bool:
    """Whether base64 `signature` over `text` was made with the base64 `key`."""
    with suppress(ValueError):
        public, mark = base64.b64decode(key, validate=True), base64.b64decode(signature, validate=True)
        s, base = int.from_bytes(mark[32:], "little"), read_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
        k = int.from_bytes(hashlib.sha512(mark[:32] + public + text.encode()).digest(), "little") % ORDER
        return len(mark) == 64 and s < ORDER and times(s, base) == add(read_point(mark[:32]), times(k, read_point(public)))
    return False
def sha256(text: str) -> str:
    """Hex SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
def compact(value: Any, sort: bool = False) -> str:
    """JSON with nothing between; with sorted keys it is the one text that is hashed or signed."""
    return json.dumps(value, sort_keys=sort, separators=(",", ":"), ensure_ascii=False)

class Unreadable(ValueError):
    """What can't be read, in a sentence."""
class Workbook:
    """Reads a workbook row by row; raises Unreadable for what no spreadsheet program writes, before it takes much memory."""
    def __init__(self, path: Path) -> None:
        try:
            self.zip, self.name = zipfile.ZipFile(path), path.name
        except Exception as fault:
            raise Unreadable(f"{path.name} can't be read: it is no workbook, or only a piece of one.") from fault
        parts = {part.filename.lower(): part for part in self.zip.infolist()}
        odd = any(one.compress_type % 8 or one.file_size > max(LONG, one.compress_size * TIGHT) for one in parts.values())
        strings = parts.get("xl/sharedstrings.xml")
        if odd or len(parts) < len(self.zip.infolist()) or (strings and strings.file_size > SHARED):
            raise Unreadable(f"{self.name} can't be read: it is packed as no spreadsheet program packs.")
        self.shared = ["".join(one.itertext()) for one in self.part(strings.filename, "si")] if strings else []
        targets = {one.get("Id"): one.get("Target") or "" for one in self.part("xl/_rels/workbook.xml.rels", "Relationship")}
        told = [dict(one.attrib) for one in self.part("xl/workbook.xml", "workbookPr", "sheet")]
        zero = "1904-01-01" if any(one.get("date1904") in ("1", "true") for one in told) else "1899-12-30"  # days count from it
        self.zero = datetime.fromisoformat(f"{zero}T00:00:00")
        sheets = {one["name"]: targets.get(one.get(LINK), "") for one in told if "name" in one}
        self.tabs = {name: to.lstrip("/") if to.startswith("/") else f"xl/{to}" for name, to in sheets.items()}
    def part(self, name: str, *wanted: str) -> Any:  # its elements of these names as they come; what was read is dropped
        parser: Any = ElementTree.XMLPullParser(["start", "end"])
        decode, root, quiet, last = getincrementaldecoder("utf-8-sig")().decode, list[Any](), 0, ""
        try:
            with self.zip.open(name) as file:
                for piece in iter(lambda: file.read(PIECE), b""):
                    text, quiet = decode(piece), quiet + len(piece)
                    if quiet > LONG or "<!" in last + text:  # a row without end, entities
                        raise ValueError(name)
                    parser.feed(text)
                    for event, element in parser.read_events():
                        root.append(element) if not root else None
                        if event == "end" and element.tag.rpartition("}")[2] in wanted:
                            quiet = 0
                            yield element
                    node, last = root[0], text[-1:]
                    while len(node) and node.tag.rpartition("}")[2] not in wanted:
                        del node[:-1]
                        node = node[0]
                parser.close()
        except Exception as fault:
            raise Unreadable(f"{self.name} can't be read: its part {name} is missing, damaged, or no spreadsheet's.") from fault
    def parts(self, key: str) -> list[str]:  # the tabs of a sheet: its own and those on which it goes on
        own = next((name for name in TABS[key] if name in self.tabs), None)
        more = [tab for tab in self.tabs if re.fullmatch(re.escape(own or "?") + r" \([0-9]{1,4}\)", tab)]
        return [own, *sorted(more, key=lambda tab: int(tab.rpartition("(")[2][:-1]))] if own else []
    def rows(self, tab: str) -> Any:  # (row number, cells by column from 0) for each row that is not empty
        number = 0
        for row in self.part(self.tabs[tab], "row"):
            number, cells, column = int(row.get("r") or number + 1), dict[int, Any](), 0
            for cell in row:
                letters, before = (cell.get("r") or "").rstrip("0123456789"), column
                column = PLACES.get(letters, 703) if letters else column + 1
                fits = column > before and cell.get("r", "") in ("", letters + str(number))
                value = self.value(cell) if fits else ("(a cell in the place of another)", False)
                cells.update({column - 1: value} if value else {})
            yield from [(number, cells)] if cells else []
    def value(self, cell: Any) -> Any:  # what a cell shows, and whether that is a number; None when it is empty
        kind, told = cell.get("t", "n"), "".join(cell.itertext())
        if kind == "s" and told:
            told = self.shared[int(told)] if re.fullmatch("[0-9]{1,9}", told) and int(told) < len(self.shared) else "(nothing)"
        if len(cell) > 1 or (len(cell) and cell[0].tag != (INLINE if kind == "inlineStr" else VALUE)):
            kind, told = "str", "(a formula)"
        return (told if kind != "b" else "FALSE" if told == "0" else "TRUE", kind == "n") if told else None
    def frame(self, key: str) -> list[list[str]]:  # the texts of a small sheet, without what is empty at each end
        rows: list[list[str]] = []
        for number, cells in self.rows(self.parts(key)[0]) if self.parts(key) else ():
            rows += [[] for _gap in range(min(number, ROWS) - 1 - len(rows))]
            rows += [[self.text(cells.get(place), "whole") for place in range(max(cells) + 1)]]
        return rows
    def text(self, cell: Any, kind: str, raw: bool = False) -> str:  # the canonical text; what is no value of its type stays
        told, number = cell or ("", False)
        if not number:
            plain = told.isascii() and "\r" not in told
            told = told if plain else unicodedata.normalize("NFC", told.replace("\r\n", "\n").replace("\r", "\n"))
            return told if raw else ESCAPED.sub("_", told)
        with suppress(ArithmeticError, ValueError):
            number = float(told if NUMBER.fullmatch(told) else "no number")
            if kind == "instant":
                return (self.zero + timedelta(seconds=int(number * 86400 + 0.5))).isoformat()
            if kind == "date":
                return (self.zero + timedelta(days=number)).isoformat()[:10] if number == int(number) else told
            if kind == "money":
                return f"{number:.2f}" if float(f"{number:.2f}") == number else told
            return str(int(number)) if number == int(number) else told
        return told
    def reading(self, key: str, cells: dict[int, Any], kinds: list[str]) -> tuple[list[str], str, str]:
        told = self.text(cells.get(len(kinds)), "text")
        for raw in (True, False):  # some programs save `_x005F_` undone: then the raw texts fit the proof
            texts = [self.text(cells.get(place), kind, raw) for place, kind in enumerate(kinds)]
            made = sha256(f"coi-row-v1\n{key}\n{compact(texts)}")[:32]
            if made == told:
                break
        return texts, made, told

class Check:
    """Looks at everything in turn; `found` are sentences about what was altered, `notes` about what can't be known."""
    def __init__(self, book: Workbook, kept: Any, trusted: str, checkpoints: list[tuple[str, Any]]) -> None:
        self.book, self.kept, self.trusted, about = book, kept, trusted, book.frame("about")
        self.found, self.notes = list[str](), list[str]()
        at = [row[:1] in (["Seal"], ["Sello"]) for row in about].index(True)
        seal = self.seal = json.loads("".join(about[at][1:]))
        signed = "coi-seal-v1\n" + compact({key: seal[key] for key in seal if key != "signature"}, True)
        holds = compact(seal, True) == "".join(about[at][1:]) and signature_holds(seal["key"], seal["signature"], signed)
        self.unless(holds, "The seal on About is not the city's: its signature does not hold.")
        self.unless(not trusted or self.same_key(seal["key"], trusted), "The seal was made with another key than you gave.")
        self.unless(kept is None or kept["seal"] == seal, "The seal on About is not the one in the seal file.")
        names = {key: (book.parts(key) or [TABS[key][seal["language"] == "es"]])[0] for key in TABS}
        sealed = ["about", "summary", *seal["sheets"], *(["audit"] if "audit" in seal["filters"]["sheets"] else [])]
        for key in sealed:
            self.unless(book.parts(key), f"The sheet {names[key]} is missing.")
        for key, rows in (("about", about[:at]), ("summary", book.frame("summary"))):
            same = sha256(f"coi-frame-v1\n{key}\n{compact(rows)}") == seal["frame"][key]
            self.unless(same, f"{names[key]} is not the city's: it was altered.")
        for key in seal["sheets"]:
            self.sheet(key, names[key], seal["sheets"][key])
        own = json.loads("".join(about[at + 1][1:])) if len(about) == at + 2 else {}
        self.unless(set(own) == SIGNED, "About was altered below the seal.")
        listed = [*([("The checkpoint on About", own)] if set(own) == SIGNED else []), *checkpoints]
        zone, heads = ZONE.search(compact(about[:at])), {one["size"]: "0" * 64 for _name, one in listed}
        size = self.audit(zone[1] if zone else "", heads) if "audit" in sealed and book.parts("audit") else 0
        for name, one in listed:
            self.checkpoint(name, one, size, heads)
        self.notes += [] if "audit" in sealed else ["This workbook was made without the log: it can't tell about it."]
        self.notes += [] if checkpoints else ["Whether the whole log was written anew, only a checkpoint that you kept can tell."]
        said = ("is not part of the city's workbook.", "is for notes: no seal covers it.")
        extra = [tab for tab in book.tabs if not any(tab in book.parts(key) for key in sealed)]
        self.notes += [f"The sheet {tab} {said[tab in TABS['sample']]}" for tab in extra]
    def same_key(self, key: str, trusted: str) -> bool:  # whether it is the one that was given, as such or by its fingerprint
        return trusted == key or trusted.lower() == hashlib.sha256(base64.b64decode(key)).hexdigest()
    def unless(self, good: Any, fault: str) -> None:
        if not good:
            self.found[MOST - 1 :] = [fault if len(self.found) < MOST - 1 else "There is more: the list ends here."]
    def data(self, key: str, wanted: Any) -> Any:  # (tab, row number, cells) for every row below the headings
        for tab in self.book.parts(key):
            rows = iter(self.book.rows(tab))
            top = next(rows, (0, {0: None}))[1]
            told = [self.book.text(top.get(place), "text") for place in range(max(top) + 1)]
            self.unless(told in wanted, f"{tab}: the headings were altered.")
            yield from ((tab, *row) for row in rows)
    def sheet(self, key: str, name: str, told: Any) -> None:  # rows against their proofs, these against root or seal file
        headings, kinds = ([one[at] for one in told["columns"]] for at in (0, 1))
        rows, ask = list[tuple[str, str, str]](), "Which ones can't be known without the seal file."
        for tab, number, cells in self.data(key, [[*headings, one] for one in PROOF]):
            _texts, made, proof = self.book.reading(key, cells, kinds)
            self.unless(made == proof, f"{tab}, row {number}: a cell was altered.")
            self.unless(max(cells) <= len(kinds), f"{tab}, row {number}: a cell was added beside the row.")
            rows.append((f"{tab}, row {number}", proof, made))
        if not self.book.parts(key) or told["root"] in [sha256("\n".join(row[one] for row in rows)) for one in (1, 2)]:
            return  # where only cells of proofs were altered, the rows themselves still lead to the root
        kept, same = self.kept["proofs"].get(key, []) if self.kept else [], told["rows"] == len(rows)
        if sha256("\n".join(kept)) != told["root"]:
            self.unless(not same, f"{name}: rows were altered with their proofs, or stand in another order. {ask}")
            self.unless(same, f"{name}: {told['rows']} rows were sealed and {len(rows)} are there: removed or added. {ask}")
            return
        left = Counter(kept)
        here = [(at, proof if proof in left or made not in left else made) for at, proof, made in rows]
        left.subtract(one for _at, one in here)
        for at, one in here:
            self.unless(left[one] >= 0, f"{at}: not a row of the city's, or one that stands here twice.")
        for number, one in enumerate(kept, 2):
            self.unless(left[one] <= 0, f"{name}: the city's row {number} is missing.")
        self.unless(any(left.values()), f"{name}: the rows stand in another order.")
    def audit(self, zone: str, heads: dict[int, str]) -> int:  # how long the log is; fills in the hashes asked for
        size, prev, last, whole = 0, "0" * 64, "", True
        for tab, number, cells in self.data("audit", AUDIT):
            if whole:
                readings = ([self.book.text(cells.get(at), KINDS[at], raw) for at in range(9)] for raw in (True, False))
                whole = max(cells) <= 8 and any(self.follows(one, size + 1, prev, last, zone) for one in readings)
                self.unless(whole, f"{tab}, row {number}: the log breaks at entry {size + 1}.")
                size, prev, last = size + whole, *(self.book.text(cells.get(at), "text") for at in (8, 1))
                heads.update({size: prev} if size in heads else {})
        same = not whole or (size, prev) == (self.seal["size"], self.seal["head"])
        self.unless(same, f"Audit: the seal tells of {self.seal['size']} entries with another end; {size} are there.")
        return size
    def follows(self, texts: list[str], size: int, prev: str, last: str, zone: str) -> bool:  # entry `size` the one before it
        seq, at, local, actor, event, subject, details, before, made = texts
        head, tail = compact({"actor": actor, "at": at}, True), compact({"event": event, "seq": size, "subject": subject}, True)
        hashed = sha256(f'coi-audit-v1\n{prev}\n{head[:-1]},"details":{details},{tail[1:]}')
        clock = local[:17] + at[17:19]  # a computer without time zones can see only that the seconds fit
        with suppress(LookupError, ValueError):
            clock = datetime.fromisoformat(at[:19] + "+00:00").astimezone(ZoneInfo(zone)).isoformat()[:19]
        return seq == str(size) and before == prev and hashed == made and at >= last and local == clock
    def checkpoint(self, name: str, one: Any, size: int, heads: dict[int, str]) -> None:  # exposes a log written anew
        seal, signed = self.seal, f"coi-checkpoint-v1\n{one['origin']}\n{one['size']}\n{one['head']}\n{one['at']}\n"
        ours = self.same_key(one["key"], self.trusted or seal["key"]) and one["origin"] == seal["origin"]
        if not (ours and signature_holds(one["key"], one["signature"], signed)):
            self.unless(False, f"{name} is not the city's: wrong signature, key or installation.")
        elif one["size"] > seal["size"] and one["at"] <= seal["as_of"]:
            self.unless(False, f"{name}: the log was shortened: it had {one['size']} entries, the seal tells of {seal['size']}.")
        elif one["size"] > size and name != "The checkpoint on About":  # which is always made after the workbook's moment
            self.notes.append(f"{name} signs {one['size']} entries; this workbook has {size} and can't tell about the rest.")
        elif one["size"] <= size and heads[one["size"]] != one["head"]:
            self.unless(False, f"{name}: the log was rewritten: entry {one['size']} is not the one that was signed.")
def load(path: Path, keys: set[str], what: str) -> Any:
    """A file of JSON with these keys; raises Unreadable for any other."""
    with suppress(Exception):
        value = json.loads(path.read_text(encoding="utf-8-sig"))
        if set(value) == keys and value.get("size", 0) >= 0:
            return value
    raise Unreadable(f"{path.name} can't be read: it is no {what}.")
def main() -> int:
    """Reads the files, says what was found, and gives the status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("workbook", type=Path)
    parser.add_argument("--key", default="", help="public key, fingerprint, or a file that holds it")
    parser.add_argument("--seal", type=Path, help="the seal file that came with the workbook")
    parser.add_argument("--checkpoint", dest="older", type=Path, action="append", default=[], help="a checkpoint that you kept")
    told = parser.parse_args()
    try:
        file = Path(told.key) if len(told.key) < 250 and Path(told.key).is_file() else None
        key = "".join((file.read_bytes()[:250].decode("ascii", "replace") if file else told.key).split())
        if key and not re.fullmatch("[A-Za-z0-9+/]{43}=|[0-9A-Fa-f]{64}", key):
            raise Unreadable("The key can't be read: it is neither a public key nor a fingerprint.")
        kept = load(told.seal, {"seal", "proofs"}, "seal file") if told.seal else None
        check = Check(Workbook(told.workbook), kept, key, [(one.name, load(one, SIGNED, "checkpoint")) for one in told.older])
        status = 1 if check.found else 0 if key else 3
        said = [*(check.found or ["Every row, the seal and the log hold."]), *check.notes]
        said += ["This file agrees with itself; whose key it is you must know from elsewhere."] if status == 3 else []
    except Exception as fault:  # what can be read and still fails has something else where its seal should be
        bad = isinstance(fault, Unreadable)
        said, status = [str(fault) if bad else f"{told.workbook.name} bears no seal of the city's."], 1 + bad
    sys.stdout.buffer.write(("\n".join(said) + "\n").encode(sys.stdout.encoding or "utf-8", "replace"))
    return status
if __name__ == "__main__":
    sys.exit(main())
