"""Every word exists in both languages: no text without Spanish, no Spanish against another, no English left in a page."""

import re
from html.parser import HTMLParser
from pathlib import Path

import house
import pytest

from coi.assets import translations

# Words that are the same in both languages, and names.
SAME = {"USWDS", "MIT", "PDF", "CSV", "Public Sans", "English", "Español", "SHA-256", "COI", "SEC-1", "No", "Auditor"}


class Bare(HTMLParser):
    """Collects the text of a template that no `_()` stands around."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        # A slip for somebody whose language nobody knows yet is in both: text that names its language is meant.
        self.named: str | None = None

    def handle_starttag(self, tag, attrs):
        if self.named is None and dict(attrs).get("lang") in ("en", "es"):
            self.named = tag
        self.found += [value for name, value in attrs if name in ("title", "aria-label", "placeholder", "alt") and value]

    def handle_endtag(self, tag):
        if tag == self.named:
            self.named = None

    def handle_data(self, data):
        if self.named is None:
            self.found.append(data)


def bare_words(template: str) -> list[str]:
    """English words that stand in a template by themselves."""
    plain = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", template, flags=re.S)
    parser = Bare()
    # An expression may also be the name of a tag: it stays something that can be one.
    parser.feed(re.sub(r"\{\{.*?\}\}", "q7", plain, flags=re.S))
    # A macro may make attributes: those are no words.
    found = [re.sub(r'[\w-]+="[^"]*"', " ", one) for one in parser.found]
    texts = [" ".join(one.replace("q7", " ").split()) for one in found]
    return [one for one in texts if re.search(r"[A-Za-z]{2,}", one) and one not in SAME]


def write(folder: Path, name: str, text: str) -> None:
    path = folder / "es" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n' + text, encoding="utf-8")


@pytest.fixture
def words(tmp_path, monkeypatch):
    monkeypatch.setattr(translations, "WORDS", tmp_path)
    return tmp_path


def test_no_text_is_without_spanish():
    assert list(translations.missing()) == []


def test_the_files_agree_with_each_other():
    assert translations.collected()[1] == []


def test_no_page_holds_english_by_itself():
    found = {house.inside(path): bare_words(path.read_text(encoding="utf-8")) for path in house.files(".html", under="templates")}
    assert {name: texts for name, texts in found.items() if texts} == {}


@pytest.mark.parametrize(
    "page", ["<p>Please sign</p>", '<a aria-label="Go there" href="/">{{ _("x") }}</a>', "<h1>{{ x }} of yours</h1>"]
)
def test_english_by_itself_is_seen(page):
    assert bare_words(page)


def test_a_text_that_names_its_language_is_meant():
    assert bare_words('<p lang="en">Please sign</p><p lang="es">Firme</p>') == []
    assert bare_words('<p lang="en">Please sign</p><p>Now</p>') == ["Now"]


def test_a_translated_page_is_not():
    assert bare_words('{% set a = "some words" %}<p>{{ _("Please sign") }} – 3</p>') == []


def test_a_fuzzy_text_is_refused(words):
    write(words, "a.po", '#, fuzzy\nmsgid "Help"\nmsgstr "Ayuda"\n')
    assert any("fuzzy" in fault for fault in translations.collected()[1])


def test_an_obsolete_text_is_refused(words):
    write(words, "a.po", '#~ msgid "Help"\n#~ msgstr "Ayuda"\n')
    assert any("obsolete" in fault for fault in translations.collected()[1])


def test_a_lost_place_is_refused(words):
    write(words, "a.po", '#, python-format\nmsgid "Version %(x)s"\nmsgstr "Versión"\n')
    assert translations.collected()[1]


def test_two_rooms_may_say_the_same_but_not_different_things(words):
    write(words, "a.po", 'msgid "Help"\nmsgstr "Ayuda"\n')
    write(words, "b.po", 'msgid "Help"\nmsgstr "Ayuda"\n')
    assert translations.collected()[1] == []
    write(words, "b.po", 'msgid "Help"\nmsgstr "Auxilio"\n')
    assert any("a.po" in fault and "b.po" in fault for fault in translations.collected()[1])


def test_a_text_without_spanish_is_named_with_its_line(words, tmp_path):
    page = translations.ROOT / "templates" / "macros" / "footer.html"
    write(words, "a.po", 'msgid "Help"\nmsgstr "Ayuda"\n')
    assert any(line.startswith("templates/macros/footer.html:") for line in translations.missing([page]))


def test_what_is_compiled_is_what_was_written(words):
    write(words, "a.po", 'msgid "Help"\nmsgstr "Ayuda"\n')
    assert translations.main([]) == 0
    import gettext

    with (words / "es" / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Help") == "Ayuda"


def test_a_spanish_reader_gets_spanish(client):
    reply = client.get("/help", headers={"Accept-Language": "es"})
    assert '<html lang="es">' in reply.text
    assert "Hablar con una persona" in reply.text
