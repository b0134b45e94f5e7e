"""Sends one paper as a file to be saved, never as a page of this site; a file that is gone, waits or is bad is said to be."""

from urllib.parse import quote

import structlog
from flask import Response, render_template
from flask.typing import ResponseReturnValue

from coi.attachments import keeping
from coi.attachments.judging import KINDS
from coi.attachments.scanning import BAD, WAITING
from coi.models import Attachment

log = structlog.get_logger()

SANDBOX = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"


def as_file(paper: Attachment) -> ResponseReturnValue:
    """The file of a paper, with a name that no browser reads as anything but a name."""
    data = None if paper.scan in (WAITING, BAD) else keeping.read(paper)
    if data is None:
        if paper.scan not in (WAITING, BAD):
            log.error("the file of a paper is gone or was changed", attachment=paper.reference)
        return render_template("attachments/missing.html", paper=paper, waiting=paper.scan == WAITING, bad=paper.scan == BAD), 404
    answer = Response(data, content_type=KINDS[paper.kind])
    plain = f"{paper.reference}.{paper.kind}"
    name = quote(paper.filename, safe="")
    answer.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{name}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Cache-Control"] = "no-store"
    return answer
