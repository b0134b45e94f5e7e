"""`flask accounts create|grant|revoke|reset|slip|break-glass`: what an operator may do; alone only while the city is set up."""

import sys
from datetime import date, datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_babel import gettext as _

from coi.accounts import actions, entering, paper, queries, roles, slips
from coi.accounts.secrets import hash_passphrase, judge
from coi.cli import acting
from coi.errors import Refused
from coi.models import Account, Person
from coi.profiles.current import current_profile
from coi.rules.permissions import Actor
from coi.vocabulary import Role

accounts = AppGroup("accounts", help="Who can sign in, and who holds which role.")
ROLES = click.Choice([role.value for role in Role])
DAY = click.DateTime(["%Y-%m-%d"])


def register(app: Flask) -> None:
    """Adds the account commands."""
    app.cli.add_command(accounts)


def _account(login: str, actor: Actor, now: datetime) -> Account:
    person: Person | None = queries.anybody_by_login(login)
    if person is None:
        raise Refused(_("There is nobody with the number or e-mail %(login)s.", login=login))
    return actions.ensure_account(person, actor, now)


def _day(told: datetime | None) -> date | None:
    return told.date() if told is not None else None


@accounts.command()
@click.argument("login")
@click.option("--name", help="For somebody who is no employee: the name.")
@click.option("--body", default="", help="The body or office, such as Ethics Commission.")
@click.option("--appointed-by", default="", help="Who appoints.")
@click.option("--from", "starts", type=DAY, help="The first day of service.")
@click.option("--to", "ends", type=DAY, help="The last day of service.")
@click.option("--role", type=ROLES, help="A role: given at once while the city is set up, asked for later.")
@click.option("--reason", default="", help="Why the role; needed once the first senior officer has signed in.")
@click.option("--passphrase-stdin", is_flag=True, help="Reads the first passphrase from standard input.")
@acting
def create(
    login: str,
    name: str | None,
    body: str,
    appointed_by: str,
    starts: datetime | None,
    ends: datetime | None,
    role: str | None,
    reason: str,
    passphrase_stdin: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """An account for LOGIN: an employee number or e-mail of the roster, or with --name the e-mail of somebody else."""
    if name is not None:
        account = actions.create_account(name, login, body, appointed_by, actor, now, _day(starts), _day(ends))
    else:
        account = _account(login, actor, now)
    if passphrase_stdin:
        if account.password is not None:
            raise Refused(_("This account has a passphrase already. Use `accounts reset` or `accounts slip`."))
        text = sys.stdin.readline().rstrip("\r\n")
        judge(text, account)
        actions.set_passphrase(account, hash_passphrase(text), "operator", actor, now)
    if role is not None:
        _give(account, Role(role), None, reason, actor, now)
    click.echo(f"{account.person.name} signs in as {entering.login_of(account.person)}.")


def _give(account: Account, role: Role, until: date | None, reason: str, actor: Actor, now: datetime) -> None:
    because = reason or ("set up" if queries.in_setup() else "")
    made = roles.ask_grant(account, role, until, because, actor, now)
    if made is None:
        click.echo(f"{account.person.name} holds the role {role.value}.")
    else:
        click.echo(f"Asked: {made.reference}. A second person must approve it on the page.")


@accounts.command()
@click.argument("login")
@click.argument("role", type=ROLES)
@click.option("--until", type=DAY, help="The last day of the role.")
@click.option("--reason", default="", help="Needed once the first senior officer has signed in.")
@acting
def grant(login: str, role: str, until: datetime | None, reason: str, actor: Actor, now: datetime) -> None:
    """Gives LOGIN a role; after the first senior officer signed in, this only asks for it."""
    _give(_account(login, actor, now), Role(role), _day(until), reason, actor, now)


@accounts.command()
@click.argument("login")
@click.argument("role", type=ROLES)
@click.option("--reason", required=True)
@acting
def revoke(login: str, role: str, reason: str, actor: Actor, now: datetime) -> None:
    """Takes a role from LOGIN; after the first senior officer signed in, this only asks for it."""
    account = _account(login, actor, now)
    made = roles.ask_end(account, Role(role), reason, actor, now)
    told = f"{account.person.name} no longer holds the role {role}."
    click.echo(told if made is None else f"Asked: {made.reference}. A second person must approve it on the page.")


@accounts.command()
@click.argument("login")
@acting
def reset(login: str, actor: Actor, now: datetime) -> None:
    """Sends LOGIN a letter with a link to a new passphrase."""
    _account(login, actor, now)
    entering.send_reset(login, actor, now, current_app.config["SECRET_KEY"])
    click.echo("If there is an address, a letter is on its way.")


@accounts.command()
@click.argument("number")
@click.option("--identity-checked", is_flag=True, help="You looked at a badge or a photo ID.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Writes the sealed sheet as a PDF.")
@acting
def slip(number: str, identity_checked: bool, out: Path | None, actor: Actor, now: datetime) -> None:
    """Makes a new sign-in slip for an employee NUMBER; the old one dies."""
    person = queries.person_by_number(number)
    if person is None:
        raise Refused(_("There is nobody with the number or e-mail %(login)s.", login=number))
    code = slips.spaced(slips.issue(person, actor, now, identity_checked))
    if out is None:
        click.echo(f"{person.name}: number {person.number}, code {code}")
        return
    site = current_app.config["SETTINGS"].public_url
    out.write_bytes(paper.pdf([paper.Sheet(person, code)], current_profile().city, now + slips.GOOD_FOR, site))
    click.echo(f"Written for {person.name}.")


@accounts.command("break-glass")
@click.argument("login")
@click.argument("role", type=ROLES)
@click.option("--reason", required=True)
@acting
def break_glass(login: str, role: str, reason: str, actor: Actor, now: datetime) -> None:
    """Opens ROLE for LOGIN for seven days; everybody who watches gets a letter."""
    until = roles.break_glass(_account(login, actor, now), Role(role), reason, actor, now)
    click.echo(f"Open until {until.isoformat()}.")
