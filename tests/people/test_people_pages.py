"""The roster's pages: upload, preview, apply exactly what was shown, undo; people by name; nothing of any filing."""

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from coi.models import AuditEntry, Person, RosterImport
from coi.people import actions, keeping, queries
from coi.vocabulary import State
from tests.city import CLOCK
from tests.factories import OPERATOR, PersonFactory, an_entry, filing

CSV = 'number,name,department,e-mail\n000501,"LEE, ANN",Parks,ann.lee@city.example\n000502,Bo <b>Ray</b>,Fire,\n'


def upload(client, text: str = CSV, scope: str = "part", name: str = "roster.csv"):
    """Sends a file."""
    return client.post("/people/roster", data={"file": (io.BytesIO(text.encode()), name), "scope": scope})


def hidden(page: str) -> dict[str, str]:
    """The marks that a preview carries."""
    return {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1] for name in ("mark", "state")}


@pytest.fixture
def dee(sign_in):
    """The administrator's browser."""
    return sign_in("dee")


@pytest.fixture
def previewed(dee):
    """The address of a preview, and its marks."""
    place = upload(dee).location
    return place, hidden(dee.get(place).text)


def count(db) -> int:
    """How many people there are."""
    return db.session.scalar(select(func.count(Person.id)))


def test_an_upload_shows_what_would_change_and_changes_nothing(db, dee):
    before, entries = count(db), db.session.scalar(select(func.count(AuditEntry.seq)))
    reply = upload(dee)
    page = dee.get(reply.location)
    assert (reply.status_code, page.status_code) == (302, 200)
    assert "Ann Lee" in page.text
    assert "Bo &lt;b&gt;Ray&lt;/b&gt;" in page.text
    assert (count(db), db.session.scalar(select(func.count(AuditEntry.seq)))) == (before, entries)


def test_what_was_shown_is_applied_and_the_file_is_gone(db, dee, previewed):
    place, marks = previewed
    reply = dee.post(f"{place}/apply", data=marks)
    assert reply.status_code == 302
    assert dee.get(reply.location).status_code == 200
    assert queries.person("000501")[0].name == "Ann Lee"
    assert dee.get(place).status_code == 404
    made = queries.imports()[0]
    assert (made.filename, made.added, made.actor.startswith("account:")) == ("roster.csv", 2, True)


def test_applying_twice_makes_one_import(db, dee, previewed):
    place, marks = previewed
    codes = [dee.post(f"{place}/apply", data=marks).status_code for _again in range(2)]
    assert codes == [302, 404]
    assert db.session.scalar(select(func.count(RosterImport.id))) == 1


def test_a_roster_that_changed_since_the_preview_is_not_overrun(db, dee, previewed):
    place, marks = previewed
    PersonFactory(number="000777", name="Somebody New", version=an_entry(CLOCK))
    db.session.commit()
    reply = dee.post(f"{place}/apply", data=marks)
    assert (reply.status_code, "Look at it again" in reply.text) == (409, True)
    assert db.session.scalar(select(func.count(RosterImport.id))) == 0
    assert dee.post(f"{place}/apply", data=hidden(reply.text)).status_code == 302


def test_another_mapping_than_the_one_shown_is_not_applied(db, dee, previewed):
    place, marks = previewed
    chosen = {"map-number": "number", "map-name": "name", "map-title": "department", "map-department": "", "map-email": ""}
    reply = dee.post(f"{place}/headings", data=chosen)
    assert reply.status_code == 302
    assert dee.post(f"{place}/apply", data=marks).status_code == 409
    assert dee.post(f"{place}/apply", data=hidden(dee.get(place).text)).status_code == 302
    ann = queries.person("000501")[0]
    assert (ann.title, ann.department, ann.email) == ("Parks", "", None)


def test_a_heading_that_is_not_in_the_file_is_refused_with_the_page(dee, previewed):
    place, _marks = previewed
    assert dee.post(f"{place}/headings", data={"map-number": "nonsense"}).status_code == 422


def test_marks_that_were_tampered_with_apply_nothing(db, dee, previewed):
    place, marks = previewed
    assert dee.post(f"{place}/apply", data={"mark": "", "state": marks["state"]}).status_code == 422
    assert dee.post(f"{place}/apply", data={"mark": "x" * 64, "state": marks["state"]}).status_code == 409
    assert db.session.scalar(select(func.count(RosterImport.id))) == 0


def test_refused_rows_are_listed_and_nothing_can_be_applied(db, dee):
    place = upload(dee, "number,name\n1,Ann\n1,Bob\n").location
    page = dee.get(place)
    assert "rows 2, 3" in page.text
    assert "/apply" not in page.text
    reply = dee.post(f"{place}/apply", data={"mark": "x", "state": "y"})
    assert reply.status_code == 409
    assert count(db) == 10


def test_headings_that_say_nothing_ask_for_the_mapping(dee):
    place = upload(dee, "who,nr\nAnn Lee,1\n").location
    page = dee.get(place)
    assert (page.status_code, "No column holds the employee number" in page.text) == (200, True)
    dee.post(f"{place}/headings", data={"map-number": "nr", "map-name": "who"})
    assert "Ann Lee" in dee.get(place).text


@pytest.mark.parametrize(("text", "name"), [("", "a.csv"), ("<html>", "a.xlsx"), ("number,number\n1,2\n", "a.csv")])
def test_a_file_that_cant_be_read_says_why_beside_the_field(dee, text, name):
    reply = upload(dee, text, name=name)
    assert (reply.status_code, "file-error" in reply.text) == (422, True)


def test_no_file_is_a_form_in_error(dee):
    assert dee.post("/people/roster", data={"scope": "part"}).status_code == 422
    assert dee.post("/people/roster", data={"file": "text", "scope": "maybe"}).status_code == 422


def test_a_roster_that_touches_many_asks_for_the_number_on_the_page(db, dee):
    actions.import_roster(actions_lines(30), False, "r.csv", "a" * 64, OPERATOR, CLOCK)
    db.session.commit()
    place = upload(dee, "number,name\nP0,Person 0\n", scope="full").location
    marks = hidden(dee.get(place).text)
    reply = dee.post(f"{place}/apply", data={**marks, "confirm": "１２"})
    assert (reply.status_code, "confirm-error" in reply.text) == (422, True)
    number = re.search(r"typing (\d+)", reply.text)[1]
    assert dee.post(f"{place}/apply", data={**marks, "confirm": number}).status_code == 302
    assert not queries.person("P1")[0].active


def actions_lines(number: int):
    """So many lines of a roster."""
    from coi.people.reading import lines_of

    return lines_of([{"number": f"P{one}", "name": f"Person {one}"} for one in range(number)])


def test_an_import_is_undone_from_its_page_once(db, dee, previewed):
    place, marks = previewed
    page = dee.post(f"{place}/apply", data=marks).location
    assert "Undo this import" in dee.get(page).text
    assert dee.post(f"{page}/undo").status_code == 302
    assert not queries.person("000501")[0].active
    reply = dee.post(f"{page}/undo")
    assert (reply.status_code, "undone already" in reply.text) == (422, True)


def test_applying_and_undoing_need_a_fresh_sign_in(db, sign_in, previewed):
    place, marks = previewed
    stale = sign_in("dee", ago=timedelta(hours=1))
    reply = stale.post(f"{place}/apply", data=marks)
    assert (reply.status_code, marks["mark"] in reply.text) == (422, True)
    assert db.session.scalar(select(func.count(RosterImport.id))) == 0


def test_an_upload_given_up_is_gone(dee, previewed):
    place, _marks = previewed
    assert dee.post(f"{place}/drop").status_code == 302
    assert dee.get(place).status_code == 404


@pytest.mark.parametrize("token", ["x", "0" * 32, "..%2f..%2fetc%2fpasswd", "0" * 31 + "%0a"])
def test_a_token_that_is_none_opens_nothing(dee, token):
    assert dee.get(f"/people/roster/preview/{token}").status_code == 404


def test_an_upload_is_kept_for_a_day_and_for_nobody_else_on_the_machine(app):
    token = keeping.keep(b"number,name\n", "a.csv", False, CLOCK)
    folder = app.config["SETTINGS"].folder / "rosters"
    assert {oct(path.stat().st_mode & 0o777) for path in folder.glob(f"{token}*")} == {"0o600"}
    assert keeping.forget_old(CLOCK + timedelta(hours=23)) == 0
    keeping.forget_old(CLOCK + timedelta(days=400))
    assert keeping.kept(token) is None


def test_who_only_reads_sees_no_upload_and_no_undo(db, sign_in, previewed, dee):
    place, marks = previewed
    page = dee.post(f"{place}/apply", data=marks).location
    ada = sign_in("ada")
    assert "Show what would change" not in ada.get("/people/roster").text
    assert "Undo this import" not in ada.get(page).text


def test_people_are_found_without_accents_and_case_and_by_number(db, dee):
    PersonFactory(number="000900", name="José Ñuñez-O'Brien", search_name=queries.search_text("José Ñuñez-O'Brien"))
    db.session.commit()
    for typed in ("nunez jose", "NUÑEZ", " 000900 "):
        assert "José Ñuñez" in dee.get("/people/", query_string={"search": typed}).text
    assert "José Ñuñez" not in dee.get("/people/", query_string={"search": "%"}).text
    assert "Nobody has this name" in dee.get("/people/", query_string={"search": "zzz_"}).text


def test_pages_of_people_follow_each_other_without_a_gap(db, dee):
    for number in range(120):
        PersonFactory(name=f"Same Name {number // 3}", search_name=f"same name {number // 3}")
    db.session.commit()
    seen: list[str] = []
    place: str | None = "/people/?search=same"
    while place:
        page = dee.get(place).text
        seen += re.findall(r"/people/person/(\d+)", page)
        found = re.search(r'href="(/people/\?[^"]*after=[^"]*)"', page)
        place = found[1].replace("&amp;", "&") if found else None
    assert (len(seen), len(set(seen))) == (120, 120)


@pytest.mark.parametrize("after", ["~", "x~99999999999999999999", "a~١", "~-1"])
def test_a_tampered_place_in_the_list_is_no_error(dee, after):
    assert dee.get("/people/", query_string={"after": after}).status_code == 200


def test_one_person_shows_the_roster_and_no_filing(db, cast, dee):
    filing(cast.finn.person, State.DECIDED, cast.olu.person)
    db.session.commit()
    page = dee.get(f"/people/person/{cast.finn.person.number}").text
    assert "Sam Supervisor" in page
    assert "COI-" not in page
    assert "Decided" not in page


@pytest.mark.parametrize("place", ["/people/", "/people/roster", "/people/person/001002"])
def test_pages_speak_spanish(db, cast, sign_in, place):
    cast.dee.account.language = "es"
    db.session.commit()
    page = sign_in("dee").get(place).text
    assert '<html lang="es">' in page
    assert "Personas" in page
