"""progression requests

Revision ID: 0017
Revises: 0016
"""
from alembic import op
import sqlalchemy as sa

import cpd.shared.database


revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

LIVE = sa.text("status = 'open'")
IN_FORCE = sa.text('superseded_at IS NULL')


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


def key(table, column, of):
    return sa.ForeignKeyConstraint([column], [f'{of}.id'], name=op.f(f'fk_{table}_{column}'))


def check(table, name, condition):
    return sa.CheckConstraint(condition, name=op.f(f'ck_{table}_{name}'))


def upgrade():
    op.create_table('vacancy',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('service', sa.String(), nullable=False),
    sa.Column('career_level', sa.String(), nullable=False),
    sa.Column('fte_thousandths', sa.Integer(), nullable=False),
    sa.Column('open_from', sa.Date(), nullable=False),
    sa.Column('open_until', sa.Date(), nullable=True),
    sa.Column('how_to_apply', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('opened_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('opened_by_id', sa.Integer(), nullable=True),
    sa.Column('closed_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('closed_by_id', sa.Integer(), nullable=True),
    sa.Column('closed_reason', sa.String(), nullable=False),
    sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_vacancy_closed_at_a_time')),
    sa.CheckConstraint("status <> 'closed' OR closed_reason <> ''", name=op.f('ck_vacancy_closed_for_a_reason')),
    sa.CheckConstraint("status IN ('open', 'filled', 'closed')", name=op.f('ck_vacancy_of_a_known_status')),
    sa.CheckConstraint('fte_thousandths > 0 AND fte_thousandths <= 1000', name=op.f('ck_vacancy_part_of_a_post')),
    sa.CheckConstraint('open_until IS NULL OR open_until >= open_from', name=op.f('ck_vacancy_ends_after_it_begins')),
    sa.ForeignKeyConstraint(['closed_by_id'], ['person.id'], name=op.f('fk_vacancy_closed_by_id')),
    sa.ForeignKeyConstraint(['opened_by_id'], ['person.id'], name=op.f('fk_vacancy_opened_by_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_vacancy_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vacancy'))
    )
    op.create_index('ix_vacancy_organisation', 'vacancy', ['organisation_id', 'status', 'career_level'], unique=False)
    op.create_table('progression_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('request_kind', sa.String(), nullable=False),
    sa.Column('transition_code', sa.String(), nullable=False),
    sa.Column('transition_mode', sa.String(), nullable=False),
    sa.Column('pathway_code', sa.String(), nullable=False),
    sa.Column('from_level', sa.String(), nullable=False),
    sa.Column('to_level', sa.String(), nullable=False),
    sa.Column('scheme_version_id', sa.Integer(), nullable=False),
    sa.Column('vacancy_id', sa.Integer(), nullable=True),
    sa.Column('reverses_id', sa.Integer(), nullable=True),
    sa.Column('again_of_id', sa.Integer(), nullable=True),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('standing', sa.JSON(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    moment('requested_at', nullable=False),
    sa.Column('requested_by_id', sa.Integer(), nullable=True),
    moment('ended_at'),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.Column('reasons', sa.String(), nullable=False),
    sa.Column('support_plan', sa.String(), nullable=False),
    sa.Column('review_on', sa.Date(), nullable=True),
    check('progression_request', 'of_a_known_kind', "request_kind IN ('progression', 'reversal')"),
    check('progression_request', 'stands_somehow', "status IN ('open', 'enacted', 'refused', 'not_yet', 'withdrawn')"),
    check('progression_request', 'ended_or_open', "(status = 'open') = (ended_at IS NULL)"),
    check('progression_request', 'reverses_something', "(request_kind = 'reversal') = (reverses_id IS NOT NULL)"),
    check('progression_request', 'refused_for_reasons', "status NOT IN ('refused', 'not_yet') OR reasons <> ''"),
    check('progression_request', 'not_yet_has_a_review', "status <> 'not_yet' OR review_on IS NOT NULL"),
    key('progression_request', 'organisation_id', 'organisation'),
    key('progression_request', 'person_id', 'person'),
    key('progression_request', 'scheme_version_id', 'scheme_version'),
    key('progression_request', 'reverses_id', 'progression_request'),
    key('progression_request', 'again_of_id', 'progression_request'),
    key('progression_request', 'requested_by_id', 'person'),
    key('progression_request', 'ended_by_id', 'person'),
    key('progression_request', 'vacancy_id', 'vacancy'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_progression_request'))
    )
    with op.batch_alter_table('progression_request', schema=None) as batch_op:
        batch_op.create_index('uq_progression_request_live', ['person_id', 'transition_code'], unique=True, sqlite_where=LIVE, postgresql_where=LIVE)
        batch_op.create_index('ix_progression_request_organisation', ['organisation_id', 'status'], unique=False)
        batch_op.create_index('ix_progression_request_person', ['person_id'], unique=False)

    op.create_table('progression_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('step_kind', sa.String(), nullable=False),
    sa.Column('panel_code', sa.String(), nullable=True),
    sa.Column('role', sa.String(), nullable=True),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    moment('opened_at'),
    moment('closed_at'),
    sa.Column('case_id', sa.Integer(), nullable=True),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('reasons', sa.String(), nullable=False),
    check('progression_step', 'of_a_known_kind', "step_kind IN ('panel', 'approval', 'enactment')"),
    check('progression_step', 'stands_somehow', "status IN ('ahead', 'open', 'done', 'against')"),
    check('progression_step', 'panel_is_named', "(step_kind = 'panel') = (panel_code IS NOT NULL)"),
    check('progression_step', 'role_is_named', "(step_kind = 'panel') = (role IS NULL)"),
    check('progression_step', 'opened_once_it_is_its_turn', "(status = 'ahead') = (opened_at IS NULL)"),
    check('progression_step', 'closed_once_decided', "(status IN ('done', 'against')) = (closed_at IS NOT NULL)"),
    key('progression_step', 'request_id', 'progression_request'),
    key('progression_step', 'organisation_id', 'organisation'),
    key('progression_step', 'case_id', 'panel_case'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_progression_step')),
    sa.UniqueConstraint('request_id', 'place', name=op.f('uq_progression_step_request_id_place'))
    )
    with op.batch_alter_table('progression_step', schema=None) as batch_op:
        batch_op.create_index('uq_progression_step_open', ['request_id'], unique=True, sqlite_where=LIVE, postgresql_where=LIVE)
        batch_op.create_index('ix_progression_step_queue', ['organisation_id', 'status', 'role'], unique=False)
        batch_op.create_index('ix_progression_step_case', ['case_id'], unique=False)

    op.create_table('approval_cover',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('holder_id', sa.Integer(), nullable=False),
    sa.Column('covered_by_id', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    *superseded(),
    check('approval_cover', 'ends_after_it_starts', 'last_day >= first_day'),
    check('approval_cover', 'covered_by_somebody_else', 'covered_by_id <> holder_id'),
    check('approval_cover', 'named_for_a_reason', "reason <> ''"),
    key('approval_cover', 'organisation_id', 'organisation'),
    key('approval_cover', 'holder_id', 'person'),
    key('approval_cover', 'covered_by_id', 'person'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_cover'))
    )
    with op.batch_alter_table('approval_cover', schema=None) as batch_op:
        batch_op.create_index('ix_approval_cover_organisation', ['organisation_id', 'role'], unique=False)
        batch_op.create_index('ix_approval_cover_covered_by', ['covered_by_id'], unique=False)

    op.create_table('approval',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('step_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('approver_role', sa.String(), nullable=False),
    sa.Column('approved', sa.Boolean(), nullable=False),
    sa.Column('reasons', sa.String(), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=False),
    moment('decided_at', nullable=False),
    sa.Column('cover_id', sa.Integer(), nullable=True),
    sa.Column('in_place_of_id', sa.Integer(), nullable=True),
    sa.Column('fact_id', sa.Integer(), nullable=True),
    *superseded(),
    check('approval', 'decided_for_reasons', "reasons <> ''"),
    check('approval', 'not_decided_by_herself', 'decided_by_id <> person_id'),
    check('approval', 'in_place_of_somebody', '(cover_id IS NULL) = (in_place_of_id IS NULL)'),
    key('approval', 'organisation_id', 'organisation'),
    key('approval', 'request_id', 'progression_request'),
    key('approval', 'step_id', 'progression_step'),
    key('approval', 'person_id', 'person'),
    key('approval', 'decided_by_id', 'person'),
    key('approval', 'cover_id', 'approval_cover'),
    key('approval', 'in_place_of_id', 'person'),
    key('approval', 'fact_id', 'record_fact'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval'))
    )
    with op.batch_alter_table('approval', schema=None) as batch_op:
        batch_op.create_index('uq_approval_live', ['step_id'], unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE)
        batch_op.create_index('ix_approval_request', ['request_id'], unique=False)
        batch_op.create_index('ix_approval_decided_by', ['decided_by_id'], unique=False)

    op.create_table('enactment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('transition_code', sa.String(), nullable=False),
    sa.Column('from_level', sa.String(), nullable=False),
    sa.Column('from_grade', sa.String(), nullable=False),
    sa.Column('to_level', sa.String(), nullable=False),
    sa.Column('to_grade', sa.String(), nullable=False),
    sa.Column('fte', sa.Numeric(precision=4, scale=3), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('vacancy_id', sa.Integer(), nullable=True),
    sa.Column('reverses_id', sa.Integer(), nullable=True),
    sa.Column('reasons', sa.String(), nullable=False),
    moment('enacted_at', nullable=False),
    sa.Column('enacted_by_id', sa.Integer(), nullable=False),
    sa.Column('cover_id', sa.Integer(), nullable=True),
    sa.Column('in_place_of_id', sa.Integer(), nullable=True),
    check('enactment', 'not_enacted_by_herself', 'enacted_by_id <> person_id'),
    check('enactment', 'changes_something', 'from_level <> to_level'),
    check('enactment', 'of_some_time', 'fte > 0'),
    check('enactment', 'in_place_of_somebody', '(cover_id IS NULL) = (in_place_of_id IS NULL)'),
    key('enactment', 'organisation_id', 'organisation'),
    key('enactment', 'request_id', 'progression_request'),
    key('enactment', 'person_id', 'person'),
    key('enactment', 'post_id', 'post'),
    key('enactment', 'vacancy_id', 'vacancy'),
    key('enactment', 'reverses_id', 'enactment'),
    key('enactment', 'enacted_by_id', 'person'),
    key('enactment', 'cover_id', 'approval_cover'),
    key('enactment', 'in_place_of_id', 'person'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enactment')),
    sa.UniqueConstraint('request_id', name=op.f('uq_enactment_request_id')),
    sa.UniqueConstraint('reverses_id', name=op.f('uq_enactment_reverses_id'))
    )
    with op.batch_alter_table('enactment', schema=None) as batch_op:
        batch_op.create_index('ix_enactment_person', ['person_id'], unique=False)
        batch_op.create_index('ix_enactment_organisation', ['organisation_id', 'enacted_at'], unique=False)

    op.create_table('decision_letter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('result', sa.String(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    moment('made_at', nullable=False),
    sa.Column('appeal_until', sa.Date(), nullable=True),
    check('decision_letter', 'of_a_known_result', "result IN ('enacted', 'refused', 'not_yet')"),
    check('decision_letter', 'whole_fingerprint', 'length(sha256) = 64'),
    key('decision_letter', 'organisation_id', 'organisation'),
    key('decision_letter', 'request_id', 'progression_request'),
    key('decision_letter', 'person_id', 'person'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision_letter')),
    sa.UniqueConstraint('request_id', 'number', name=op.f('uq_decision_letter_request_id_number'))
    )
    with op.batch_alter_table('decision_letter', schema=None) as batch_op:
        batch_op.create_index('ix_decision_letter_person', ['person_id'], unique=False)

    op.create_table('raising_day',
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('looked_on', sa.Date(), nullable=False),
    key('raising_day', 'organisation_id', 'organisation'),
    sa.PrimaryKeyConstraint('organisation_id', name=op.f('pk_raising_day'))
    )


def downgrade():
    for table in ('raising_day', 'decision_letter', 'enactment', 'approval', 'approval_cover', 'progression_step', 'progression_request'):
        op.drop_table(table)
    op.drop_index('ix_vacancy_organisation', table_name='vacancy')
    op.drop_table('vacancy')
