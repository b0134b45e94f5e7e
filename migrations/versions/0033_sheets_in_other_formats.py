"""Workbooks may come with their sheets as csv and JSON Lines: SHA-256 and size of those files."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("exports", sa.Column("files", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("exports", "files")
