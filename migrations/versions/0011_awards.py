"""awards

Revision ID: 0011
Revises: 0010
"""
from alembic import op
import sqlalchemy as sa

import cpd.shared.database


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('award_enrolment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('award_code', sa.String(), nullable=False),
    sa.Column('scheme_version_id', sa.Integer(), nullable=False),
    sa.Column('composition', sa.String(), nullable=False),
    sa.Column('enrolled_on', sa.Date(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('completed_on', sa.Date(), nullable=True),
    sa.Column('record_fact_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('enrolled_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(status = 'completed') = (completed_on IS NOT NULL)", name=op.f('ck_award_enrolment_completed_has_a_day')),
    sa.CheckConstraint("(status = 'completed') = (record_fact_id IS NOT NULL)", name=op.f('ck_award_enrolment_completed_has_a_fact')),
    sa.CheckConstraint("status IN ('enrolled', 'completed', 'withdrawn')", name=op.f('ck_award_enrolment_of_a_known_status')),
    sa.ForeignKeyConstraint(['enrolled_by_id'], ['person.id'], name=op.f('fk_award_enrolment_enrolled_by_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_award_enrolment_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_award_enrolment_person_id')),
    sa.ForeignKeyConstraint(['record_fact_id'], ['record_fact.id'], name=op.f('fk_award_enrolment_record_fact_id')),
    sa.ForeignKeyConstraint(['scheme_version_id'], ['scheme_version.id'], name=op.f('fk_award_enrolment_scheme_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_enrolment')),
    sa.UniqueConstraint('record_fact_id', name=op.f('uq_award_enrolment_record_fact_id'))
    )
    with op.batch_alter_table('award_enrolment', schema=None) as batch_op:
        batch_op.create_index('ix_award_enrolment_organisation', ['organisation_id', 'status'], unique=False)
        batch_op.create_index('uq_award_enrolment_live', ['person_id', 'award_code'], unique=True, sqlite_where=sa.text("status <> 'withdrawn'"), postgresql_where=sa.text("status <> 'withdrawn'"))


def downgrade():
    with op.batch_alter_table('award_enrolment', schema=None) as batch_op:
        batch_op.drop_index('uq_award_enrolment_live', sqlite_where=sa.text("status <> 'withdrawn'"), postgresql_where=sa.text("status <> 'withdrawn'"))
        batch_op.drop_index('ix_award_enrolment_organisation')

    op.drop_table('award_enrolment')
