"""study days: what was asked for, and a ledger that nobody can change

Revision ID: 0009
Revises: 0008
"""
from alembic import op
import sqlalchemy as sa

import cpd.shared.database


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

AMOUNTS_FIT = (
    "(act = 'asked' AND step = 0 AND asked = half_days AND approved = 0)"
    " OR (act = 'approved' AND step = 1 AND asked = -half_days AND approved = half_days)"
    " OR (act IN ('declined', 'withdrawn') AND step = 1 AND asked = -half_days AND approved = 0)"
    " OR (act IN ('cancelled', 'not_taken') AND step = 2 AND asked = 0 AND approved = -half_days)"
)


def upgrade():
    op.create_table('study_day_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('day_part', sa.String(), nullable=False),
    sa.Column('half_days', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('starts_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ends_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("half_days = CASE WHEN day_part = 'whole' THEN 2 ELSE 1 END", name=op.f('ck_study_day_request_half_days_of_its_part')),
    sa.CheckConstraint("day_part IN ('whole', 'morning', 'afternoon')", name=op.f('ck_study_day_request_a_known_part')),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_study_day_request_ends_after_it_starts')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_study_day_request_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_study_day_request_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_study_day_request'))
    )
    op.create_index('ix_study_day_request_person', 'study_day_request', ['person_id', 'held_on'], unique=False)
    op.create_index('ix_study_day_request_organisation', 'study_day_request', ['organisation_id'], unique=False)
    op.create_table('study_day_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('study_day_request_id', sa.Integer(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('act', sa.String(), nullable=False),
    sa.Column('half_days', sa.Integer(), nullable=False),
    sa.Column('asked', sa.Integer(), nullable=False),
    sa.Column('approved', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('left_before', sa.Integer(), nullable=True),
    sa.Column('happened_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint(AMOUNTS_FIT, name=op.f('ck_study_day_entry_amounts_fit_the_act')),
    sa.CheckConstraint("act <> 'approved' OR left_before IS NULL OR half_days <= left_before OR reason <> ''", name=op.f('ck_study_day_entry_beyond_only_for_a_reason')),
    sa.CheckConstraint("act <> 'declined' OR reason <> ''", name=op.f('ck_study_day_entry_declined_for_a_reason')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['person.id'], name=op.f('fk_study_day_entry_recorded_by_id')),
    sa.ForeignKeyConstraint(['study_day_request_id'], ['study_day_request.id'], name=op.f('fk_study_day_entry_study_day_request_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_study_day_entry')),
    sa.UniqueConstraint('study_day_request_id', 'step', name=op.f('uq_study_day_entry_study_day_request_id_step'))
    )
    if op.get_bind().dialect.name == 'sqlite':
        for act in ('update', 'delete'):
            op.execute(
                f"CREATE TRIGGER study_day_entry_no_{act} BEFORE {act.upper()} ON study_day_entry "
                "BEGIN SELECT RAISE(ABORT, 'study_day_entry is append-only'); END"
            )
        return
    op.execute(
        'CREATE TRIGGER study_day_entry_no_change BEFORE UPDATE OR DELETE ON study_day_entry '
        'FOR EACH ROW EXECUTE FUNCTION refuse_change()'
    )


def downgrade():
    op.drop_table('study_day_entry')
    op.drop_table('study_day_request')
