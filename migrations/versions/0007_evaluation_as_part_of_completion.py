"""evaluation as part of completion

Revision ID: 0007
Revises: 0006
"""
from alembic import op
import sqlalchemy as sa

import cpd.shared.database


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('module', schema=None) as batch_op:
        batch_op.add_column(sa.Column('completion_after_evaluation', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('evaluation_asked_from', cpd.shared.database.UtcDateTime(timezone=True), nullable=True))


def downgrade():
    with op.batch_alter_table('module', schema=None) as batch_op:
        batch_op.drop_column('evaluation_asked_from')
        batch_op.drop_column('completion_after_evaluation')
