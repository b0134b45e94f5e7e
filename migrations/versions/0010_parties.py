"""The outside party of an interest as it is searched for, and as it is compared: filled for what was signed before."""

import sqlalchemy as sa
from alembic import op

from coi.rules.matching import normal
from coi.rules.searching import search_text

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

AT_ONCE = 1000
FILL = "UPDATE interests SET party_search = :search, party_normal = :normal WHERE id = :id"
NEXT = "SELECT id, party FROM interests WHERE id > :after AND party <> '' ORDER BY id LIMIT :most"


def upgrade() -> None:
    empty = sa.text("''")
    op.add_column("interests", sa.Column("party_search", sa.String(length=200), nullable=False, server_default=empty))
    op.add_column("interests", sa.Column("party_normal", sa.String(length=500), nullable=False, server_default=empty))
    after = 0
    while found := op.get_bind().execute(sa.text(NEXT), {"after": after, "most": AT_ONCE}).all():
        told = [{"id": row.id, "search": search_text(row.party), "normal": normal(row.party)[:500]} for row in found]
        op.get_bind().execute(sa.text(FILL), told)
        after = found[-1].id
    op.create_index("ix_interests_party_search", "interests", ["party_search"], unique=False)
    op.create_index("ix_interests_party_normal", "interests", ["party_normal"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_interests_party_normal", table_name="interests")
    op.drop_index("ix_interests_party_search", table_name="interests")
    op.drop_column("interests", "party_normal")
    op.drop_column("interests", "party_search")
