"""early career programmes

Revision ID: 0019
Revises: 0018
"""
from alembic import op
import sqlalchemy as sa

import cpd.shared.database


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

APPEND_ONLY = ('agreement_signature', 'self_assessment_answer')
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
    op.create_table('cohort',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('programme_code', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_cohort_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cohort')),
    sa.UniqueConstraint('organisation_id', 'programme_code', 'title', name=op.f('uq_cohort_organisation_id_programme_code_title'))
    )
    op.create_table('early_career_enrolment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('programme_code', sa.String(), nullable=False),
    sa.Column('scheme_version_id', sa.Integer(), nullable=False),
    sa.Column('is_live', sa.Boolean(), nullable=False),
    sa.Column('recorded_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_early_career_enrolment_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_early_career_enrolment_person_id')),
    sa.ForeignKeyConstraint(['scheme_version_id'], ['scheme_version.id'], name=op.f('fk_early_career_enrolment_scheme_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_early_career_enrolment'))
    )
    op.create_index('ix_early_career_enrolment_organisation', 'early_career_enrolment', ['organisation_id', 'is_live'], unique=False)
    op.create_index('ix_early_career_enrolment_person', 'early_career_enrolment', ['person_id'], unique=False)
    op.create_index('uq_early_career_enrolment_live', 'early_career_enrolment', ['person_id'], unique=True, sqlite_where=sa.text("is_live = 1"), postgresql_where=sa.text("is_live"))
    op.create_table('enrolment_terms',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=True),
    *superseded(),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_enrolment_terms_cohort_id')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['early_career_enrolment.id'], name=op.f('fk_enrolment_terms_enrolment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enrolment_terms'))
    )
    op.create_index('uq_enrolment_terms_in_force', 'enrolment_terms', ['enrolment_id'], unique=True, sqlite_where=UNTIL_SUPERSEDED, postgresql_where=UNTIL_SUPERSEDED)
    op.create_table('pause_period',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('back_on', sa.Date(), nullable=True),
    sa.Column('pause_kind', sa.String(), nullable=False),
    *superseded(),
    sa.CheckConstraint("back_on IS NULL OR back_on > first_day", name=op.f('ck_pause_period_ends_after_it_starts')),
    sa.CheckConstraint("pause_kind IN ('leave', 'support', 'other')", name=op.f('ck_pause_period_of_a_known_kind')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['early_career_enrolment.id'], name=op.f('fk_pause_period_enrolment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pause_period'))
    )
    op.create_index('uq_pause_period_open', 'pause_period', ['enrolment_id'], unique=True, sqlite_where=sa.text("superseded_at IS NULL AND back_on IS NULL"), postgresql_where=sa.text("superseded_at IS NULL AND back_on IS NULL"))
    op.create_index('uq_pause_period_start', 'pause_period', ['enrolment_id', 'first_day'], unique=True, sqlite_where=UNTIL_SUPERSEDED, postgresql_where=UNTIL_SUPERSEDED)
    op.create_table('programme_extension',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('agreed_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    *superseded(),
    sa.CheckConstraint("days > 0", name=op.f('ck_programme_extension_is_longer')),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_programme_extension_for_a_reason')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['early_career_enrolment.id'], name=op.f('fk_programme_extension_enrolment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_extension'))
    )
    op.create_index('ix_programme_extension_enrolment', 'programme_extension', ['enrolment_id'], unique=False)
    op.create_table('enrolment_ending',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=False),
    sa.Column('by_panel', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    *superseded(),
    sa.CheckConstraint("outcome IN ('passed', 'failed', 'withdrawn')", name=op.f('ck_enrolment_ending_of_a_known_kind')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['early_career_enrolment.id'], name=op.f('fk_enrolment_ending_enrolment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enrolment_ending'))
    )
    op.create_index('uq_enrolment_ending_in_force', 'enrolment_ending', ['enrolment_id'], unique=True, sqlite_where=UNTIL_SUPERSEDED, postgresql_where=UNTIL_SUPERSEDED)
    op.create_table('review_point',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('point_code', sa.String(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('summary', sa.String(), nullable=False),
    sa.Column('agreed_actions', sa.String(), nullable=False),
    sa.Column('shown', sa.String(), nullable=False),
    *superseded(),
    sa.CheckConstraint("summary <> ''", name=op.f('ck_review_point_says_something')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['early_career_enrolment.id'], name=op.f('fk_review_point_enrolment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_point'))
    )
    op.create_index('uq_review_point_in_force', 'review_point', ['enrolment_id', 'point_code'], unique=True, sqlite_where=UNTIL_SUPERSEDED, postgresql_where=UNTIL_SUPERSEDED)
    op.create_table('support_agreement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('workload', sa.String(), nullable=False),
    sa.Column('supervision', sa.String(), nullable=False),
    sa.Column('learning', sa.String(), nullable=False),
    *superseded(),
    sa.ForeignKeyConstraint(['enrolment_id'], ['early_career_enrolment.id'], name=op.f('fk_support_agreement_enrolment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_agreement')),
    sa.UniqueConstraint('enrolment_id', 'version', name=op.f('uq_support_agreement_enrolment_id_version'))
    )
    op.create_index('uq_support_agreement_in_force', 'support_agreement', ['enrolment_id'], unique=True, sqlite_where=UNTIL_SUPERSEDED, postgresql_where=UNTIL_SUPERSEDED)
    op.create_table('agreement_signature',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('party', sa.String(), nullable=False),
    sa.Column('signed_by_id', sa.Integer(), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("party IN ('worker', 'assessor', 'manager')", name=op.f('ck_agreement_signature_of_a_known_party')),
    sa.ForeignKeyConstraint(['agreement_id'], ['support_agreement.id'], name=op.f('fk_agreement_signature_agreement_id')),
    sa.ForeignKeyConstraint(['signed_by_id'], ['person.id'], name=op.f('fk_agreement_signature_signed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_signature')),
    sa.UniqueConstraint('agreement_id', 'party', name=op.f('uq_agreement_signature_agreement_id_party'))
    )
    op.create_table('self_assessment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('point_code', sa.String(), nullable=False),
    sa.Column('written_on', sa.Date(), nullable=False),
    sa.Column('framework_code', sa.String(), nullable=False),
    sa.Column('framework_version', sa.String(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    *superseded(),
    sa.ForeignKeyConstraint(['enrolment_id'], ['early_career_enrolment.id'], name=op.f('fk_self_assessment_enrolment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_self_assessment'))
    )
    op.create_index('uq_self_assessment_in_force', 'self_assessment', ['enrolment_id', 'point_code'], unique=True, sqlite_where=UNTIL_SUPERSEDED, postgresql_where=UNTIL_SUPERSEDED)
    op.create_table('self_assessment_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('self_assessment_id', sa.Integer(), nullable=False),
    sa.Column('statement_code', sa.String(), nullable=False),
    sa.Column('answer', sa.Integer(), nullable=False),
    sa.CheckConstraint("answer BETWEEN 1 AND 4", name=op.f('ck_self_assessment_answer_is_on_the_scale')),
    sa.ForeignKeyConstraint(['self_assessment_id'], ['self_assessment.id'], name=op.f('fk_self_assessment_answer_self_assessment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_self_assessment_answer')),
    sa.UniqueConstraint('self_assessment_id', 'statement_code', name=op.f('uq_self_assessment_answer_self_assessment_id_statement_code'))
    )
    op.create_table('supervision_session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('pattern_code', sa.String(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('with_whom', sa.String(), nullable=False),
    *superseded(),
    sa.ForeignKeyConstraint(['enrolment_id'], ['early_career_enrolment.id'], name=op.f('fk_supervision_session_enrolment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_session'))
    )
    op.create_index('uq_supervision_session_day', 'supervision_session', ['enrolment_id', 'pattern_code', 'held_on'], unique=True, sqlite_where=UNTIL_SUPERSEDED, postgresql_where=UNTIL_SUPERSEDED)
    op.create_table('support_relationship',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('supporter_id', sa.Integer(), nullable=False),
    sa.Column('relationship_kind', sa.String(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=True),
    *superseded(),
    sa.CheckConstraint("last_day IS NULL OR last_day >= first_day", name=op.f('ck_support_relationship_ends_after_it_starts')),
    sa.CheckConstraint("relationship_kind IN ('assessor', 'principal_practitioner', 'practice_educator', 'mentor', 'buddy')", name=op.f('ck_support_relationship_of_a_known_kind')),
    sa.CheckConstraint("supporter_id <> person_id", name=op.f('ck_support_relationship_not_by_herself')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_support_relationship_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_support_relationship_person_id')),
    sa.ForeignKeyConstraint(['supporter_id'], ['person.id'], name=op.f('fk_support_relationship_supporter_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_relationship'))
    )
    op.create_index('ix_support_relationship_person', 'support_relationship', ['person_id'], unique=False)
    op.create_index('ix_support_relationship_supporter', 'support_relationship', ['supporter_id'], unique=False)
    op.create_index('uq_support_relationship_assessor', 'support_relationship', ['person_id'], unique=True, sqlite_where=sa.text("relationship_kind = 'assessor' AND last_day IS NULL AND superseded_at IS NULL"), postgresql_where=sa.text("relationship_kind = 'assessor' AND last_day IS NULL AND superseded_at IS NULL"))
    op.create_table('learning_set',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('led_by_id', sa.Integer(), nullable=True),
    sa.Column('recorded_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['led_by_id'], ['person.id'], name=op.f('fk_learning_set_led_by_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_learning_set_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_learning_set')),
    sa.UniqueConstraint('organisation_id', 'title', name=op.f('uq_learning_set_organisation_id_title'))
    )
    op.create_table('learning_set_member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('learning_set_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    *superseded(),
    sa.ForeignKeyConstraint(['learning_set_id'], ['learning_set.id'], name=op.f('fk_learning_set_member_learning_set_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_learning_set_member_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_learning_set_member'))
    )
    op.create_index('uq_learning_set_member_in_force', 'learning_set_member', ['learning_set_id', 'person_id'], unique=True, sqlite_where=UNTIL_SUPERSEDED, postgresql_where=UNTIL_SUPERSEDED)
    op.create_table('learning_set_meeting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('learning_set_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ends_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('place', sa.String(), nullable=False),
    sa.Column('cancelled_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('recorded_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("ends_at > starts_at", name=op.f('ck_learning_set_meeting_ends_after_it_starts')),
    sa.ForeignKeyConstraint(['learning_set_id'], ['learning_set.id'], name=op.f('fk_learning_set_meeting_learning_set_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_learning_set_meeting'))
    )
    op.create_index('uq_learning_set_meeting_start', 'learning_set_meeting', ['learning_set_id', 'starts_at'], unique=True, sqlite_where=sa.text("cancelled_at IS NULL"), postgresql_where=sa.text("cancelled_at IS NULL"))
    op.create_table('learning_set_attendance',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('attended', sa.Boolean(), nullable=False),
    *superseded(),
    sa.ForeignKeyConstraint(['meeting_id'], ['learning_set_meeting.id'], name=op.f('fk_learning_set_attendance_meeting_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_learning_set_attendance_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_learning_set_attendance'))
    )
    op.create_index('uq_learning_set_attendance_in_force', 'learning_set_attendance', ['meeting_id', 'person_id'], unique=True, sqlite_where=UNTIL_SUPERSEDED, postgresql_where=UNTIL_SUPERSEDED)
    if op.get_bind().dialect.name == 'sqlite':
        for table in APPEND_ONLY:
            for act in ('update', 'delete'):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    for table in APPEND_ONLY:
        op.execute(
            f'CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} '
            'FOR EACH ROW EXECUTE FUNCTION refuse_change()'
        )


def downgrade():
    op.drop_index('uq_learning_set_attendance_in_force', table_name='learning_set_attendance')
    op.drop_table('learning_set_attendance')
    op.drop_index('uq_learning_set_meeting_start', table_name='learning_set_meeting')
    op.drop_table('learning_set_meeting')
    op.drop_index('uq_learning_set_member_in_force', table_name='learning_set_member')
    op.drop_table('learning_set_member')
    op.drop_table('learning_set')
    op.drop_index('ix_support_relationship_person', table_name='support_relationship')
    op.drop_index('ix_support_relationship_supporter', table_name='support_relationship')
    op.drop_index('uq_support_relationship_assessor', table_name='support_relationship')
    op.drop_table('support_relationship')
    op.drop_index('uq_supervision_session_day', table_name='supervision_session')
    op.drop_table('supervision_session')
    op.drop_table('self_assessment_answer')
    op.drop_index('uq_self_assessment_in_force', table_name='self_assessment')
    op.drop_table('self_assessment')
    op.drop_table('agreement_signature')
    op.drop_index('uq_support_agreement_in_force', table_name='support_agreement')
    op.drop_table('support_agreement')
    op.drop_index('uq_review_point_in_force', table_name='review_point')
    op.drop_table('review_point')
    op.drop_index('uq_enrolment_ending_in_force', table_name='enrolment_ending')
    op.drop_table('enrolment_ending')
    op.drop_index('ix_programme_extension_enrolment', table_name='programme_extension')
    op.drop_table('programme_extension')
    op.drop_index('uq_pause_period_open', table_name='pause_period')
    op.drop_index('uq_pause_period_start', table_name='pause_period')
    op.drop_table('pause_period')
    op.drop_index('uq_enrolment_terms_in_force', table_name='enrolment_terms')
    op.drop_table('enrolment_terms')
    op.drop_index('ix_early_career_enrolment_organisation', table_name='early_career_enrolment')
    op.drop_index('ix_early_career_enrolment_person', table_name='early_career_enrolment')
    op.drop_index('uq_early_career_enrolment_live', table_name='early_career_enrolment')
    op.drop_table('early_career_enrolment')
    op.drop_table('cohort')
