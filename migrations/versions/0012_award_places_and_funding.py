"""places on awards in a year, and funding of training outside the pathway

Revision ID: 0012
Revises: 0011
"""
from alembic import op
import sqlalchemy as sa

import cpd.shared.database


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('award_place_quota',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('award', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('places', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.CheckConstraint('last_day > first_day', name=op.f('ck_award_place_quota_ends_after_it_starts')),
    sa.CheckConstraint('taken >= 0 AND taken <= places', name=op.f('ck_award_place_quota_never_exceeded')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_award_place_quota_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_place_quota')),
    sa.UniqueConstraint('organisation_id', 'award', 'first_day', name=op.f('uq_award_place_quota_organisation_id_award_first_day'))
    )
    op.create_table('award_place_application',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('quota_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('statement', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('applied_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('manager_comment', sa.String(), nullable=False),
    sa.Column('manager_supports', sa.Boolean(), nullable=True),
    sa.Column('commented_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('commented_by_id', sa.Integer(), nullable=True),
    sa.Column('decision', sa.String(), nullable=False),
    sa.Column('decided_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('waiting_number', sa.Integer(), nullable=True),
    sa.Column('selected_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('ended_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('ended_reason', sa.String(), nullable=False),
    sa.CheckConstraint("status <> 'selected' OR selected_at IS NOT NULL", name=op.f('ck_award_place_application_selected_at_a_time')),
    sa.CheckConstraint("status <> 'waiting' OR waiting_number IS NOT NULL", name=op.f('ck_award_place_application_waits_in_order')),
    sa.CheckConstraint("status NOT IN ('selected', 'waiting', 'declined') OR decision <> ''", name=op.f('ck_award_place_application_decided_for_reasons')),
    sa.CheckConstraint('(commented_at IS NULL) = (manager_supports IS NULL)', name=op.f('ck_award_place_application_commented_whole')),
    sa.ForeignKeyConstraint(['commented_by_id'], ['person.id'], name=op.f('fk_award_place_application_commented_by_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_award_place_application_decided_by_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_award_place_application_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_award_place_application_person_id')),
    sa.ForeignKeyConstraint(['quota_id'], ['award_place_quota.id'], name=op.f('fk_award_place_application_quota_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_place_application')),
    sa.UniqueConstraint('quota_id', 'waiting_number', name=op.f('uq_award_place_application_quota_id_waiting_number'))
    )
    op.create_index('ix_award_place_application_organisation', 'award_place_application', ['organisation_id', 'status'], unique=False)
    op.create_index('ix_award_place_application_person', 'award_place_application', ['person_id'], unique=False)
    op.create_index('uq_award_place_application_live', 'award_place_application', ['quota_id', 'person_id'], unique=True, sqlite_where=sa.text("status IN ('applied', 'commented', 'selected', 'waiting')"), postgresql_where=sa.text("status IN ('applied', 'commented', 'selected', 'waiting')"))
    op.create_table('funding_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('provider', sa.String(), nullable=False),
    sa.Column('cost_pence', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('reasons', sa.String(), nullable=False),
    sa.Column('link', sa.String(), nullable=False),
    sa.Column('stored_as', sa.String(), nullable=True),
    sa.Column('filename', sa.String(), nullable=True),
    sa.Column('media_type', sa.String(), nullable=True),
    sa.Column('size', sa.Integer(), nullable=True),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('asked_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('manager_comment', sa.String(), nullable=False),
    sa.Column('manager_supports', sa.Boolean(), nullable=True),
    sa.Column('commented_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('commented_by_id', sa.Integer(), nullable=True),
    sa.Column('decision', sa.String(), nullable=False),
    sa.Column('decided_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("status NOT IN ('approved', 'declined') OR decision <> ''", name=op.f('ck_funding_request_decided_for_reasons')),
    sa.CheckConstraint('(commented_at IS NULL) = (manager_supports IS NULL)', name=op.f('ck_funding_request_commented_whole')),
    sa.CheckConstraint('(stored_as IS NULL) = (filename IS NULL)', name=op.f('ck_funding_request_file_has_a_name')),
    sa.CheckConstraint('cost_pence > 0', name=op.f('ck_funding_request_costs_something')),
    sa.CheckConstraint('decided_by_id IS NULL OR decided_by_id <> person_id', name=op.f('ck_funding_request_not_decided_by_herself')),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_funding_request_ends_after_it_starts')),
    sa.ForeignKeyConstraint(['commented_by_id'], ['person.id'], name=op.f('fk_funding_request_commented_by_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_funding_request_decided_by_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_funding_request_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_funding_request_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_funding_request')),
    sa.UniqueConstraint('stored_as', name=op.f('uq_funding_request_stored_as'))
    )
    op.create_index('ix_funding_request_organisation', 'funding_request', ['organisation_id', 'status'], unique=False)
    op.create_index('ix_funding_request_person', 'funding_request', ['person_id'], unique=False)


def downgrade():
    op.drop_index('ix_funding_request_person', table_name='funding_request')
    op.drop_index('ix_funding_request_organisation', table_name='funding_request')
    op.drop_table('funding_request')
    op.drop_index('uq_award_place_application_live', table_name='award_place_application', sqlite_where=sa.text("status IN ('applied', 'commented', 'selected', 'waiting')"), postgresql_where=sa.text("status IN ('applied', 'commented', 'selected', 'waiting')"))
    op.drop_index('ix_award_place_application_person', table_name='award_place_application')
    op.drop_index('ix_award_place_application_organisation', table_name='award_place_application')
    op.drop_table('award_place_application')
    op.drop_table('award_place_quota')
