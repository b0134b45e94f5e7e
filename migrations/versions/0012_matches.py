"""Matches of disclosed parties with the City's lists, verdicts on them, new contracts, and whom a contract is with."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from coi.rules.matching import normal

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT_ONCE = 1000
WHEN = sa.DateTime(timezone=True)
CATEGORIES = "category IN ('same_company', 'like_name', 'large_supplier', 'other')"
# What is never changed once it is written; the other columns say how it ended.
KEPT = {
    "interest_matches": ("interest_id", "record_id", "vendor_key", "vendor", "level", "score", "seq"),
    "vendor_verdicts": (
        "reference", "disclosure_id", "filer_id", "everywhere", "pair", "party", "party_normal", "vendor_key", "vendor",
        "category", "because", "until", "by_id", "at", "seq",
    ),
    "contract_alerts": (
        "reference", "disclosure_id", "filer_id", "interest_id", "pair", "party", "vendor_key", "vendor", "contracts",
        "newest_contract_id", "risk", "state_then", "at", "seq",
    ),
}  # fmt: skip


def _column(name: str, kind: Any, default: str | None = None, empty: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=empty, server_default=default)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    target, key = other.split(".")
    return sa.ForeignKeyConstraint([column], [f"{target}.{key}"], name=op.f(f"fk_{table}_{column}_{target}"))


def _of_a_filing(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_disclosure_id_disclosures")
    return sa.ForeignKeyConstraint(["disclosure_id", "filer_id"], ["disclosures.id", "disclosures.filer_id"], name=name)


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _one(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, unique=True, postgresql_where=sa.text(where), sqlite_where=sa.text(where))


def upgrade() -> None:
    op.add_column("contracts", sa.Column("vendor_key", sa.String(length=500), nullable=False, server_default=sa.text("''")))
    _fill_keys()
    _index("contracts", "vendor_key")
    _matches()
    _verdicts()
    _alerts()
    op.create_table(
        "match_sweeps",
        _column("id", sa.Integer()),
        _column("through_seq", SEQ),
        _column("after_id", sa.Integer()),
        _column("done_at", WHEN, empty=True),
        _to("match_sweeps", "through_seq", "audit_entries.seq"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_sweeps")),
        sa.UniqueConstraint("through_seq", name=op.f("uq_match_sweeps_through_seq")),
    )
    _protect()


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in KEPT:
        for what in ("no_update", "no_delete", "no_truncate" if postgresql else "no_replace"):
            op.execute(f"DROP TRIGGER {table}_{what}" + (f" ON {table}" if postgresql else ""))
    for table in ("match_sweeps", "contract_alerts", "vendor_verdicts", "interest_matches"):
        op.drop_table(table)
    op.drop_index("ix_contracts_vendor_key", table_name="contracts")
    op.drop_column("contracts", "vendor_key")


def _fill_keys() -> None:
    """By the number of the vendor's record, else by what two same names have in common."""
    found = sa.text(
        "SELECT c.id, c.vendor, r.number, r.normal FROM contracts c LEFT JOIN list_records r ON r.id = c.vendor_id "
        "WHERE c.id > :after ORDER BY c.id LIMIT :most"
    )
    after = 0
    while rows := op.get_bind().execute(found, {"after": after, "most": AT_ONCE}).all():
        told = [{"id": row.id, "key": _key(row.vendor, row.number, row.normal)} for row in rows]
        op.get_bind().execute(sa.text("UPDATE contracts SET vendor_key = :key WHERE id = :id"), told)
        after = rows[-1].id


def _key(vendor: str, number: str | None, same: str | None) -> str:
    return f"#{number}" if number else (same or normal(vendor)[:500])


def _matches() -> None:
    op.create_table(
        "interest_matches",
        _column("id", sa.Integer()),
        _column("interest_id", sa.Integer()),
        _column("record_id", sa.Integer(), empty=True),
        _column("vendor_key", sa.String(length=500)),
        _column("vendor", sa.String(length=500)),
        _column("level", sa.String(length=10)),
        _column("score", sa.Integer()),
        _column("seq", SEQ),
        _column("ended_seq", SEQ, empty=True),
        sa.CheckConstraint("level IN ('exact', 'likely', 'possible')", name=op.f("ck_interest_matches_level_is_known")),
        _to("interest_matches", "interest_id", "interests.id"),
        _to("interest_matches", "record_id", "list_records.id"),
        _to("interest_matches", "seq", "audit_entries.seq"),
        _to("interest_matches", "ended_seq", "audit_entries.seq"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest_matches")),
    )
    _index("interest_matches", "interest_id", "record_id", "vendor_key", "seq", "ended_seq")
    _one("ix_interest_matches_one_stands", "interest_matches", ["interest_id", "vendor_key"], "ended_seq IS NULL")


def _verdicts() -> None:
    op.create_table(
        "vendor_verdicts",
        _column("id", sa.Integer()),
        _column("reference", sa.String(length=30)),
        _column("disclosure_id", sa.Integer()),
        _column("filer_id", sa.Integer()),
        _column("everywhere", sa.Boolean()),
        _column("pair", sa.String(length=64)),
        _column("party", sa.String(length=500)),
        _column("party_normal", sa.String(length=500)),
        _column("vendor_key", sa.String(length=500)),
        _column("vendor", sa.String(length=500)),
        _column("category", sa.String(length=30)),
        _column("because", sa.Text()),
        _column("until", sa.Date(), empty=True),
        _column("by_id", sa.Integer()),
        _column("at", WHEN),
        _column("seq", SEQ),
        _column("ended_by", sa.String(length=80)),
        _column("ended_because", sa.String(length=40)),
        _column("ended_seq", SEQ, empty=True),
        sa.CheckConstraint("by_id <> filer_id", name=op.f("ck_vendor_verdicts_nobody_judges_a_match_of_their_own")),
        sa.CheckConstraint(CATEGORIES, name=op.f("ck_vendor_verdicts_category_is_known")),
        _of_a_filing("vendor_verdicts"),
        _to("vendor_verdicts", "by_id", "people.id"),
        _to("vendor_verdicts", "seq", "audit_entries.seq"),
        _to("vendor_verdicts", "ended_seq", "audit_entries.seq"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor_verdicts")),
        sa.UniqueConstraint("reference", name=op.f("uq_vendor_verdicts_reference")),
    )
    _index("vendor_verdicts", "disclosure_id", "pair", "party_normal", "vendor_key", "seq", "ended_seq")
    of_a_filing, everywhere = "ended_seq IS NULL AND NOT everywhere", "ended_seq IS NULL AND everywhere"
    _one("ix_vendor_verdicts_one_of_a_filing", "vendor_verdicts", ["disclosure_id", "pair"], of_a_filing)
    _one("ix_vendor_verdicts_one_everywhere", "vendor_verdicts", ["pair"], everywhere)


def _alerts() -> None:
    own = "asked_by_id <> filer_id AND ended_by_id <> filer_id"
    op.create_table(
        "contract_alerts",
        _column("id", sa.Integer()),
        _column("reference", sa.String(length=30)),
        _column("disclosure_id", sa.Integer()),
        _column("filer_id", sa.Integer()),
        _column("interest_id", sa.Integer()),
        _column("pair", sa.String(length=64)),
        _column("party", sa.String(length=500)),
        _column("vendor_key", sa.String(length=500)),
        _column("vendor", sa.String(length=500)),
        _column("contracts", sa.JSON()),
        _column("newest_contract_id", sa.Integer()),
        _column("risk", sa.String(length=30)),
        _column("state_then", sa.String(length=30)),
        _column("at", WHEN),
        _column("seq", SEQ),
        _column("asked_by_id", sa.Integer(), empty=True),
        _column("asked_reason", sa.Text()),
        _column("asked_at", WHEN, empty=True),
        _column("asked_seq", SEQ, empty=True),
        _column("ended_by_id", sa.Integer(), empty=True),
        _column("ended_because", sa.String(length=40)),
        _column("ended_reason", sa.Text()),
        _column("ended_at", WHEN, empty=True),
        _column("ended_seq", SEQ, empty=True),
        sa.CheckConstraint(own, name=op.f("ck_contract_alerts_nobody_settles_an_alert_of_their_own")),
        _of_a_filing("contract_alerts"),
        _to("contract_alerts", "interest_id", "interests.id"),
        _to("contract_alerts", "newest_contract_id", "contracts.id"),
        _to("contract_alerts", "asked_by_id", "people.id"),
        _to("contract_alerts", "ended_by_id", "people.id"),
        _to("contract_alerts", "seq", "audit_entries.seq"),
        _to("contract_alerts", "asked_seq", "audit_entries.seq"),
        _to("contract_alerts", "ended_seq", "audit_entries.seq"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_alerts")),
        sa.UniqueConstraint("reference", name=op.f("uq_contract_alerts_reference")),
    )
    _index("contract_alerts", "disclosure_id", "interest_id", "pair", "newest_contract_id", "seq", "asked_seq", "ended_seq")
    _one("ix_contract_alerts_open", "contract_alerts", ["disclosure_id", "pair", "newest_contract_id"], "ended_seq IS NULL")


def _protect() -> None:
    """What stands in these tables stays as it was written; only how it ended may be added."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table, columns in KEPT.items():
        refuse = "EXECUTE FUNCTION coi_append_only()" if postgresql else f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        each = "FOR EACH ROW " if postgresql else ""
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {', '.join(map(_quoted, columns))} ON {table} {each}{refuse}")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {each}{refuse}")
        if postgresql:
            op.execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}")
        else:
            # INSERT OR REPLACE deletes without asking the delete trigger: refuse the insert itself.
            there = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
            op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {refuse}")


def _quoted(column: str) -> str:
    return f'"{column}"'
