"""Both shipped forms, broken as people break them: each fault is named with file, path and remedy, and all of them in one run."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from coi.questionnaires.check import check
from coi.questionnaires.loading import FORMS, read_form

SEC1, CITY = FORMS / "pa_sec1.yaml", FORMS / "city_coi.yaml"

BROKEN = [
    (FORMS / f"{row['form']}.yaml", row["good"], row["bad"], row["path"], row["says"])
    for row in YAML(typ="safe", pure=True).load(Path(__file__).with_name("broken_variants.yaml"))
]


def broken(path: Path, changes: list[tuple[str, str]], folder: Path) -> Path:
    """A copy of a shipped form with these changes."""
    text = path.read_text(encoding="utf-8")
    for good, bad in changes:
        assert good in text
        text = text.replace(good, bad, 1)
    made = folder / f"broken_{path.name}"
    made.write_text(text, encoding="utf-8")
    return made


@pytest.mark.parametrize(("form", "good", "bad", "path", "words"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_shipped_form_says_where_and_what_to_do(tmp_path, form, good, bad, path, words):
    file = broken(form, [(good, bad)], tmp_path)
    found = {problem.path: problem for problem in check(read_form(file), str(file)) if problem.is_error}
    assert words in found[path].text
    assert str(found[path]) == f"{file}: {path}: {found[path].text}"
    # One slip of the pen is one fault, or one and what follows from it.
    assert len(found) <= 2, found


def test_the_command_names_the_faults_of_all_files_in_one_run_and_ends_with_one(app, runner, tmp_path):
    files, expected = [], []
    for form in (SEC1, CITY):
        mine = [row for row in BROKEN if row[0] == form][2:8]
        files.append(broken(form, [(good, bad) for _form, good, bad, _path, _words in mine], tmp_path))
        expected += [f"{files[-1]}: {path}: " for _form, _good, _bad, path, _words in mine]
    missing = tmp_path / "not_there.yaml"
    told = runner.invoke(args=["questionnaires", "check", *map(str, files), str(missing)])
    assert told.exit_code == 1
    lines = told.stderr.splitlines()
    assert [start for start in expected if not any(line.startswith(start) for line in lines)] == []
    assert any(line.startswith(f"{missing}: file: The file cannot be opened") for line in lines)
    assert "in 3 file(s); nothing was published." in lines[-1]


def test_the_command_ends_with_nought_when_there_are_only_warnings(app, runner, tmp_path):
    english = broken(SEC1, [], tmp_path)
    text = english.read_text(encoding="utf-8").replace('{en: "Signature", es: "Firma"}', "Signature")
    english.write_text(text, encoding="utf-8")
    told = runner.invoke(args=["questionnaires", "check", str(english), str(CITY)])
    assert (told.exit_code, told.stderr) == (0, "")
    assert "2 file(s) checked: no error, 1 warning(s)." in told.stdout
    assert f"{english}: sections.sign.title: warning: has no Spanish." in told.stdout
