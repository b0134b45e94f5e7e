"""Accounts, roles granted on record, slips, sign-ins, and the two tables that the gate writes after a refusal."""

from datetime import date, datetime

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coi.db import Model
from coi.models.people import Person
from coi.models.types import Code, Id, MaybeSeq, Moment, Seq, codes
from coi.vocabulary import Role


class Account(Model, UserMixin):
    """How a person signs in; the secret is an argon2 hash. A person without a passphrase signs in with a slip."""

    __tablename__ = "accounts"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    # The login name: the e-mail in lower case, or the employee number of who has none.
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    reset_email: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(5), default="en")
    password_set_at: Mapped[datetime | None] = mapped_column(Moment)
    last_code_by_desk: Mapped[bool] = mapped_column(default=False)
    seq: Mapped[Seq]

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    grants: Mapped[list["RoleGrant"]] = relationship(back_populates="account")


class RoleGrant(Model):
    """That an account holds a role, from when to when, who asked and who approved; ended, never deleted."""

    __tablename__ = "role_grants"
    __table_args__ = (CheckConstraint(codes(Role, "role"), name="role_is_known"),)

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    role: Mapped[Role] = mapped_column(Code(Role))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    asked_by: Mapped[str] = mapped_column(String(80))
    approved_by: Mapped[str] = mapped_column(String(80))
    setup: Mapped[bool] = mapped_column(default=False)
    seq: Mapped[Seq]
    ended_seq: Mapped[MaybeSeq]

    account: Mapped[Account] = relationship(back_populates="grants")


class Slip(Model):
    """A one-use code on paper, stored hashed; good for 14 days (U1)."""

    __tablename__ = "slips"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    issued_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    issued_by: Mapped[str] = mapped_column(String(80))
    identity_checked: Mapped[bool] = mapped_column(default=False)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    void_at: Mapped[datetime | None] = mapped_column(Moment)
    seq: Mapped[Seq]


class SignIn(Model):
    """One sign-in: the cookie carries a token of this row, and ending the row ends it at once."""

    __tablename__ = "sign_ins"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    method: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime] = mapped_column(Moment)
    fresh_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_because: Mapped[str] = mapped_column(String(40), default="")


class SignInAttempt(Model):
    """A failed try, by login and by address; written by the gate in a transaction of its own."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_login_at", "login_hash", "at"),
        Index("ix_sign_in_attempts_address_at", "address", "at"),
    )

    id: Mapped[Id]
    login_hash: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(60))
    what: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Moment)


class Refusal(Model):
    """Who was refused what by which rule; written by the gate in a transaction of its own."""

    __tablename__ = "refusals"

    id: Mapped[Id]
    actor: Mapped[str] = mapped_column(String(80), index=True)
    endpoint: Mapped[str] = mapped_column(String(120))
    rule: Mapped[str] = mapped_column(String(120))
    code: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment, index=True)
