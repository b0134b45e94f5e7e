"""Styles and scripts: built from the lock file, named by content, small, served from our own address and kept for a year."""

import gzip
import json

import pytest

from coi.assets import build, serving
from coi.assets.colours import READABLE, WHITE, as_style, contrast, parts, readable
from coi.assets.packing import squeezed
from coi.config import ROOT


@pytest.fixture(scope="module")
def manifest():
    assert build.main() == 0
    return {name: made for name, made in json.loads((build.BUILT / "manifest.json").read_text()).items() if name != "*"}


def test_a_second_build_does_nothing(manifest, monkeypatch):
    monkeypatch.setattr(build, "install", lambda: pytest.fail("installed again"))
    assert build.main() == 0


def test_a_changed_source_is_seen(manifest, monkeypatch):
    monkeypatch.setattr(build, "sources", lambda: [build.HERE / "package.json"])
    assert not build.is_current(build.fingerprint())


def test_a_lost_file_is_seen(manifest, monkeypatch, tmp_path):
    (tmp_path / "manifest.json").write_text((build.BUILT / "manifest.json").read_text())
    monkeypatch.setattr(build, "BUILT", tmp_path)
    assert not build.is_current(build.fingerprint())


def test_the_lock_file_names_no_registry():
    lock = json.loads((build.HERE / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


def test_the_first_page_is_light(manifest):
    def weight(name):
        path = build.BUILT / manifest[name]
        packed = path.with_name(path.name + ".gz")
        return (packed if packed.exists() else path).stat().st_size

    assert sum(map(weight, manifest)) < 200_000
    assert weight("site.css") < 30_000
    assert weight("site.js") < 5_000


def test_every_name_holds_the_fingerprint_of_its_content(manifest):
    import hashlib

    wrong = [made for made in manifest.values() if hashlib.sha256((build.BUILT / made).read_bytes()).hexdigest()[:10] not in made]
    assert wrong == []


def test_the_style_sheet_asks_only_for_what_was_built(manifest):
    import re

    css = (build.BUILT / manifest["site.css"]).read_text()
    asked = {one for one in re.findall(r"url\(([^)]*)\)", css) if one.strip("\"'")}
    assert {one for one in asked if one not in manifest.values()} == set()


def test_assets_are_gzipped_and_kept_for_a_year(client, manifest):
    reply = client.get(f"/assets/{manifest['site.css']}", headers={"Accept-Encoding": "gzip, br"})
    assert reply.status_code == 200
    assert reply.headers["Content-Encoding"] == "gzip"
    assert reply.headers["Cache-Control"] == serving.FOR_EVER
    assert "Accept-Encoding" in reply.headers["Vary"]
    assert gzip.decompress(reply.data) == (build.BUILT / manifest["site.css"]).read_bytes()


def test_who_takes_no_gzip_gets_the_plain_file(client, manifest):
    reply = client.get(f"/assets/{manifest['site.css']}", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in reply.headers
    assert reply.content_type == "text/css; charset=utf-8"


@pytest.mark.parametrize(
    "name", ["manifest.json", "../config.py", "..%2f..%2fconfig.py", "site.css", "nothing.css", "city-zzzzzz-000000.css"]
)
def test_nothing_else_is_served(client, name):
    assert client.get(f"/assets/{name}").status_code == 404


@pytest.mark.parametrize("colour", ["#ffff00", "#ffffff", "#1b4f72", "#b85c00", "#777"])
def test_a_pale_colour_is_darkened_until_it_can_be_read(colour):
    assert contrast(readable(parts(colour)), WHITE) >= READABLE


def test_a_readable_colour_stays_as_the_city_chose_it():
    assert "--city-primary:#1b4f72" in as_style("#1b4f72", "#b85c00")


def test_what_is_no_colour_breaks_no_page():
    assert "url(" not in as_style("red;background:url(x)", "</style>")
    assert as_style("nonsense", "nonsense").count("#") == 5


def test_a_city_s_colours_come_by_their_name(client):
    reply = client.get("/assets/city-1b4f72-b85c00.css")
    assert reply.status_code == 200
    assert reply.headers["Cache-Control"] == serving.FOR_EVER
    assert "--city-primary:#1b4f72" in reply.text


def test_scripts_are_small_and_hold_no_words_of_their_own():
    # Words stand in the page, where they are translated.
    import re

    found = {}
    for path in sorted((ROOT / "coi" / "assets" / "scripts").glob("*.js")):
        text = re.sub(r"//.*|/\*.*?\*/", "", path.read_text(encoding="utf-8"))
        words = [one for one in re.findall(r"\"([^\"]*)\"|'([^']*)'|`([^`]*)`", text) if len("".join(one).split()) > 3]
        if words:
            found[path.name] = words
    assert found == {}


def test_pages_are_gzipped_for_who_can_unpack_them(client):
    plain = client.get("/privacy")
    packed = client.get("/privacy", headers={"Accept-Encoding": "gzip, deflate, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.data) < len(plain.data) / 2
    assert "</html>" in gzip.decompress(packed.data).decode()


def test_the_size_of_a_page_tells_nothing_of_it():
    assert len({len(squeezed(b"the same page " * 200)) for _ in range(200)}) > 20


def test_a_small_answer_stays_as_it_is(client):
    assert "Content-Encoding" not in client.get("/healthz", headers={"Accept-Encoding": "gzip"}).headers
