"""A sign-in that ends while a page is open: the same person gets every typed word back and sends it, another gets none."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from coi import typed
from coi.accounts import actions, entering
from coi.disclosures import actions as filing
from coi.disclosures import queries
from coi.models import AuditEntry, Disclosure, Message, Refusal, RosterNote, SignIn
from coi.vocabulary import State
from tests.disclosures.steps import now, owed
from tests.factories import PASSPHRASE
from tests.factories import filing as signed

OURS = {"Sec-Fetch-Site": "same-origin"}
WORDS = "My title is wrong & my <b>unit</b> too."
TYPED = {"text": WORDS, "more": ["a", "b"]}


@pytest.fixture
def checked(app, monkeypatch):
    """Tokens are looked at, as outside of tests."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)


@pytest.fixture
def old_page(checked, sign_in):
    """Finn's browser with a page whose token is of an earlier sign-in."""
    return sign_in("finn")


def hidden(reply) -> dict[str, list[str]]:
    """The hidden fields of the form in the page's own part."""
    main = reply.text.split('<main id="main"')[1].split("</main>")[0]
    told: dict[str, list[str]] = {}
    for one in re.findall(r'<input[^>]*type="hidden"[^>]*>', main):
        name, value = re.search(r'name="([^"]*)"', one), re.search(r'value="([^"]*)"', one)
        told.setdefault(html.unescape(name[1]), []).append(html.unescape(value[1]))
    return told


def who_of(client, path="/my-record/wrong") -> str:
    """The mark that a page carries of who reads it."""
    return hidden(client.get(path))["_who"][0]


def sign_in_with(client, reply, login="001002", passphrase=PASSPHRASE):
    """Signs in on the page that came."""
    return client.post("/accounts/sign-in", data={**hidden(reply), "login": login, "passphrase": passphrase}, headers=OURS)


def end(how, db, cast, clock) -> None:
    """Ends Finn's sign-in without a sign-out in this browser."""
    account = cast.finn.account
    if how == "idle":
        clock.shift(timedelta(hours=2, seconds=1))
    elif how == "eight hours":
        clock.shift(timedelta(hours=8))
    elif how == "absolute":
        db.session.execute(update(SignIn).values(at=now() - timedelta(hours=12, seconds=1)))
    elif how == "elsewhere":
        actions.end_all(account, "ended_elsewhere", cast.finn.actor, now())
    else:
        actions.set_passphrase(account, entering.hashed("cedar pocket velvet 9", account.id), "letter", cast.finn.actor, now())
    db.session.commit()


ENDS = ["idle", "eight hours", "absolute", "elsewhere", "passphrase"]


@pytest.mark.parametrize("how", ENDS)
def test_who_signs_in_again_gets_every_word_back_and_sends_it(db, cast, sign_in, clock, checked, how):
    client = sign_in("finn")
    page = hidden(client.get("/my-record/wrong"))
    end(how, db, cast, clock)
    reply = client.post("/my-record/wrong", data={**page, **TYPED}, headers=OURS)
    assert (reply.status_code, "Sign in again" in reply.text) == (422, True)
    assert "My title is wrong" not in reply.text
    again = sign_in_with(client, reply, passphrase="cedar pocket velvet 9" if how == "passphrase" else PASSPHRASE)
    assert (again.status_code, "My title is wrong" in again.text) == (200, True), again.text
    told = hidden(again)
    assert (told["text"], told["more"]) == ([WORDS], ["a", "b"])
    assert client.post("/my-record/wrong", data=told, headers=OURS).status_code == 303
    assert db.session.scalars(select(RosterNote.text)).all() == [WORDS]


def test_an_old_page_of_the_same_person_shows_every_word_at_once(old_page):
    reply = old_page.post("/my-record/wrong", data={**TYPED, "csrf_token": "old", "_who": who_of(old_page)}, headers=OURS)
    assert reply.status_code == 400
    assert 'name="text" value="My title is wrong &amp; my &lt;b&gt;unit&lt;/b&gt; too."' in reply.text
    assert reply.text.count('name="more"') == 2
    assert 'value="old"' not in reply.text
    assert old_page.post("/my-record/wrong", data=hidden(reply), headers=OURS).status_code == 303


def test_another_person_who_signs_in_sees_nothing_of_it(db, cast, sign_in, clock):
    client = sign_in("finn")
    page = {**TYPED, "_who": who_of(client)}
    end("idle", db, cast, clock)
    reply = client.post("/my-record/wrong", data=page)
    other = sign_in_with(client, reply, login="001001")
    assert (other.status_code, other.location) == (302, "/")
    home = client.get("/")
    assert "Another person typed on that page." in home.text
    assert "My title is wrong" not in other.text + home.text
    assert db.session.scalar(select(func.count()).select_from(RosterNote)) == 0


def test_another_person_who_is_signed_in_here_now_sees_nothing_and_sends_nothing(db, cast, sign_in):
    mine = who_of(sign_in("finn"))
    kit = sign_in("kit")
    reply = kit.post("/my-record/wrong", data={**TYPED, "_who": mine})
    assert (reply.status_code, "Somebody else is signed in here now." in reply.text) == (422, True)
    assert "My title" not in reply.text
    assert db.session.scalar(select(func.count()).select_from(RosterNote)) == 0
    back = sign_in_with(kit, reply)
    assert hidden(back)["text"] == [WORDS]


def test_a_page_of_another_person_does_nothing_even_without_a_word(db, cast, sign_in):
    mine = who_of(sign_in("finn"))
    assert sign_in("kit").post("/accounts/me/end-others", data={"_who": mine}).status_code == 422


def test_a_wrong_passphrase_loses_nothing(db, cast, sign_in, clock):
    client = sign_in("finn")
    page = {**TYPED, "_who": who_of(client)}
    end("idle", db, cast, clock)
    reply = client.post("/my-record/wrong", data=page)
    wrong = sign_in_with(client, reply, passphrase="not it, sorry")
    assert wrong.status_code == 422
    assert hidden(wrong)["_typed"] == hidden(reply)["_typed"]
    assert hidden(sign_in_with(client, wrong))["text"] == [WORDS]


def test_a_sign_in_page_that_grew_old_itself_loses_nothing(db, cast, sign_in, clock, checked):
    client = sign_in("finn")
    page = {**hidden(client.get("/my-record/wrong")), **TYPED}
    end("idle", db, cast, clock)
    reply = client.post("/my-record/wrong", data=page, headers=OURS)
    client.delete_cookie("session")
    old = sign_in_with(client, reply)
    assert old.status_code == 400
    assert hidden(old)["_typed"] == hidden(reply)["_typed"]
    assert hidden(sign_in_with(client, old))["text"] == [WORDS]


def test_without_any_cookie_the_page_itself_tells_whose_it_was(cast, sign_in, checked):
    client = sign_in("finn")
    page = {**hidden(client.get("/my-record/wrong")), **TYPED}
    client.delete_cookie("session")
    reply = client.post("/my-record/wrong", data=page, headers=OURS)
    assert reply.status_code == 400
    assert hidden(sign_in_with(client, reply))["text"] == [WORDS]


def test_what_waits_is_good_for_a_day_and_cannot_be_made_by_hand(db, cast, sign_in, clock, client):
    with client.application.test_request_context():
        kept = typed.sealed(typed.Typed("disclosures.note_wrong", {}, [["text", WORDS]], typed.mark(cast.finn.account.id)), now())
    for text in ("nonsense", kept[:-4] + "AAAA", ""):
        reply = client.post("/accounts/sign-in", data={"login": "001002", "passphrase": PASSPHRASE, "_typed": text})
        assert (reply.status_code, reply.location) == (302, "/")
    clock.shift(timedelta(hours=24, seconds=1))
    reply = client.post("/accounts/sign-in", data={"login": "001002", "passphrase": PASSPHRASE, "_typed": kept})
    assert (reply.status_code, "My title" in reply.text) == (302, False)


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}], ids=str)
def test_the_words_of_another_site_are_never_shown_as_typed_here(old_page, headers):
    reply = old_page.post("/my-record/wrong", data=TYPED, headers=headers)
    assert reply.status_code == 400
    assert "My title is wrong" not in reply.text
    assert "_typed" not in reply.text


@pytest.mark.parametrize("secret", ["passphrase", "_passphrase", "old", "code"])
def test_a_secret_never_goes_back_into_a_page(old_page, secret):
    reply = old_page.post("/accounts/me/passphrase", data={secret: "lantern river"}, headers=OURS)
    assert reply.status_code == 400
    assert "lantern river" not in reply.text


def test_a_form_of_400_fields_with_entries_comes_back_whole(db, cast, sign_in, clock):
    draft = filing.start(owed(cast.finn.person), cast.finn.actor, now())
    db.session.commit()
    client, here = sign_in("finn"), f"/forms/{draft.reference}"
    entries = {}
    for number in range(100):
        key = f"{number:016x}"
        entries |= {
            f"outside_work.:{number}:_key": key,
            f"outside_work.:{number}:asked": "org work dealing",
            f"outside_work.:{number}:org.": f"Company {number} & Söhne",
            f"outside_work.:{number}:work.": "Lines\r\nof text",
        }
    page = hidden(client.get(here))
    sent = {**page, "asked": "has_outside_work outside_work", "has_outside_work.": "yes", **entries, "press": "save"}
    sent["outside_work.:0:dealing."] = ["sells_to_city", "not_sure"]
    end("idle", db, cast, clock)
    again = hidden(sign_in_with(client, client.post(here, data=sent)))
    assert again["outside_work.:0:dealing."] == ["sells_to_city", "not_sure"]
    assert again["outside_work.:99:org."] == ["Company 99 & Söhne"]
    assert client.post(here, data=again).status_code == 303
    kept = queries.draft_of(db.session.scalars(select(Disclosure)).one())
    assert kept is not None
    assert len(kept.answers["outside_work"]) == 100
    assert kept.answers["outside_work"][99]["work"] == "Lines\nof text"


@pytest.mark.parametrize("act", ["ask", "note", "escalate", "return"])
def test_what_the_office_wrote_comes_back_too(db, cast, sign_in, clock, act):
    case = signed(cast.finn.person, State.IN_REVIEW, cast.olu.person)
    db.session.commit()
    client, text = sign_in("olu"), "A long question.\nWith a second line."
    page = {"version": "1", "state": "in_review", "text": text, "reason": text, "reasoning": text, "outcome": "managed"}
    page["_who"] = who_of(client)
    end("idle", db, cast, clock)
    reply = client.post(f"/review/{case.reference}/{act}", data=page)
    assert (reply.status_code, text in reply.text) == (422, False)
    again = sign_in_with(client, reply, login=cast.olu.account.email)
    assert text in again.text
    assert client.post(f"/review/{case.reference}/{act}", data=hidden(again)).status_code == 302
    if act in ("ask", "note"):
        assert db.session.scalars(select(Message.text)).all() == [text]


def test_an_old_sign_in_asks_the_passphrase_and_shows_what_was_typed(db, cast, sign_in):
    draft = filing.start(owed(cast.finn.person), cast.finn.actor, now())
    db.session.commit()
    client, here = sign_in("finn", ago=timedelta(hours=2)), f"/forms/{draft.reference}/sign"
    sent = {"asked": "anything_else", "anything_else.": "My cousin works at the depot.", "agreed": "yes", "signed_name": "Finn"}
    reply = client.post(here, data=sent)
    assert (reply.status_code, "Is it still you?" in reply.text) == (422, True)
    assert reply.text.count("My cousin works at the depot.") == 2
    assert hidden(reply)["anything_else."] == ["My cousin works at the depot."]


def test_the_passphrase_page_under_an_ended_sign_in_loses_the_passphrase_and_no_word(db, cast, sign_in, clock):
    client = sign_in("finn")
    page = {**TYPED, "_who": who_of(client), "_passphrase": PASSPHRASE}
    end("idle", db, cast, clock)
    again = sign_in_with(client, client.post("/my-record/wrong", data=page))
    assert hidden(again)["text"] == [WORDS]
    assert PASSPHRASE not in again.text


def test_a_file_is_said_to_be_chosen_again(db, cast, sign_in, clock):
    from io import BytesIO

    client = sign_in("finn")
    who = who_of(client)
    end("idle", db, cast, clock)
    sent = {**TYPED, "_who": who, "file": (BytesIO(b"%PDF-1.7"), "letter of my boss.pdf")}
    again = sign_in_with(client, client.post("/my-record/wrong", data=sent, content_type="multipart/form-data"))
    assert "Choose the file again on the page that follows: letter of my boss.pdf" in again.text
    assert hidden(again)["text"] == [WORDS]


def test_an_empty_choice_of_a_file_is_no_file(db, cast, sign_in, clock):
    from io import BytesIO

    client = sign_in("finn")
    who = who_of(client)
    end("idle", db, cast, clock)
    sent = {**TYPED, "_who": who, "file": (BytesIO(b""), "")}
    again = sign_in_with(client, client.post("/my-record/wrong", data=sent, content_type="multipart/form-data"))
    assert "Choose the file again" not in again.text
    assert hidden(again)["text"] == [WORDS]


def test_no_log_no_address_and_no_table_keeps_what_waits(db, cast, sign_in, clock, caplog, capsys):
    client = sign_in("finn")
    page = {**TYPED, "_who": who_of(client)}
    end("idle", db, cast, clock)
    reply = client.post("/my-record/wrong", data=page)
    sign_in_with(client, reply)
    said = capsys.readouterr()
    assert "My title" not in caplog.text + said.out + said.err + str(reply.headers)
    told = [*db.session.scalars(select(AuditEntry.details)), *db.session.scalars(select(Refusal.endpoint))]
    assert "My title" not in str(told)


def test_a_refusal_shows_the_own_words_once_more(db, cast, sign_in):
    case = signed(cast.finn.person, State.IN_REVIEW, cast.olu.person)
    db.session.commit()
    reply = sign_in("ren").post(f"/review/{case.reference}/note", data={"text": "Called the station twice."})
    assert (reply.status_code, "Called the station twice." in reply.text) == (404, True)


def test_staying_begins_the_idle_time_anew_and_tells_how_long(sign_in, clock):
    client = sign_in("finn")
    client.get("/")
    clock.shift(timedelta(hours=1, minutes=59))
    told = client.post("/accounts/stay", headers={"Accept": "application/json"})
    assert told.json == {"ends": 7200}
    clock.shift(timedelta(hours=1, minutes=59))
    assert client.get("/").status_code == 200
    clock.shift(timedelta(hours=2, seconds=1))
    assert client.get("/").location == "/accounts/sign-in"


def test_no_staying_goes_past_twelve_hours(sign_in, clock):
    client = sign_in("finn")
    for _hour in range(11):
        clock.shift(timedelta(hours=1))
        assert client.get("/").status_code == 200
    told = client.post("/accounts/stay", headers={"Accept": "application/json"})
    assert told.json == {"ends": 3600}
    clock.shift(timedelta(hours=1, seconds=1))
    assert client.get("/").location == "/accounts/sign-in"


def test_the_page_says_when_the_sign_in_ends(sign_in):
    page = sign_in("finn").get("/").text
    assert "Your sign-in ends on March 2, 2026 at 12:04" in page.replace("\u202f", " ")
    assert 'http-equiv="refresh"' not in page
    assert 'data-ends="7200"' in page


def test_who_signed_out_leaves_no_mark_in_the_browser(sign_in):
    client = sign_in("finn")
    client.post("/accounts/sign-out")
    assert 'data-was=""' in client.get("/accounts/signed-out").text


def test_whose_sign_in_ended_leaves_a_mark_that_names_nobody(db, cast, sign_in, clock):
    client = sign_in("finn")
    who = who_of(client)
    end("idle", db, cast, clock)
    assert f'data-was="{who}"' in client.get("/accounts/sign-in").text
    assert re.fullmatch(r"[0-9a-f]{32}", who)
    assert who_of(sign_in("kit")) != who
