"""letters of appeals, and the form in which a vacancy was written down

Revision ID: 0023
Revises: 0022
"""
import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("progression_appeal", sa.Column("letter", sa.JSON(), nullable=True))
    op.add_column("progression_appeal", sa.Column("letter_sha256", sa.String(), nullable=True))
    op.add_column("vacancy", sa.Column("form_key", sa.String(), nullable=True))
    op.create_index("ix_vacancy_form", "vacancy", ["organisation_id", "form_key"])


def downgrade():
    op.drop_index("ix_vacancy_form", "vacancy")
    op.drop_column("vacancy", "form_key")
    op.drop_column("progression_appeal", "letter_sha256")
    op.drop_column("progression_appeal", "letter")
