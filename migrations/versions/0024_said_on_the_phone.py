"""A filing is found by the last part of its reference, as people say it on the phone: a mark beside its others."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

LANE = "CASE state WHEN 'decided' THEN 1 WHEN 'withdrawn' THEN 2 ELSE 0 END"
# The last part has six letters (new_reference in coi/models/types.py).
ENDING = "lower(substr(reference, length(reference) - 5))"


def upgrade() -> None:
    op.execute(
        "INSERT INTO queue_marks (mark, lane, rank, due_at, disclosure_id) "
        f"SELECT 'reference:' || {ENDING}, {LANE}, rank, due_at, id FROM disclosures WHERE state <> 'draft' AND due_at IS NOT NULL"
    )


def downgrade() -> None:
    op.execute("DELETE FROM queue_marks WHERE mark >= 'reference:' AND mark < 'reference;'")
