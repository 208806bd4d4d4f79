"""how much of a file was read

Revision ID: 0022
Revises: 0021
"""
import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

LOOKED_INTO = ("text/plain", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
"""What was searched for names until now; nothing else was."""


def upgrade():
    op.add_column("evidence_item", sa.Column("file_read", sa.String(), nullable=True))
    item = sa.table("evidence_item", *(sa.column(name) for name in ("stored_as", "media_type", "file_read")))
    how = sa.case((item.c.media_type.in_(LOOKED_INTO), "all"), else_="none")
    op.get_bind().execute(sa.update(item).where(item.c.stored_as.is_not(None)).values(file_read=how))


def downgrade():
    op.drop_column("evidence_item", "file_read")
