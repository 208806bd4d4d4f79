"""time away and protected time

Revision ID: 0008
Revises: 0007
"""
from alembic import op
import sqlalchemy as sa

import cpd.shared.database


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

UNTIL_SUPERSEDED = sa.text('superseded_at IS NULL')


def superseded():
    return (
        sa.Column('recorded_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column('recorded_by_id', sa.Integer(), nullable=True),
        sa.Column('superseded_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column('superseded_by_id', sa.Integer(), nullable=True),
        sa.Column('supersede_reason', sa.String(), nullable=True),
    )


def upgrade():
    op.create_table('time_away',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('away_kind', sa.String(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=True),
    *superseded(),
    sa.CheckConstraint('last_day IS NULL OR last_day >= first_day', name=op.f('ck_time_away_ends_after_it_starts')),
    sa.CheckConstraint("away_kind IN ('leave', 'pause', 'career_break')", name=op.f('ck_time_away_of_a_known_kind')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_time_away_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_time_away_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_time_away'))
    )
    op.create_index('uq_time_away_start', 'time_away', ['person_id', 'first_day'], unique=True, sqlite_where=UNTIL_SUPERSEDED, postgresql_where=UNTIL_SUPERSEDED)
    op.create_table('protected_time_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('week_of', sa.Date(), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=True),
    *superseded(),
    sa.CheckConstraint("answer IN ('had', 'part', 'no')", name=op.f('ck_protected_time_entry_of_a_known_answer')),
    sa.CheckConstraint("minutes IS NULL OR (answer = 'part' AND minutes > 0)", name=op.f('ck_protected_time_entry_minutes_of_a_part')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_protected_time_entry_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_protected_time_entry_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_protected_time_entry'))
    )
    op.create_index('uq_protected_time_entry_week', 'protected_time_entry', ['person_id', 'week_of'], unique=True, sqlite_where=UNTIL_SUPERSEDED, postgresql_where=UNTIL_SUPERSEDED)


def downgrade():
    op.drop_index('uq_protected_time_entry_week', table_name='protected_time_entry')
    op.drop_table('protected_time_entry')
    op.drop_index('uq_time_away_start', table_name='time_away')
    op.drop_table('time_away')
