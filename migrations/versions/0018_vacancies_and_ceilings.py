"""vacancies and ceilings

Revision ID: 0018
Revises: 0017
"""
from alembic import op
import sqlalchemy as sa

import cpd.shared.database


revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('progression_ceiling',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('transition_code', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('ceiling_thousandths', sa.Integer(), nullable=True),
    sa.Column('most_thousandths', sa.Integer(), nullable=True),
    sa.Column('taken_thousandths', sa.Integer(), nullable=False),
    sa.CheckConstraint('(most_thousandths IS NULL) = (ceiling_thousandths IS NULL)', name=op.f('ck_progression_ceiling_held_where_there_is_one')),
    sa.CheckConstraint('ceiling_thousandths IS NULL OR ceiling_thousandths <= most_thousandths', name=op.f('ck_progression_ceiling_holds_the_ceiling')),
    sa.CheckConstraint('most_thousandths IS NULL OR taken_thousandths <= most_thousandths', name=op.f('ck_progression_ceiling_never_exceeded')),
    sa.CheckConstraint('taken_thousandths >= 0', name=op.f('ck_progression_ceiling_never_below_nothing')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_progression_ceiling_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_progression_ceiling')),
    sa.UniqueConstraint('organisation_id', 'transition_code', name=op.f('uq_progression_ceiling_organisation_id_transition_code'))
    )
    op.create_table('room_taken',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('ceiling_id', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('vacancy_id', sa.Integer(), nullable=True),
    sa.Column('fte_thousandths', sa.Integer(), nullable=False),
    sa.Column('taken_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('given_back_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('fte_thousandths > 0', name=op.f('ck_room_taken_takes_something')),
    sa.ForeignKeyConstraint(['ceiling_id'], ['progression_ceiling.id'], name=op.f('fk_room_taken_ceiling_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_room_taken_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_room_taken_person_id')),
    sa.ForeignKeyConstraint(['vacancy_id'], ['vacancy.id'], name=op.f('fk_room_taken_vacancy_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room_taken'))
    )
    op.create_index('ix_room_taken_ceiling', 'room_taken', ['ceiling_id'], unique=False)
    op.create_index('ix_room_taken_person', 'room_taken', ['person_id'], unique=False)
    op.create_index('uq_room_taken_request', 'room_taken', ['request_id'], unique=True, sqlite_where=sa.text('given_back_at IS NULL'), postgresql_where=sa.text('given_back_at IS NULL'))
    op.create_index('uq_room_taken_vacancy', 'room_taken', ['vacancy_id'], unique=True, sqlite_where=sa.text('given_back_at IS NULL AND vacancy_id IS NOT NULL'), postgresql_where=sa.text('given_back_at IS NULL AND vacancy_id IS NOT NULL'))
    op.create_table('progression_appeal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('letter_id', sa.Integer(), nullable=False),
    sa.Column('grounds', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('appealed_on', sa.Date(), nullable=False),
    sa.Column('appealed_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('in_time_until', sa.Date(), nullable=False),
    sa.Column('decider_id', sa.Integer(), nullable=True),
    sa.Column('assigned_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('assigned_by_id', sa.Integer(), nullable=True),
    sa.Column('decide_by', sa.Date(), nullable=True),
    sa.Column('decided_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('reasons', sa.String(), nullable=False),
    sa.Column('new_request_id', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(status = 'upheld') = (new_request_id IS NOT NULL)", name=op.f('ck_progression_appeal_upheld_goes_on')),
    sa.CheckConstraint("(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f('ck_progression_appeal_withdrawn_at_a_time')),
    sa.CheckConstraint("(status IN ('upheld', 'dismissed')) = (decided_at IS NOT NULL)", name=op.f('ck_progression_appeal_decided_at_a_time')),
    sa.CheckConstraint("grounds <> ''", name=op.f('ck_progression_appeal_has_grounds')),
    sa.CheckConstraint("status IN ('sent', 'assigned', 'upheld', 'dismissed', 'withdrawn')", name=op.f('ck_progression_appeal_stands_somehow')),
    sa.CheckConstraint("status NOT IN ('assigned', 'upheld', 'dismissed') OR decider_id IS NOT NULL", name=op.f('ck_progression_appeal_has_a_decider')),
    sa.CheckConstraint("status NOT IN ('upheld', 'dismissed') OR reasons <> ''", name=op.f('ck_progression_appeal_decided_for_reasons')),
    sa.CheckConstraint('(decider_id IS NULL) = (assigned_at IS NULL)', name=op.f('ck_progression_appeal_assigned_at_a_time')),
    sa.CheckConstraint('(decider_id IS NULL) = (decide_by IS NULL)', name=op.f('ck_progression_appeal_assigned_until_a_day')),
    sa.CheckConstraint('appealed_on <= in_time_until', name=op.f('ck_progression_appeal_sent_in_time')),
    sa.CheckConstraint('decider_id IS NULL OR decider_id <> person_id', name=op.f('ck_progression_appeal_not_decided_by_herself')),
    sa.ForeignKeyConstraint(['assigned_by_id'], ['person.id'], name=op.f('fk_progression_appeal_assigned_by_id')),
    sa.ForeignKeyConstraint(['decider_id'], ['person.id'], name=op.f('fk_progression_appeal_decider_id')),
    sa.ForeignKeyConstraint(['letter_id'], ['decision_letter.id'], name=op.f('fk_progression_appeal_letter_id')),
    sa.ForeignKeyConstraint(['new_request_id'], ['progression_request.id'], name=op.f('fk_progression_appeal_new_request_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_progression_appeal_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_progression_appeal_person_id')),
    sa.ForeignKeyConstraint(['request_id'], ['progression_request.id'], name=op.f('fk_progression_appeal_request_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_progression_appeal')),
    sa.UniqueConstraint('new_request_id', name=op.f('uq_progression_appeal_new_request_id'))
    )
    op.create_index('ix_progression_appeal_decider', 'progression_appeal', ['decider_id', 'status'], unique=False)
    op.create_index('ix_progression_appeal_organisation', 'progression_appeal', ['organisation_id', 'status'], unique=False)
    op.create_index('ix_progression_appeal_person', 'progression_appeal', ['person_id'], unique=False)
    op.create_index('ix_progression_appeal_request', 'progression_appeal', ['request_id'], unique=False)
    op.create_index('uq_progression_appeal_letter', 'progression_appeal', ['letter_id'], unique=True, sqlite_where=sa.text("status <> 'withdrawn'"), postgresql_where=sa.text("status <> 'withdrawn'"))
    op.create_table('change_export',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('taken_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('taken_by_id', sa.Integer(), nullable=False),
    sa.Column('entered_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('entered_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(entered_at IS NULL) = (entered_by_id IS NULL)', name=op.f('ck_change_export_entered_by_somebody')),
    sa.CheckConstraint('number > 0', name=op.f('ck_change_export_counted_from_one')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_change_export_entered_by_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_change_export_organisation_id')),
    sa.ForeignKeyConstraint(['taken_by_id'], ['person.id'], name=op.f('fk_change_export_taken_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_change_export')),
    sa.UniqueConstraint('organisation_id', 'number', name=op.f('uq_change_export_organisation_id_number'))
    )
    op.create_table('exported_change',
    sa.Column('enactment_id', sa.Integer(), nullable=False),
    sa.Column('export_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('cells', sa.JSON(), nullable=False),
    sa.CheckConstraint('place > 0', name=op.f('ck_exported_change_counted_from_one')),
    sa.ForeignKeyConstraint(['enactment_id'], ['enactment.id'], name=op.f('fk_exported_change_enactment_id')),
    sa.ForeignKeyConstraint(['export_id'], ['change_export.id'], name=op.f('fk_exported_change_export_id')),
    sa.PrimaryKeyConstraint('enactment_id', name=op.f('pk_exported_change')),
    sa.UniqueConstraint('export_id', 'place', name=op.f('uq_exported_change_export_id_place'))
    )


def downgrade():
    op.drop_table('exported_change')
    op.drop_table('change_export')
    op.drop_index('uq_progression_appeal_letter', table_name='progression_appeal', sqlite_where=sa.text("status <> 'withdrawn'"), postgresql_where=sa.text("status <> 'withdrawn'"))
    op.drop_index('ix_progression_appeal_request', table_name='progression_appeal')
    op.drop_index('ix_progression_appeal_person', table_name='progression_appeal')
    op.drop_index('ix_progression_appeal_organisation', table_name='progression_appeal')
    op.drop_index('ix_progression_appeal_decider', table_name='progression_appeal')
    op.drop_table('progression_appeal')
    op.drop_index('uq_room_taken_vacancy', table_name='room_taken', sqlite_where=sa.text('given_back_at IS NULL AND vacancy_id IS NOT NULL'), postgresql_where=sa.text('given_back_at IS NULL AND vacancy_id IS NOT NULL'))
    op.drop_index('uq_room_taken_request', table_name='room_taken', sqlite_where=sa.text('given_back_at IS NULL'), postgresql_where=sa.text('given_back_at IS NULL'))
    op.drop_index('ix_room_taken_person', table_name='room_taken')
    op.drop_index('ix_room_taken_ceiling', table_name='room_taken')
    op.drop_table('room_taken')
    op.drop_table('progression_ceiling')
