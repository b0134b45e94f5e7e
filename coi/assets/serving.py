"""Serves what was built under names that hold a fingerprint, gzipped and kept for a year; knows no person and no table."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, abort, request, url_for
from flask.typing import ResponseReturnValue

from coi.assets import packing
from coi.assets.colours import GOLD, PLAIN, as_style, in_name
from coi.config import ROOT
from coi.gate import opened

BUILT = ROOT / "coi" / "static" / "built"
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
FOR_EVER = "public, max-age=31536000, immutable"
COLOURS = re.compile(r"city-([0-9a-f]{6})-([0-9a-f]{6})\.css")

bp = Blueprint("assets", __name__, url_prefix="/assets")


def init_app(app: Flask) -> None:
    """Adds the one address of all assets, and `asset('site.css')` for templates."""
    app.register_blueprint(bp)
    packing.init_app(app)
    app.jinja_env.globals["asset"] = asset


@lru_cache(maxsize=2)
def _manifest(folder: Path, _changed: int) -> dict[str, str]:
    named: dict[str, str] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return named


def manifest() -> dict[str, str]:
    """Plain name to built name; empty before the first build."""
    try:
        changed = (BUILT / "manifest.json").stat().st_mtime_ns
    except FileNotFoundError:
        return {}
    return _manifest(BUILT, changed)


def asset(name: str) -> str:
    """The address of a built file; before the first build the plain name, which is answered with 404 and breaks no page."""
    return url_for("assets.serve", name=manifest().get(name, name))


@bp.get("/<path:name>")
@opened
def serve(name: str) -> ResponseReturnValue:
    """One built file, or the style sheet of the city's two colours, which its own name holds."""
    colours = COLOURS.fullmatch(name)
    if colours is not None:
        return _kept(Response(as_style(f"#{colours[1]}", f"#{colours[2]}"), content_type=KINDS[".css"]))
    kind = KINDS.get(Path(name).suffix)
    if kind is None or name not in manifest().values():
        abort(404)
    packed = _content(BUILT / f"{name}.gz") if request.accept_encodings.quality("gzip") > 0 else None
    answer = Response(packed or _content(BUILT / name), content_type=kind)
    if packed is not None:
        answer.headers["Content-Encoding"] = "gzip"
    answer.vary.add("Accept-Encoding")
    return _kept(answer)


@lru_cache(maxsize=100)
def _content(path: Path) -> bytes | None:
    """The bytes of a built file, read once: a name holds the fingerprint of its content and never means another."""
    return path.read_bytes() if path.is_file() else None


def city_colours(colours: Mapping[Any, str]) -> str:
    """The address of the style sheet for a profile's colours; a profile may name none."""
    primary, accent = in_name(colours.get("primary", PLAIN)), in_name(colours.get("accent", GOLD))
    return url_for("assets.serve", name=f"city-{primary}-{accent}.css")


def _kept(answer: Response) -> Response:
    answer.headers["Cache-Control"] = FOR_EVER
    return answer
