"""portfolios

Revision ID: 0015
Revises: 0014
"""
from alembic import op
import sqlalchemy as sa

import cpd.shared.database


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

OPEN = sa.text("status IN ('preparing', 'handed_in', 'returned')")
LIVE = sa.text('superseded_at IS NULL')


def upgrade():
    op.create_table('portfolio',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('scheme_version_id', sa.Integer(), nullable=False),
    sa.Column('evidence_kind', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('is_portfolio', sa.Boolean(), nullable=False),
    sa.Column('accepted_by', sa.JSON(), nullable=False),
    sa.Column('ticked', sa.JSON(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('begun_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('hand_ins', sa.Integer(), nullable=False),
    sa.Column('handed_in_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('opened_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('opened_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('accepted_as', sa.String(), nullable=True),
    sa.Column('record_fact_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(status = 'accepted') = (record_fact_id IS NOT NULL)", name=op.f('ck_portfolio_has_a_fact')),
    sa.CheckConstraint("(status = 'accepted') = (accepted_as IS NOT NULL)", name=op.f('ck_portfolio_accepted_by_somebody')),
    sa.CheckConstraint("status NOT IN ('handed_in', 'accepted') OR handed_in_at IS NOT NULL", name=op.f('ck_portfolio_handed_in_at_a_time')),
    sa.CheckConstraint('(opened_at IS NULL) = (opened_by_id IS NULL)', name=op.f('ck_portfolio_opened_by_somebody')),
    sa.CheckConstraint("status IN ('handed_in', 'accepted') OR opened_at IS NULL", name=op.f('ck_portfolio_opened_while_locked')),
    sa.CheckConstraint('decided_by_id IS NULL OR decided_by_id <> person_id', name=op.f('ck_portfolio_not_decided_by_herself')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_portfolio_decided_by_id')),
    sa.ForeignKeyConstraint(['opened_by_id'], ['person.id'], name=op.f('fk_portfolio_opened_by_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_portfolio_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_portfolio_person_id')),
    sa.ForeignKeyConstraint(['record_fact_id'], ['record_fact.id'], name=op.f('fk_portfolio_record_fact_id')),
    sa.ForeignKeyConstraint(['scheme_version_id'], ['scheme_version.id'], name=op.f('fk_portfolio_scheme_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_portfolio')),
    sa.UniqueConstraint('record_fact_id', name=op.f('uq_portfolio_record_fact_id'))
    )
    op.create_index('ix_portfolio_person', 'portfolio', ['person_id'], unique=False)
    op.create_index('ix_portfolio_waiting', 'portfolio', ['organisation_id', 'status'], unique=False)
    op.create_index('uq_portfolio_open', 'portfolio', ['person_id', 'evidence_kind'], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table('evidence_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('portfolio_id', sa.Integer(), nullable=False),
    sa.Column('item_number', sa.Integer(), nullable=False),
    sa.Column('item_kind', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('link', sa.String(), nullable=False),
    sa.Column('statements', sa.JSON(), nullable=False),
    sa.Column('stored_as', sa.String(), nullable=True),
    sa.Column('filename', sa.String(), nullable=True),
    sa.Column('media_type', sa.String(), nullable=True),
    sa.Column('size', sa.Integer(), nullable=True),
    sa.Column('found', sa.JSON(), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('removed_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('recorded_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.Column('superseded_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('superseded_by_id', sa.Integer(), nullable=True),
    sa.Column('supersede_reason', sa.String(), nullable=True),
    sa.CheckConstraint('(stored_as IS NULL) = (filename IS NULL)', name=op.f('ck_evidence_item_file_has_a_name')),
    sa.CheckConstraint("words <> '' OR link <> '' OR stored_as IS NOT NULL", name=op.f('ck_evidence_item_holds_something')),
    sa.CheckConstraint('removed_at IS NULL OR superseded_at IS NOT NULL', name=op.f('ck_evidence_item_only_earlier_ones_are_let_go')),
    sa.ForeignKeyConstraint(['portfolio_id'], ['portfolio.id'], name=op.f('fk_evidence_item_portfolio_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence_item'))
    )
    op.create_index('ix_evidence_item_portfolio', 'evidence_item', ['portfolio_id'], unique=False)
    op.create_index('uq_evidence_item_live', 'evidence_item', ['portfolio_id', 'item_number'], unique=True, sqlite_where=LIVE, postgresql_where=LIVE)
    op.create_table('portfolio_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('portfolio_id', sa.Integer(), nullable=False),
    sa.Column('happening', sa.String(), nullable=False),
    sa.Column('happened_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('comments', sa.String(), nullable=False),
    sa.CheckConstraint("happening NOT IN ('returned', 'deferred', 'reopened') OR comments <> ''", name=op.f('ck_portfolio_event_returned_for_reasons')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_portfolio_event_by_id')),
    sa.ForeignKeyConstraint(['portfolio_id'], ['portfolio.id'], name=op.f('fk_portfolio_event_portfolio_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_portfolio_event'))
    )
    op.create_index('ix_portfolio_event_portfolio', 'portfolio_event', ['portfolio_id'], unique=False)


def downgrade():
    op.drop_index('ix_portfolio_event_portfolio', table_name='portfolio_event')
    op.drop_table('portfolio_event')
    op.drop_index('uq_evidence_item_live', table_name='evidence_item', sqlite_where=LIVE, postgresql_where=LIVE)
    op.drop_index('ix_evidence_item_portfolio', table_name='evidence_item')
    op.drop_table('evidence_item')
    op.drop_index('uq_portfolio_open', table_name='portfolio', sqlite_where=OPEN, postgresql_where=OPEN)
    op.drop_index('ix_portfolio_waiting', table_name='portfolio')
    op.drop_index('ix_portfolio_person', table_name='portfolio')
    op.drop_table('portfolio')
