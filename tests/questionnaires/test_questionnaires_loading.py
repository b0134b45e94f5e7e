"""Reading a form's file: YAML 1.2, a key once, bounded."""

import pytest

from coi.questionnaires.loading import FormFileFault, parse_form, read_form, shipped


def test_yes_and_no_are_text_and_days_too():
    assert parse_form("a: [yes, no, on]\nb: 2026-05-01\nc: .nan") == {"a": ["yes", "no", "on"], "b": "2026-05-01", "c": "nan"}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a: 1\na: 2", "twice"),
        ("a: {b: 1, b: 2}", "Line 1"),
        ("a: [", "not YAML"),
        ("", "no form"),
        ("- a", "no form"),
        ("1: a", "quotes"),
        ("x: &x [*x]", "nests"),
        ("a: !!python/object:os.system x", "not YAML"),
        ("a: \x00", "not YAML"),
    ],
)
def test_what_is_no_form_says_why(text, word):
    with pytest.raises(FormFileFault, match=word):
        parse_form(text)


def test_aliases_cannot_blow_a_small_file_up():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(FormFileFault, match="without aliases"):
        parse_form("\n".join(lines))


def test_a_file_that_cannot_be_read_says_why(tmp_path):
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("a: señor".encode("latin-1"))
    for path, word in ((tmp_path / "nowhere.yaml", "cannot be opened"), (latin, "not UTF-8")):
        with pytest.raises(FormFileFault, match=word):
            read_form(path)


def test_a_shipped_form_is_found_by_its_id():
    assert shipped("city-coi")["form"]["id"] == "city-coi"
    assert shipped("pa_sec1")["form"]["id"] == "pa-sec-1"
