"""The papers that the filer added, as pages behind the packet's text; what can't be printed is named, with why; reads only.

With `inside` (a certified case file) such a one lies in the PDF as the file that it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from coi.attachments import keeping
from coi.attachments.queries import of_version
from coi.attachments.scanning import BAD, WAITING
from coi.models import Attachment, DisclosureVersion
from coi.papers import Paper, pdf
from coi.papers_behind import KINDS, Behind, pages_of, pdf_with

MOST_PAGES_OF_ONE = 40
MOST_PAGES = 120
MOST_BYTES = 30 * 1024 * 1024


@dataclass
class Added:
    """One paper of the filer: the file and its pages where it can be printed, else why not."""

    row: Attachment
    file: Behind | None = None
    pages: int = 0
    why_not: str = ""
    inside: bool = False


def with_papers(paper: Paper, signed: DisclosureVersion) -> bytes:
    """The PDF of the packet with every paper that can be printed behind it; whatever is in a paper, the packet is made."""
    return with_these(paper, of_version(signed))


def with_these(paper: Paper, rows: Sequence[Attachment], *, inside: bool = False) -> bytes:
    """The same with these papers; with `inside`, what can't be printed and is no danger lies in the PDF as a file."""
    added = _added(rows, inside)
    before = list(paper.blocks)
    _listed(paper, added)
    files = [one.file for one in added if one.file is not None]
    if not files:
        return pdf(paper)
    _sheets(paper, added)
    made = pdf_with(paper, files)
    if made is not None:
        return made
    paper.blocks = list(before)
    for one in added:
        one.why_not = one.why_not or _("the papers together could not be printed")
        one.inside = inside and one.file is not None
    _listed(paper, added)
    if inside:
        _sheets(paper, added)
        made = pdf_with(paper, files)
        if made is not None:
            return made
        paper.blocks = list(before)
        for one in added:
            one.inside = False
        _listed(paper, added)
    return pdf(paper)


def _added(rows: Sequence[Attachment], inside: bool = False) -> list[Added]:
    """Every paper that the signature covers, in the order in which they came, as far as the limits go."""
    told, pages, size = [], 0, 0
    for row in rows:
        one = Added(row)
        data = None if row.scan in (WAITING, BAD) else keeping.read(row)
        file = Behind(row.filename, row.kind, data) if data is not None else None
        if file is None:
            one.why_not = _unread(row)
        elif row.kind not in KINDS:
            one.why_not = _("a file of this kind can't be printed")
        elif size + row.size > MOST_BYTES:
            one.why_not = _("the packet would become too large")
        else:
            one.pages = pages_of(file)
            one.why_not = _too_much(one.pages, pages)
        one.inside = bool(inside and one.why_not and file is not None and size + row.size <= MOST_BYTES)
        if not one.why_not or one.inside:
            one.file, size = file, size + row.size
            pages += 0 if one.inside else one.pages
        told.append(one)
    return told


def _unread(row: Attachment) -> str:
    if row.scan == BAD:
        return _("the virus scanner found something in it")
    if row.scan == WAITING:
        return _("the virus scanner has not looked at it yet")
    return _("the file is gone, or is no longer the one that was signed")


def _too_much(count: int, pages: int) -> str:
    if count == 0:
        return _("the file could not be opened for printing")
    if count > MOST_PAGES_OF_ONE:
        return _("it has %(count)s pages, and at most %(most)s are printed of one paper", count=count, most=MOST_PAGES_OF_ONE)
    return _("the packet would have too many pages") if pages + count > MOST_PAGES else ""


def _listed(paper: Paper, added: list[Added]) -> None:
    if not added:
        return
    paper.heading(_("Papers that the filer added"))
    told = _(
        "They stand behind this text, in this order. What could not be printed opens on the page of the case. "
        "The SHA-256 tells that a file is the one that was signed."
    )
    if any(one.inside for one in added):
        told = _(
            "They stand behind this text, in this order. What could not be printed lies in this PDF as a file: open the list of "
            "attachments. The SHA-256 tells that a file is the one that was signed."
        )
    paper.text(told, "quiet")
    for number, one in enumerate(added, 1):
        printed = ngettext("behind this text, %(num)s page", "behind this text, %(num)s pages", one.pages)
        not_so = _("Not printed: %(why)s.", why=one.why_not)
        rows = [("", not_so if one.why_not else printed), ("SHA-256", one.row.sha256)]
        paper.entry(f"{number}. {one.row.filename}", rows)


def _sheets(paper: Paper, added: list[Added]) -> None:
    place = 0
    for number, one in enumerate(added, 1):
        if one.file is None:
            continue
        if one.inside:
            paper.attach(f"{place}.{one.file.kind}", f"{number}. {one.row.filename}", one.row.sha256)
            place += 1
            continue
        for page in range(1, one.pages + 1):
            told = {"number": number, "name": one.row.filename, "page": page, "pages": one.pages}
            words = _("Paper %(number)s: %(name)s", **told)
            if one.pages > 1:
                words = _("Paper %(number)s: %(name)s, page %(page)s of %(pages)s", **told)
            paper.sheet(f"{place}.{one.file.kind}", page if one.file.kind == "pdf" else 0, words)
        place += 1
