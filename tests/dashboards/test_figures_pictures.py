"""The pictures: drawn from the same figures, running nothing, dark on white, in both languages, the same bytes each time."""

import pytest
from lxml import etree

from coi.dashboards.all_figures import NAMES

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_picture_is_a_quiet_image(sign_in, db, cast, town, language):
    cast.sia.account.language = language
    db.session.commit()
    client = sign_in("sia")
    for name in NAMES:
        for narrow, width in (("", range(500, 721)), ("narrow=1", range(200, 289))):
            reply = client.get(f"/figures/picture/{name}.svg?{narrow}")
            assert (reply.status_code, reply.mimetype) == (200, "image/svg+xml"), name
            policy = reply.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "script" not in policy
            root = etree.fromstring(reply.data)
            assert int(root.get("width")) in width
            assert not [one for one in root.iter() if one.tag in (f"{SVG}script", f"{SVG}image", f"{SVG}foreignObject")]
            assert "http" not in reply.text.replace("http://www.w3.org/", "")
            assert client.get(f"/figures/picture/{name}.svg?{narrow}").data == reply.data
            said = root.find(f"{SVG}title").text
            assert said == root.findtext(f"{SVG}title")
            assert "#1b1b1b" in reply.text  # dark words
    words = {"en": "Not decided yet", "es": "Todavía sin decidir"}[language]
    assert words in client.get("/figures/picture/outcomes.svg").text
    assert client.get("/figures/picture/rubbish.svg").status_code == 404


def test_the_picture_draws_what_the_table_says(sign_in, cast, town, tables):
    client = sign_in("sia")
    rows = tables(client.get("/figures/"))["outcomes"]
    root = etree.fromstring(client.get("/figures/picture/outcomes.svg").data)
    bars = [float(one.get("width", 0)) for one in root.iter(f"{SVG}rect") if "reactive" in (one.get("class") or "")]
    words = [one.text for one in root.iter(f"{SVG}text") if (one.get("class") or "") == "value"]
    counts = [int(cells[0][0]) for label, cells in rows if label != "All"][::-1]  # drawn from below
    assert words == [str(count) for count in counts]
    longest = max(range(len(counts)), key=counts.__getitem__)
    assert bars[longest] == max(bars)
    assert all(abs(bar / max(bars) - count / max(counts)) < 0.01 for bar, count in zip(bars, counts, strict=True))


def test_the_line_marks_the_last_days_with_dashes(sign_in, cast, town):
    drawn = sign_in("sia").get("/figures/picture/over-time.svg").text
    assert "last day: February 27, 2026" in drawn
    assert "last day: April 30, 2026" in drawn
    assert drawn.count("stroke-dasharray:8, 6") == 2  # in the legend
