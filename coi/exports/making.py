"""Makes one workbook with its seal file, and csv or JSON Lines beside it: one pass over one snapshot."""

import gc
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask_babel import gettext as _

from coi.audit.chain import canonical_json, public_text, stamp
from coi.exports.about import about_rows
from coi.exports.cells import Cells, cell_text, frame_hash
from coi.exports.counting import People, Summary
from coi.exports.filters import NO_FILTERS, Filters
from coi.exports.flat import CsvFiles, Flat, LineFiles, file_of
from coi.exports.frame import BigSheet, Frame
from coi.exports.registers.access import access
from coi.exports.registers.asof import Moment
from coi.exports.registers.changes import changes
from coi.exports.registers.columns import PROOF_HEADING, WITHOUT_PROOF, title_of
from coi.exports.registers.dictionary import dictionary
from coi.exports.registers.interests import interests
from coi.exports.registers.masking import columns_of, narrowed, sheets_of, veiled
from coi.exports.registers.plans import plans
from coi.exports.registers.population import population
from coi.exports.registers.rows import Row, audit, decisions, not_filed, outcomes, policies, sealed
from coi.exports.registers.sample import sample
from coi.exports.registers.sieve import Sieve
from coi.exports.seal import in_cells, signed
from coi.exports.stream import Proofs, Streamer
from coi.exports.summary import laid_out
from coi.languages import speaking
from coi.models import Campaign
from coi.profiles.current import current_profile, profile_as_of

QUICKEST = 1  # of zip's levels: the sheets are twelve times smaller already, and more costs more than it saves


SELDOM = (50_000, 10, 10)  # objects more than before; Python's own first number is 700


@dataclass(frozen=True)
class Asked:
    """What a workbook is made of: everything but the rows."""

    reference: str
    kind: str
    campaign: Campaign | None
    sheets: tuple[str, ...]
    at: Moment
    head: str
    asked_by: str
    asked_at: datetime
    release: str
    origin: str
    checkpoint: dict[str, Any]
    made_at: str = ""
    narrow: Filters = NO_FILTERS
    purpose: str = ""
    approved_by: str = ""
    formats: tuple[str, ...] = ()
    sample: str = ""

    @property
    def filters(self) -> dict[str, Any]:
        """What was left out, as the seal says it."""
        told = {"campaign": self.campaign.year if self.campaign else None, "sheets": list(self.sheets), **self.narrow.to_json()}
        return {**told, "sample": self.sample} if self.sample else told


@dataclass(frozen=True)
class Made:
    """What came of it."""

    seal: dict[str, Any]
    rows: int
    checkpoint: Mapping[str, Any] = field(default_factory=dict)


def wanted_sheets(names: Iterable[str], kind: str = "standard") -> tuple[str, ...]:
    """The sheets asked for in the order of the workbook; none named means all of this kind; Columns always comes along.

    Sample comes along only where a sample is.
    """
    named = set(names)
    every = named <= {"sample"}
    return tuple(key for key in sheets_of(kind) if key in named or key == "columns" or (every and key != "sample"))


def sources(asked: Asked, summary: Summary, people: People) -> dict[str, Callable[[], Iterable[Row]]]:
    """Where the rows of each sheet come from, as this kind of workbook shows them; what is counted is what is shown."""
    at, campaign, kind = asked.at, asked.campaign, asked.kind
    around = (at, campaign, Sieve(asked.narrow, at, campaign))
    kept_back = sealed(at) if kind == "public" else frozenset()
    whole: dict[str, Callable[[], Iterable[Row]]] = {
        "population": lambda: people.counted(population(*around)),
        "outcomes": lambda: summary.counted(veiled(kind, "outcomes", outcomes(*around), kept_back)),
        "interests": lambda: veiled(kind, "interests", interests(*around, kind), kept_back),
        "decisions": lambda: veiled(kind, "decisions", decisions(*around), kept_back),
        "plans": lambda: summary.aged(plans(*around, kind)),
        "policies": lambda: policies(*around),
        "not_filed": lambda: not_filed(*around),
        "access": lambda: access(at),
        "changes": lambda: changes(at),
        "audit": lambda: audit(at),
        "sample": lambda: sample(at, campaign, asked.sample),
        "columns": lambda: dictionary(at, asked.sheets, kind),
    }
    return {sheet: partial(_narrowed, kind, sheet, rows) for sheet, rows in whole.items()}


def count_the_rest(read: Mapping[str, Callable[[], Iterable[Row]]], written: Collection[str], kind: str) -> None:
    """Reads what Summary counts where its sheet was not asked for."""
    for sheet in ("outcomes", "plans"):
        if sheet not in written and sheet in sheets_of(kind):
            for _row in read[sheet]():
                pass


def _narrowed(kind: str, sheet: str, rows: Callable[[], Iterable[Row]]) -> Iterable[Row]:
    return narrowed(kind, sheet, rows())


def make(
    asked: Asked, workbook: Path, seal_file: Path, key: Ed25519PrivateKey, now: datetime, told: Callable[[int], None]
) -> Made:
    """Writes the workbook and what goes with it, each whole on disk or not at all; `told` hears how many rows were written."""
    files = (seal_file, *(file_of(workbook, one) for one in asked.formats), workbook)
    halves = [path.with_name(f".{path.name}.half") for path in files]
    try:
        with seldom_collecting(), profile_as_of(asked.at.n), speaking(asked.at.language), ExitStack() as opened:
            proofs = opened.enter_context(halves[0].open("w", encoding="utf-8"))
            *others, book = (opened.enter_context(half.open("wb")) for half in halves[1:])
            flat = [flat_of(one, file, asked.at.zone) for one, file in zip(asked.formats, others, strict=True)]
            for one in flat:
                opened.callback(one.drop)
            made = _write(asked, book, Proofs(proofs), flat, key, now, told)
            for file in (proofs, *others, book):
                file.flush()
                os.fsync(file.fileno())
    except BaseException:
        for half in halves:
            with suppress(OSError):
                half.unlink(missing_ok=True)
        raise
    for half, path in zip(halves, files, strict=True):
        half.replace(path)
    _settle(workbook.parent)
    return made


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Inside, Python looks for circles of objects seldom: rows are none, and looking for them costs a third of a workbook."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _settle(folder: Path) -> None:
    """The names, too, must be on disk before anybody is told."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def flat_of(name: str, file: IO[bytes], zone: Any) -> Flat:
    """The writer of a format."""
    return CsvFiles(file) if name == "csv" else LineFiles(file, zone)


def _write(
    asked: Asked,
    book: Any,
    proofs: Proofs,
    flat: Sequence[Flat],
    key: Ed25519PrivateKey,
    now: datetime,
    told: Callable[[int], None],
) -> Made:
    frame = Frame(
        title_of("about", asked.at.language), title_of("summary", asked.at.language), big_sheets(asked), _properties(asked, now)
    )
    summary, people = Summary(asked.at, asked.kind), People(asked.at)
    read = sources(asked, summary, people)
    rows: dict[str, int] = {}
    with ZipFile(book, "w", ZIP_DEFLATED, compresslevel=QUICKEST) as target:
        cells = Cells(asked.at.zone, frame.styles)
        streamer = Streamer(frame, cells, target, told, flat)
        for sheet in asked.sheets:
            rows[sheet] = streamer.write(sheet, read[sheet](), None if sheet in WITHOUT_PROOF else proofs)
        count_the_rest(read, rows, asked.kind)
        counts, placed = laid_out(summary.blocks())
        counts = [[cell_text(one, cells.repairs) if isinstance(one, str) else one for one in row] for row in counts]
        about, titles = about_rows(asked, rows, people if "population" in rows else None, cells.repairs, public_text(key), now)
        about = [[cell_text(text, cells.repairs) for text in row] for row in about]
        content = {
            **_heading(asked),
            "frame": {
                "about": frame_hash("about", about),
                "summary": frame_hash("summary", [[str(one) for one in row] for row in counts]),
            },
            "sheets": {
                sheet: {"rows": rows[sheet], "columns": _typed(asked.kind, sheet, asked.at.language), "root": proofs.roots[sheet]}
                for sheet in asked.sheets
                if sheet not in WITHOUT_PROOF
            },
            "at": stamp(now),
        }
        seal = signed(key, content)
        about += [[str(_("Seal")), *in_cells(canonical_json(seal))], [str(_("Checkpoint")), canonical_json(asked.checkpoint)]]
        frame.fill_about(about, titles)
        frame.fill_summary(counts, placed)
        frame.finish(streamer.by_tab, target)
    for one in flat:
        one.small("about", about)
        one.small("summary", counts)
        one.finish()
    proofs.close(seal)
    return Made(seal, sum(rows.values()), asked.checkpoint)


def _heading(asked: Asked) -> dict[str, Any]:
    return {
        "origin": asked.origin,
        "export": asked.reference,
        "kind": asked.kind,
        "language": asked.at.language,
        "release": asked.release,
        "filters": asked.filters,
        "as_of": asked.at.as_of,
        "size": asked.at.n,
        "head": asked.head,
    }


def _typed(kind: str, sheet: str, language: str) -> list[list[str]]:
    return [[spec.heading(language), spec.type] for spec in columns_of(kind, sheet)]


def big_sheets(asked: Asked) -> list[BigSheet]:
    """The sheets that are streamed, with their headings in the workbook's language; the last column is the row proof."""
    language = asked.at.language
    found = []
    for key in asked.sheets:
        columns = [(spec.key, spec.heading(language), spec.type) for spec in columns_of(asked.kind, key)]
        if key not in WITHOUT_PROOF:
            columns.append(("proof", PROOF_HEADING[language == "es"], "proof"))
        found.append(BigSheet(key, title_of(key, language), tuple(columns)))
    return found


def _properties(asked: Asked, now: datetime) -> dict[str, Any]:
    city = current_profile().city
    return {
        "creator": city.name,
        "title": str(_("Register of disclosures: %(reference)s", reference=asked.reference)),
        "subject": str(_("Conflict of interest disclosures and their outcomes")),
        "keywords": f"{asked.origin} {asked.release}",
        "language": asked.at.language,
        "created": now.astimezone(UTC).replace(tzinfo=None),
    }
