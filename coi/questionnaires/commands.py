"""Commands of the questionnaires room: `questionnaires check FILE…` and `questionnaires publish FILE`."""

from datetime import datetime
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from coi.cli import acting, fail
from coi.questionnaires import actions
from coi.questionnaires.check import check
from coi.questionnaires.loading import FormFileFault, read_form
from coi.questionnaires.problems import Problem
from coi.questionnaires.queries import newest
from coi.rules.permissions import Actor

FILE = click.Path(path_type=Path)
group = AppGroup("questionnaires", help="Forms: check and publish.")


def register(app: Flask) -> None:
    """Adds this room's commands to `flask`."""
    app.cli.add_command(group)


@group.command("check")
@click.argument("files", nargs=-1, required=True, type=FILE)
def check_files(files: tuple[Path, ...]) -> None:
    """Names every fault of these forms with file, path and what to do; status 1 when there is one. Warnings are none."""
    found = [problem for file in files for problem in problems_of(file)]
    for problem in found:
        click.echo(str(problem), err=problem.is_error)
    errors = sum(problem.is_error for problem in found)
    if errors:
        fail(f"{errors} to correct in {len(files)} file(s); nothing was published.")
    click.echo(f"{len(files)} file(s) checked: no error, {len(found)} warning(s).")


@group.command("publish")
@click.argument("file", type=FILE)
@click.option("--wording", is_flag=True, help="Only words changed: the questions are the same as before.")
@click.option("--reason", default="published from a file", help="Why, for the second person.")
@acting
def publish(file: Path, wording: bool, reason: str, actor: Actor, now: datetime) -> None:
    """Publishes a form as its next version; drafts move over, what is signed stays as it is."""
    errors = [problem for problem in problems_of(file) if problem.is_error]
    for problem in errors:
        click.echo(str(problem), err=True)
    if errors:
        fail(f"{len(errors)} to correct; nothing was published.")
    content = read_form(file)
    waiting = actions.ask_to_publish(content, "wording" if wording else "content", reason, actor, now)
    if waiting is not None:
        click.echo(f"Asked: {waiting.reference} waits for a senior officer to approve it.")
        return
    made = newest(content["form"]["id"])
    if made is not None:
        click.echo(f"Published {made.form_id}, version {made.number} ({made.version}).")


def problems_of(file: Path) -> list[Problem]:
    """What is wrong with one file, also when it cannot be read."""
    try:
        return check(read_form(file), str(file))
    except FormFileFault as fault:
        return [Problem(str(file), "file", str(fault))]
