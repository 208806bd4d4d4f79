"""pathways

Revision ID: 0014
Revises: 0013
"""
from alembic import op
import sqlalchemy as sa

import cpd.shared.database


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('pathway_enrolment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('pathway_code', sa.String(), nullable=False),
    sa.Column('scheme_version_id', sa.Integer(), nullable=False),
    sa.Column('enrolled_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.Column('superseded_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('superseded_by_id', sa.Integer(), nullable=True),
    sa.Column('supersede_reason', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_pathway_enrolment_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_pathway_enrolment_person_id')),
    sa.ForeignKeyConstraint(['scheme_version_id'], ['scheme_version.id'], name=op.f('fk_pathway_enrolment_scheme_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pathway_enrolment'))
    )
    with op.batch_alter_table('pathway_enrolment', schema=None) as batch_op:
        batch_op.create_index('ix_pathway_enrolment_organisation', ['organisation_id'], unique=False)
        batch_op.create_index('uq_pathway_enrolment_live', ['person_id'], unique=True, sqlite_where=sa.text('superseded_at IS NULL'), postgresql_where=sa.text('superseded_at IS NULL'))


def downgrade():
    with op.batch_alter_table('pathway_enrolment', schema=None) as batch_op:
        batch_op.drop_index('uq_pathway_enrolment_live', sqlite_where=sa.text('superseded_at IS NULL'), postgresql_where=sa.text('superseded_at IS NULL'))
        batch_op.drop_index('ix_pathway_enrolment_organisation')

    op.drop_table('pathway_enrolment')
