"""The cover with which a case goes to the final body holds a whole plan: rows, rule, day, what goes on meanwhile."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("body_covers", sa.Column("plan", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("body_covers", sa.Column("terms", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("body_covers", "terms")
    op.drop_column("body_covers", "plan")
