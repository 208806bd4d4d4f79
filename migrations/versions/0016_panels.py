"""panels

Revision ID: 0016
Revises: 0015
"""
from alembic import op
import sqlalchemy as sa

import cpd.shared.database


revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

NOT_SUPERSEDED = sa.text('superseded_at IS NULL')
OPEN = sa.text("status = 'open'")
STILL_SITS = sa.text('ends_on IS NULL')


def moment(name, nullable=True):
    return sa.Column(name, cpd.shared.database.UtcDateTime(timezone=True), nullable=nullable)


def superseded():
    return (
        moment('recorded_at', nullable=False),
        sa.Column('recorded_by_id', sa.Integer(), nullable=True),
        moment('superseded_at'),
        sa.Column('superseded_by_id', sa.Integer(), nullable=True),
        sa.Column('supersede_reason', sa.String(), nullable=True),
    )


def upgrade():
    op.create_table('panel_membership',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('panel_code', sa.String(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    moment('appointed_at', nullable=False),
    sa.Column('appointed_by_id', sa.Integer(), nullable=True),
    sa.Column('appointed_because', sa.String(), nullable=False),
    moment('ended_at'),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_because', sa.String(), nullable=False),
    sa.CheckConstraint('ends_on IS NULL OR ends_on >= starts_on', name=op.f('ck_panel_membership_ends_after_it_starts')),
    sa.CheckConstraint("appointed_because <> ''", name=op.f('ck_panel_membership_appointed_for_a_reason')),
    sa.CheckConstraint("ends_on IS NULL OR ended_because <> ''", name=op.f('ck_panel_membership_ended_for_a_reason')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_panel_membership_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_panel_membership_person_id')),
    sa.ForeignKeyConstraint(['appointed_by_id'], ['person.id'], name=op.f('fk_panel_membership_appointed_by_id')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['person.id'], name=op.f('fk_panel_membership_ended_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panel_membership'))
    )
    with op.batch_alter_table('panel_membership', schema=None) as batch_op:
        batch_op.create_index('ix_panel_membership_person', ['person_id'], unique=False)
        batch_op.create_index('uq_panel_membership_live', ['organisation_id', 'panel_code', 'person_id', 'role'], unique=True, sqlite_where=STILL_SITS, postgresql_where=STILL_SITS)

    op.create_table('panel_meeting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('panel_code', sa.String(), nullable=False),
    moment('starts_at', nullable=False),
    moment('ends_at', nullable=False),
    sa.Column('place', sa.String(), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    moment('planned_at', nullable=False),
    sa.Column('planned_by_id', sa.Integer(), nullable=True),
    moment('cancelled_at'),
    sa.Column('cancelled_because', sa.String(), nullable=False),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_panel_meeting_ends_after_it_starts')),
    sa.CheckConstraint("cancelled_at IS NULL OR cancelled_because <> ''", name=op.f('ck_panel_meeting_cancelled_for_a_reason')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_panel_meeting_organisation_id')),
    sa.ForeignKeyConstraint(['planned_by_id'], ['person.id'], name=op.f('fk_panel_meeting_planned_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panel_meeting'))
    )
    with op.batch_alter_table('panel_meeting', schema=None) as batch_op:
        batch_op.create_index('ix_panel_meeting_organisation', ['organisation_id', 'starts_at'], unique=False)

    op.create_table('panel_meeting_member',
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id'], ['panel_meeting.id'], name=op.f('fk_panel_meeting_member_meeting_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_panel_meeting_member_person_id')),
    sa.PrimaryKeyConstraint('meeting_id', 'person_id', name=op.f('pk_panel_meeting_member'))
    )
    with op.batch_alter_table('panel_meeting_member', schema=None) as batch_op:
        batch_op.create_index('ix_panel_meeting_member_person', ['person_id'], unique=False)

    op.create_table('panel_case',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('panel_code', sa.String(), nullable=False),
    sa.Column('scheme_version_id', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=True),
    sa.Column('meeting_id', sa.Integer(), nullable=True),
    sa.Column('turn', sa.Integer(), nullable=False),
    moment('revealed_at'),
    sa.Column('missing', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    moment('opened_at', nullable=False),
    sa.Column('opened_by_id', sa.Integer(), nullable=True),
    moment('withdrawn_at'),
    sa.Column('withdrawn_by_id', sa.Integer(), nullable=True),
    sa.Column('withdrawn_because', sa.String(), nullable=False),
    sa.CheckConstraint("status IN ('open', 'decided', 'withdrawn')", name=op.f('ck_panel_case_status_is_known')),
    sa.CheckConstraint("(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f('ck_panel_case_withdrawn_at_some_time')),
    sa.CheckConstraint("status <> 'decided' OR meeting_id IS NOT NULL", name=op.f('ck_panel_case_decided_at_a_meeting')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_panel_case_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_panel_case_person_id')),
    sa.ForeignKeyConstraint(['scheme_version_id'], ['scheme_version.id'], name=op.f('fk_panel_case_scheme_version_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['panel_meeting.id'], name=op.f('fk_panel_case_meeting_id')),
    sa.ForeignKeyConstraint(['opened_by_id'], ['person.id'], name=op.f('fk_panel_case_opened_by_id')),
    sa.ForeignKeyConstraint(['withdrawn_by_id'], ['person.id'], name=op.f('fk_panel_case_withdrawn_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panel_case'))
    )
    with op.batch_alter_table('panel_case', schema=None) as batch_op:
        batch_op.create_index('ix_panel_case_organisation', ['organisation_id', 'status'], unique=False)
        batch_op.create_index('ix_panel_case_meeting', ['meeting_id'], unique=False)
        batch_op.create_index('ix_panel_case_request', ['request_id'], unique=False)
        batch_op.create_index('uq_panel_case_open', ['person_id', 'panel_code'], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)

    op.create_table('panel_interest',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    *superseded(),
    sa.CheckConstraint("words <> ''", name=op.f('ck_panel_interest_says_which')),
    sa.ForeignKeyConstraint(['case_id'], ['panel_case.id'], name=op.f('fk_panel_interest_case_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_panel_interest_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panel_interest'))
    )
    with op.batch_alter_table('panel_interest', schema=None) as batch_op:
        batch_op.create_index('uq_panel_interest_live', ['case_id', 'person_id'], unique=True, sqlite_where=NOT_SUPERSEDED, postgresql_where=NOT_SUPERSEDED)

    op.create_table('panel_recommendation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('reasons', sa.String(), nullable=False),
    *superseded(),
    sa.CheckConstraint("reasons <> ''", name=op.f('ck_panel_recommendation_recommended_for_reasons')),
    sa.ForeignKeyConstraint(['case_id'], ['panel_case.id'], name=op.f('fk_panel_recommendation_case_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_panel_recommendation_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panel_recommendation'))
    )
    with op.batch_alter_table('panel_recommendation', schema=None) as batch_op:
        batch_op.create_index('uq_panel_recommendation_live', ['case_id', 'person_id'], unique=True, sqlite_where=NOT_SUPERSEDED, postgresql_where=NOT_SUPERSEDED)

    op.create_table('panel_decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('reasons', sa.String(), nullable=False),
    sa.Column('support_plan', sa.String(), nullable=False),
    sa.Column('review_on', sa.Date(), nullable=True),
    sa.Column('fact_id', sa.Integer(), nullable=False),
    moment('reminded_at'),
    *superseded(),
    sa.CheckConstraint("reasons <> ''", name=op.f('ck_panel_decision_decided_for_reasons')),
    sa.CheckConstraint("(outcome = 'deferred_with_support') = (review_on IS NOT NULL)", name=op.f('ck_panel_decision_deferred_with_a_day_of_review')),
    sa.CheckConstraint("(outcome = 'deferred_with_support') = (support_plan <> '')", name=op.f('ck_panel_decision_deferred_with_a_support_plan')),
    sa.CheckConstraint('review_on > decided_on', name=op.f('ck_panel_decision_reviewed_after_it_was_decided')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_panel_decision_organisation_id')),
    sa.ForeignKeyConstraint(['case_id'], ['panel_case.id'], name=op.f('fk_panel_decision_case_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['panel_meeting.id'], name=op.f('fk_panel_decision_meeting_id')),
    sa.ForeignKeyConstraint(['fact_id'], ['record_fact.id'], name=op.f('fk_panel_decision_fact_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panel_decision'))
    )
    with op.batch_alter_table('panel_decision', schema=None) as batch_op:
        batch_op.create_index('ix_panel_decision_review', ['review_on'], unique=False)
        batch_op.create_index('uq_panel_decision_live', ['case_id'], unique=True, sqlite_where=NOT_SUPERSEDED, postgresql_where=NOT_SUPERSEDED)

    op.create_table('panel_judge',
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['decision_id'], ['panel_decision.id'], name=op.f('fk_panel_judge_decision_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_panel_judge_person_id')),
    sa.PrimaryKeyConstraint('decision_id', 'person_id', name=op.f('pk_panel_judge'))
    )


def downgrade():
    op.drop_table('panel_judge')
    with op.batch_alter_table('panel_decision', schema=None) as batch_op:
        batch_op.drop_index('uq_panel_decision_live', sqlite_where=NOT_SUPERSEDED, postgresql_where=NOT_SUPERSEDED)
        batch_op.drop_index('ix_panel_decision_review')

    op.drop_table('panel_decision')
    with op.batch_alter_table('panel_recommendation', schema=None) as batch_op:
        batch_op.drop_index('uq_panel_recommendation_live', sqlite_where=NOT_SUPERSEDED, postgresql_where=NOT_SUPERSEDED)

    op.drop_table('panel_recommendation')
    with op.batch_alter_table('panel_interest', schema=None) as batch_op:
        batch_op.drop_index('uq_panel_interest_live', sqlite_where=NOT_SUPERSEDED, postgresql_where=NOT_SUPERSEDED)

    op.drop_table('panel_interest')
    with op.batch_alter_table('panel_case', schema=None) as batch_op:
        batch_op.drop_index('uq_panel_case_open', sqlite_where=OPEN, postgresql_where=OPEN)
        batch_op.drop_index('ix_panel_case_request')
        batch_op.drop_index('ix_panel_case_meeting')
        batch_op.drop_index('ix_panel_case_organisation')

    op.drop_table('panel_case')
    with op.batch_alter_table('panel_meeting_member', schema=None) as batch_op:
        batch_op.drop_index('ix_panel_meeting_member_person')

    op.drop_table('panel_meeting_member')
    with op.batch_alter_table('panel_meeting', schema=None) as batch_op:
        batch_op.drop_index('ix_panel_meeting_organisation')

    op.drop_table('panel_meeting')
    with op.batch_alter_table('panel_membership', schema=None) as batch_op:
        batch_op.drop_index('uq_panel_membership_live', sqlite_where=STILL_SITS, postgresql_where=STILL_SITS)
        batch_op.drop_index('ix_panel_membership_person')

    op.drop_table('panel_membership')
