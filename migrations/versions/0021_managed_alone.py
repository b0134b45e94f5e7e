"""Where the profile says so, the reviewer lays down conditions of the library without a second person; the table knows which."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

NAME = "ck_decisions_severe_outcomes_have_two_people"
BEFORE = "outcome IN ('no_conflict', 'noted', 'exempt') OR recommended_by_id IS NOT NULL OR second_hand"
AFTER = f"{BEFORE} OR (outcome = 'managed' AND managed_alone)"


def upgrade() -> None:
    op.add_column("decisions", sa.Column("managed_alone", sa.Boolean(), server_default=sa.false(), nullable=False))
    _say(BEFORE, AFTER)


def downgrade() -> None:
    # An older release knows one way only in which a severe decision may stand; what was decided stays decided.
    op.execute("UPDATE decisions SET second_hand = true WHERE managed_alone")
    _say(AFTER, BEFORE)
    op.execute("ALTER TABLE decisions DROP COLUMN managed_alone")


def _say(before: str, after: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(NAME), "decisions", type_="check")
        op.create_check_constraint(op.f(NAME), "decisions", after)
    else:
        _anew(before, after)


def _anew(before: str, after: str) -> None:
    """SQLite changes no check of a table: it is written anew from its own words, with its indexes and every trigger that names it.

    Not by batch mode: that loses the triggers, and the name of the key that a later column brought.
    """
    bind = op.get_bind()
    made = bind.execute(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'decisions'")).scalar_one()
    if made.count(f"CHECK ({before})") != 1:
        raise RuntimeError("The table of decisions is not as this step expects it.")
    around = bind.execute(
        sa.text(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND "
            "((type = 'index' AND tbl_name = 'decisions') OR (type = 'trigger' AND sql LIKE '%decisions%'))"
        )
    ).all()
    for kind, name, _sql in around:
        bind.exec_driver_sql(f"DROP {kind.upper()} {name}")
    made = made.replace(f"CHECK ({before})", f"CHECK ({after})")
    op.execute(re.sub(r'^CREATE TABLE "?decisions"?', "CREATE TABLE decisions_anew", made))
    op.execute("INSERT INTO decisions_anew SELECT * FROM decisions")
    op.execute("DROP TABLE decisions")
    op.execute("ALTER TABLE decisions_anew RENAME TO decisions")
    for _kind, _name, sql in around:
        bind.exec_driver_sql(sql)
