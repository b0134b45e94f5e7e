"""Requests are found by what they are about: the page of a case says what was asked of it."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_requests_subject"), "requests", ["subject"])


def downgrade() -> None:
    op.drop_index(op.f("ix_requests_subject"), "requests")
