"""Files that are no forms, or were made to harm: each gets one clear sentence, in bounded time, and never a traceback."""

import copy
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from coi.questionnaires.check import check
from coi.questionnaires.loading import FORMS, FormFileFault, parse_form, read_form

SEC1 = (FORMS / "pa_sec1.yaml").read_text(encoding="utf-8")
RELATIVE = "sections.interests.questions.b15_transferred.entries.fields.relative"
LAUGHS = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9))]
)


def instead(good: str, bad: str) -> str:
    assert good in SEC1
    return SEC1.replace(good, bad, 1)


REFUSED = {
    "a billion laughs": (LAUGHS, "without aliases"),
    "a list that holds itself": ("form: &f\n  a: *f\nsections: []", "without aliases"),
    "an alias of nothing": ("a: *b", "undefined alias"),
    "a key twice": (instead("  retention_years: 5\n", "  retention_years: 5\n  retention_years: 6\n"), "A key stands twice"),
    "a tab for indentation": (instead("  retention_years", "\tretention_years"), "This is not YAML"),
    "one space too many": (instead("  retention_years", "   retention_years"), "Line 1"),
    "lists in lists in lists": ("a: " + "[" * 5000 + "]" * 5000, "nests itself too deeply"),
    "mappings in mappings": ("a: " + "{a: " * 100 + "1" + "}" * 100, "nests itself too often"),
    "an object of Python": (instead("id: pa-sec-1", 'id: !!python/object/apply:os.system ["true"]'), "Line 5: This is not YAML"),
    "a tag of somebody's own": (instead("id: pa-sec-1", "id: !mine pa-sec-1"), "Line 5: This is not YAML"),
    "a truth value that is none": ("a: !!bool foo", "not what its tag"),
    "a number that is none": ('a: !!int ""', "not what its tag"),
    "a day that is none": ("a: 2001-99-99", "not what its tag"),
    "a number of 5,000 digits": ("a: " + "9" * 5000, "not what its tag"),
    "a mapping for a key": ("? [a, {b: c}]\n: d", "not what its tag"),
    "a number for a key": (instead("creditor:", "5:"), "The key 5 is not text. Put it in quotes."),
    "two documents": (SEC1 + "\n---\n" + SEC1, "another document"),
    "a YAML of the future": ("%YAML 9.9\n---\n" + SEC1, "This is not YAML"),
    "a control character": (SEC1 + "\x00", "This is not YAML"),
    "nothing": ("", "The file holds no form"),
    "a word": ("hello", "The file holds no form"),
    "a list": ("- a", "The file holds no form"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_a_form_is_refused_with_one_sentence(name):
    text, words = REFUSED[name]
    with pytest.raises(FormFileFault) as refusal:
        parse_form(text)
    assert words in str(refusal.value)
    assert str(refusal.value)[-1] in ".)"
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b'a: "' + b"x" * 10_000_000 + b'"', "larger than 2 MB"),
        (SEC1.encode("utf-16"), "is not UTF-8"),
        (SEC1.encode() + "señor".encode("latin-1"), "is not UTF-8"),
    ],
    ids=["10 MB", "UTF-16", "Latin-1"],
)
def test_a_file_of_another_kind_is_refused_before_it_is_parsed(tmp_path, raw, words):
    (tmp_path / "form.yaml").write_bytes(raw)
    with pytest.raises(FormFileFault, match=words):
        read_form(tmp_path / "form.yaml")


@pytest.mark.parametrize("text", ["\ufeff" + SEC1, SEC1.replace("\n", "\r\n")], ids=["byte order mark", "CRLF"])
def test_a_file_from_another_editor_is_the_same_form(tmp_path, text):
    (tmp_path / "form.yaml").write_text(text, encoding="utf-8", newline="")
    assert read_form(tmp_path / "form.yaml") == parse_form(SEC1)


# What YAML 1.1 would have read otherwise, and numbers that are none: the sentence is that of the place where it stands.
READ_AS_TEXT = [
    ("required: true", "required: yes", "sections.identity.questions.b01_name.required", 'must be true or false, not "yes"'),
    ("retention_years: 5", "retention_years: 1:30", "form.retention_years", 'whole number from 0 to 1000, not "1:30"'),
    ("retention_years: 5", "retention_years: 5.0", "form.retention_years", "whole number from 0 to 1000, not 5.0"),
    ("retention_years: 5", "retention_years: true", "form.retention_years", "not true"),
    ("amount: 6500", "amount: .nan", "thresholds.creditor[0].amount", 'must be a number that is not negative, not "nan"'),
    ("amount: 6500", "amount: .inf", "thresholds.creditor[0].amount", 'not "inf"'),
    ("amount: 6500", "amount: 1e999", "thresholds.creditor[0].amount", "not negative"),
    ("amount: 6500", "amount: -1", "thresholds.creditor[0].amount", "not -1"),
    ("from: 1997", "from: 1997-01-01", "thresholds.creditor[0].from", 'not "1997-01-01"'),
    ("id: pa-sec-1", "id: 2001-12-14", "", ""),
    ('due: "05-01"', "due: 05-01", "", ""),
    ('is: "yes"', "is: yes", "", ""),
    ("choices: family", "choices: [no, off, 2024-05-01]", "", ""),
    (
        "choices: family",
        "choices: [no, 5]",
        "sections.interests.questions.b15_transferred.entries.fields.relative.choices[1]",
        "text",
    ),
]


@pytest.mark.parametrize(("good", "bad", "path", "words"), READ_AS_TEXT, ids=[bad for _good, bad, _path, _words in READ_AS_TEXT])
def test_a_value_is_what_yaml_1_2_says_and_a_wrong_one_is_named_at_its_place(good, bad, path, words):
    found = {problem.path: problem.text for problem in check(parse_form(instead(good, bad))) if problem.is_error}
    assert words in found.get(path, "")
    assert bool(found) is bool(path)


ODD = [
    None,
    True,
    5,
    -1,
    1.5,
    "",
    [],
    {},
    "x",
    [None],
    {"a": 1},
    ["a", "a"],
    float("inf"),
    10**30,
    "{",
    "x" * 300,
    [[]],
    {"en": 5},
]
ODD += [{"es": "x"}, {"all": []}, {"not": None}, {"all": [None]}, {"sum": None, "gt": 1}, {"match": 5, "is": "exact"}]
ODD += [
    {"in_period": None},
    {"f": [], "is": "x"},
    {"q": {}, "is": "x"},
    {"filer": {}, "is": "x"},
    {"any": 5},
    {"sum": {}, "lt": "x"},
]


def places(node: Any, path: tuple = ()) -> Iterator[tuple]:
    """The way to every node."""
    if path:
        yield path
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from places(value, (*path, key))


@pytest.mark.parametrize("form", sorted(FORMS.glob("*.yaml")), ids=lambda form: form.stem)
def test_an_odd_value_at_any_place_is_judged_and_never_raises(form):
    content, chance = read_form(form), Random(form.stem)
    ways = list(places(content))
    for _trial in range(150):
        broken: Any = copy.deepcopy(content)
        *way, last = chance.choice(ways)
        node = broken
        for key in way:
            node = node[key]
        node[last] = copy.deepcopy(chance.choice(ODD))
        for problem in check(broken):
            assert problem.path
            assert problem.text
            assert problem.text[-1] in ".”?"
