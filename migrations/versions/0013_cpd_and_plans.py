"""the regulator's CPD record and development plans

Revision ID: 0013
Revises: 0012
"""
from alembic import op
import sqlalchemy as sa

import cpd.shared.database


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

APPEND_ONLY = ('plan_aim', 'learning_agreement', 'plan_review')
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
    op.create_table('cpd_record',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('cpd_type', sa.String(), nullable=False),
    sa.Column('description', sa.String(), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('learnt', sa.String(), nullable=False),
    sa.Column('impact', sa.String(), nullable=False),
    sa.Column('fingerprint', sa.String(), nullable=False),
    sa.Column('record_fact_id', sa.Integer(), nullable=True),
    *superseded(),
    sa.CheckConstraint('number > 0', name=op.f('ck_cpd_record_is_numbered')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_cpd_record_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_cpd_record_person_id')),
    sa.ForeignKeyConstraint(['record_fact_id'], ['record_fact.id'], name=op.f('fk_cpd_record_record_fact_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cpd_record'))
    )
    op.create_index('ix_cpd_record_organisation', 'cpd_record', ['organisation_id', 'happened_on'], unique=False)
    op.create_index('uq_cpd_record_fact', 'cpd_record', ['person_id', 'record_fact_id'], unique=True, sqlite_where=UNTIL_SUPERSEDED, postgresql_where=UNTIL_SUPERSEDED)
    op.create_index('uq_cpd_record_number', 'cpd_record', ['person_id', 'number'], unique=True, sqlite_where=UNTIL_SUPERSEDED, postgresql_where=UNTIL_SUPERSEDED)
    op.create_table('peer_reflection',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('peer', sa.String(), nullable=False),
    sa.Column('with_whom', sa.String(), nullable=False),
    sa.Column('discussed_on', sa.Date(), nullable=False),
    sa.Column('learnt', sa.String(), nullable=False),
    *superseded(),
    sa.CheckConstraint("learnt <> ''", name=op.f('ck_peer_reflection_says_what_was_learnt')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_peer_reflection_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_peer_reflection_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_peer_reflection'))
    )
    op.create_index('uq_peer_reflection_number', 'peer_reflection', ['person_id', 'number'], unique=True, sqlite_where=UNTIL_SUPERSEDED, postgresql_where=UNTIL_SUPERSEDED)
    op.create_table('cpd_sharing',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('shared_with_id', sa.Integer(), nullable=False),
    *superseded(),
    sa.CheckConstraint('shared_with_id <> person_id', name=op.f('ck_cpd_sharing_not_with_herself')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_cpd_sharing_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_cpd_sharing_person_id')),
    sa.ForeignKeyConstraint(['shared_with_id'], ['person.id'], name=op.f('fk_cpd_sharing_shared_with_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cpd_sharing'))
    )
    op.create_index('ix_cpd_sharing_reader', 'cpd_sharing', ['shared_with_id'], unique=False)
    op.create_index('uq_cpd_sharing_number', 'cpd_sharing', ['person_id', 'number'], unique=True, sqlite_where=UNTIL_SUPERSEDED, postgresql_where=UNTIL_SUPERSEDED)
    op.create_table('development_plan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('needs', sa.String(), nullable=False),
    sa.Column('support', sa.String(), nullable=False),
    sa.Column('written_on', sa.Date(), nullable=False),
    *superseded(),
    sa.CheckConstraint('version > 0', name=op.f('ck_development_plan_is_numbered')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_development_plan_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_development_plan_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_development_plan')),
    sa.UniqueConstraint('person_id', 'version', name=op.f('uq_development_plan_person_id_version'))
    )
    op.create_index('uq_development_plan_in_force', 'development_plan', ['person_id'], unique=True, sqlite_where=UNTIL_SUPERSEDED, postgresql_where=UNTIL_SUPERSEDED)
    op.create_table('plan_aim',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('development_plan_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('aim', sa.String(), nullable=False),
    sa.Column('target_on', sa.Date(), nullable=False),
    sa.Column('module_code', sa.String(), nullable=False),
    sa.Column('award_code', sa.String(), nullable=False),
    sa.Column('pcf_domains', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['development_plan_id'], ['development_plan.id'], name=op.f('fk_plan_aim_development_plan_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_aim')),
    sa.UniqueConstraint('development_plan_id', 'number', name=op.f('uq_plan_aim_development_plan_id_number'))
    )
    op.create_table('learning_agreement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('development_plan_id', sa.Integer(), nullable=False),
    sa.Column('party', sa.String(), nullable=False),
    sa.Column('agreed_by_id', sa.Integer(), nullable=False),
    sa.Column('agreed_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("party IN ('worker', 'manager')", name=op.f('ck_learning_agreement_of_a_known_party')),
    sa.ForeignKeyConstraint(['agreed_by_id'], ['person.id'], name=op.f('fk_learning_agreement_agreed_by_id')),
    sa.ForeignKeyConstraint(['development_plan_id'], ['development_plan.id'], name=op.f('fk_learning_agreement_development_plan_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_learning_agreement_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_learning_agreement')),
    sa.UniqueConstraint('development_plan_id', 'agreed_by_id', name=op.f('uq_learning_agreement_development_plan_id_agreed_by_id')),
    sa.UniqueConstraint('development_plan_id', 'party', name=op.f('uq_learning_agreement_development_plan_id_party'))
    )
    op.create_table('aim_progress',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('aim_number', sa.Integer(), nullable=False),
    sa.Column('progress', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('said_on', sa.Date(), nullable=False),
    *superseded(),
    sa.CheckConstraint("progress IN ('not_begun', 'begun', 'reached')", name=op.f('ck_aim_progress_of_a_known_kind')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_aim_progress_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_aim_progress_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_aim_progress'))
    )
    op.create_index('uq_aim_progress_in_force', 'aim_progress', ['person_id', 'aim_number'], unique=True, sqlite_where=UNTIL_SUPERSEDED, postgresql_where=UNTIL_SUPERSEDED)
    op.create_table('plan_review',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('development_plan_id', sa.Integer(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('notes', sa.String(), nullable=False),
    sa.Column('recorded_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("notes <> ''", name=op.f('ck_plan_review_says_something')),
    sa.ForeignKeyConstraint(['development_plan_id'], ['development_plan.id'], name=op.f('fk_plan_review_development_plan_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_plan_review_organisation_id')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['person.id'], name=op.f('fk_plan_review_recorded_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_review'))
    )
    op.create_index('ix_plan_review_plan', 'plan_review', ['development_plan_id'], unique=False)
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
    op.drop_index('ix_plan_review_plan', table_name='plan_review')
    op.drop_table('plan_review')
    op.drop_index('uq_aim_progress_in_force', table_name='aim_progress')
    op.drop_table('aim_progress')
    op.drop_table('learning_agreement')
    op.drop_table('plan_aim')
    op.drop_index('uq_development_plan_in_force', table_name='development_plan')
    op.drop_table('development_plan')
    op.drop_index('uq_cpd_sharing_number', table_name='cpd_sharing')
    op.drop_index('ix_cpd_sharing_reader', table_name='cpd_sharing')
    op.drop_table('cpd_sharing')
    op.drop_index('uq_peer_reflection_number', table_name='peer_reflection')
    op.drop_table('peer_reflection')
    op.drop_index('uq_cpd_record_number', table_name='cpd_record')
    op.drop_index('uq_cpd_record_fact', table_name='cpd_record')
    op.drop_index('ix_cpd_record_organisation', table_name='cpd_record')
    op.drop_table('cpd_record')
