"""Sends pages gzipped, with a hidden part of random length, so that their size tells nobody what stands in them (BREACH)."""

import gzip
import io
import secrets

from flask import Flask, Response, request

SMALLEST = 1_500
LONGEST_PADDING = 100


def init_app(app: Flask) -> None:
    """Packs every page that is worth it; files of their own kind (workbooks, slips) are packed already."""
    app.after_request(packed)


def packed(answer: Response) -> Response:
    """The same page in fewer bytes for a browser that can unpack it."""
    if answer.mimetype != "text/html" or answer.direct_passthrough or answer.is_streamed or "Content-Encoding" in answer.headers:
        return answer
    answer.vary.add("Accept-Encoding")
    plain = answer.get_data()
    if len(plain) < SMALLEST or request.accept_encodings.quality("gzip") <= 0:
        return answer
    answer.set_data(squeezed(plain))
    answer.headers["Content-Encoding"] = "gzip"
    return answer


def squeezed(plain: bytes) -> bytes:
    """Gzip whose header holds a name of random length; every unpacker skips it."""
    made = io.BytesIO()
    padding = "p" * secrets.randbelow(LONGEST_PADDING)
    with gzip.GzipFile(filename=padding, mode="wb", compresslevel=5, fileobj=made, mtime=0) as file:
        file.write(plain)
    return made.getvalue()
