"""What a file is, by its content: whole PDF, JPG and PNG are taken; the rest is refused in words, whatever it is called."""

import random
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coi.attachments.judging import MOST_BYTES, judge, plain_name
from coi.errors import Refused
from tests.attachments.files import EICAR, HTML, PDF, SVG, XML, exif, jpg, of_size, pdf, png


@pytest.mark.parametrize(
    ("data", "named", "kind"),
    [(PDF, "contract.pdf", "pdf"), (png(), "photo.PNG", "png"), (jpg(), "photo.jpeg", "jpg"), (jpg(), "no ending", "jpg")],
    ids=["pdf", "png", "jpg", "no-ending"],
)
def test_a_whole_file_of_each_kind_is_taken(data, named, kind):
    taken = judge(data, named)
    assert taken.kind == kind
    assert taken.filename.endswith(f".{kind}")


@pytest.mark.parametrize("named", ["x.html", "x.svg", "x.xml", "x.htm", "x.pdf", "x.png", "x"])
@pytest.mark.parametrize("data", [HTML, SVG, XML, EICAR, b"PK\x03\x04 a zip", b"GIF89a" + b"\0" * 99, b"MZ" + b"\0" * 99, b"\0"])
def test_a01_what_is_no_paper_is_refused_whatever_it_is_called(data, named):
    with pytest.raises(Refused) as refusal:
        judge(data, named)
    assert refusal.value.field == "file"


@pytest.mark.parametrize("named", ["x.html", "x.pdf.exe", "x.svg", "x.pdf.htm", "x.PDF.hta ", "x.pdf.php."])
def test_a01_an_ending_that_is_no_papers_is_refused_whatever_is_inside(named):
    with pytest.raises(Refused):
        judge(PDF, named)


@pytest.mark.parametrize(
    "data",
    [HTML + PDF, b"\n" + PDF, b"GIF89a=1;/*" + PDF, b"PK\x03\x04" + PDF, PDF[:-8], PDF + b"x" * 3000, b"%PDF-9.9\n%%EOF"],
    ids=["html-first", "newline-first", "gif-first", "zip-first", "no-end", "long-after", "no-version"],
)
def test_a01_a_pdf_that_is_something_else_besides_is_refused(data):
    with pytest.raises(Refused):
        judge(data, "x.pdf")


@pytest.mark.parametrize(
    "inside",
    [
        b"<</S/JavaScript/JS(app.alert(1))>>",
        b"<</S/J#61vaScript/#4aS(app.alert(1))>>",
        b"<</S/Launch/F(cmd.exe)>>",
        b"<</Type/EmbeddedFile>>",
        b"<</RichMedia 1>>",
        b"<</Encrypt 9 0 R>>",
        b"<</XFA 3 0 R>>",
    ],
)
def test_a_pdf_that_is_locked_or_acts_is_refused(inside):
    with pytest.raises(Refused):
        judge(pdf(inside), "x.pdf")


def test_bytes_of_a_picture_inside_a_pdf_are_no_program():
    packed = b"<</Length 12>>stream\n/JS /Encrypt\nendstream"
    assert judge(pdf(packed), "x.pdf").kind == "pdf"


def test_the_largest_file_is_taken_and_one_byte_more_is_not():
    assert len(judge(of_size(MOST_BYTES), "x.pdf").data) == MOST_BYTES
    with pytest.raises(Refused) as refusal:
        judge(of_size(MOST_BYTES + 1), "x.pdf")
    assert "10 MB" in str(refusal.value.message)


def test_an_empty_file_is_refused():
    with pytest.raises(Refused) as refusal:
        judge(b"", "x.pdf")
    assert "empty" in str(refusal.value.message)


def test_a08_where_a_photo_was_taken_is_not_kept_and_how_it_is_turned_is():
    data = jpg((0xE1, exif(6)), (0xE1, b"http://ns.adobe.com/xap/1.0/\0 GPS 40.0379"), (0xFE, b"GPS by hand"), (0xED, b"GPS"))
    kept = judge(data, "photo.jpg").data
    assert b"GPS" not in kept
    assert b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06" in kept
    assert judge(kept, "photo.jpg").data == kept
    assert b"Exif" not in judge(jpg((0xE1, exif(1))), "photo.jpg").data


def test_a08_a_png_keeps_its_picture_and_nothing_that_was_written_beside_it():
    data = png(2, 2, (b"tEXt", b"GPS\0somewhere"), (b"eXIf", exif()), (b"zTXt", b"GPS"), after=b"PK\x03\x04 a zip behind")
    kept = judge(data, "photo.png").data
    assert b"GPS" not in kept
    assert kept == png(2, 2)


def test_what_hides_behind_a_photo_is_cut_off():
    assert judge(jpg(after=HTML + PDF), "photo.jpg").data == jpg()


@pytest.mark.parametrize("data", [png(60_000, 60_000), jpg(width=65_000, height=65_000)], ids=["png", "jpg"])
def test_a_bomb_of_points_is_refused_and_nothing_is_unfolded(data):
    with pytest.raises(Refused) as refusal:
        judge(data, "bomb.png")
    assert "200 million" in str(refusal.value.message)


def test_a_bomb_of_packed_bytes_stays_packed():
    bomb = zlib.compress(b"\0" * 50_000_000)
    assert len(judge(png(2, 2, (b"iCCP", b"x\0\0" + bomb)), "x.png").data) < 100_000


@pytest.mark.parametrize("data", [png()[:-9], png(0, 0), jpg(end=b""), jpg()[:20], b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"])
def test_a06_half_a_picture_is_refused(data):
    with pytest.raises(Refused):
        judge(data, "x.png")


@pytest.mark.parametrize(
    ("named", "shown"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\boot.pdf", "boot.pdf"),
        ("a\0.pdf", "a.pdf"),
        ("CON", "CON.pdf"),
        ("x\u202efdp.exe.pdf", "xfdp.exe.pdf"),
        ("one\ntwo\r\n.pdf", "one two.pdf"),
        ("", "paper.pdf"),
        ("...", "paper.pdf"),
        (".pdf", "paper.pdf"),
        ("n" * 300 + ".pdf", "n" * 120 + ".pdf"),
        ("<b>&\"'.pdf", "<b>&\"'.pdf"),
        ("Jose\u0301.jpg", "José.pdf"),
        ("\ud800.pdf", "?.pdf"),
    ],
)
def test_a02_the_senders_name_is_text_to_read_and_nothing_more(named, shown):
    assert plain_name(named, "pdf") == shown


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([PDF, png(), jpg((0xE1, exif()))]), st.randoms(use_true_random=False), st.text(max_size=40))
def test_a_damaged_file_is_taken_or_refused_and_never_breaks_anything(data, chance: random.Random, named):
    bad = bytearray(data)
    for _hit in range(chance.randrange(1, 12)):
        bad[chance.randrange(len(bad))] = chance.randrange(256)
    try:
        taken = judge(bytes(bad[: chance.randrange(1, len(bad) + 1)]), named)
    except Refused:
        return
    assert taken.kind in ("pdf", "jpg", "png")
    assert judge(taken.data, taken.filename).data == taken.data
