"""documents and seals

Revision ID: 0020
Revises: 0019
"""
from alembic import op
import sqlalchemy as sa

import cpd.shared.database


revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

APPEND_ONLY = ('audit_seal', 'signing_key')
FROZEN = ('decision_document',)
NEVER_EMPTIED = ('audit_event', 'audit_seal')


def upgrade():
    op.create_table('audit_seal',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('first_id', sa.Integer(), nullable=False),
    sa.Column('last_id', sa.Integer(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('marks', sa.Text(), nullable=False),
    sa.Column('rows_hash', sa.String(), nullable=False),
    sa.Column('previous_hash', sa.String(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.Column('sealed_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('id > 0 AND count > 0 AND first_id <= last_id', name=op.f('ck_audit_seal_names_entries')),
    sa.CheckConstraint('length(hash) = 64 AND length(rows_hash) = 64', name=op.f('ck_audit_seal_has_hashes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_seal')),
    sa.UniqueConstraint('hash', name=op.f('uq_audit_seal_hash')),
    sa.UniqueConstraint('previous_hash', name=op.f('uq_audit_seal_previous_hash'))
    )
    op.create_table('signing_key',
    sa.Column('fingerprint', sa.String(), nullable=False),
    sa.Column('public_key', sa.String(), nullable=False),
    sa.Column('first_used_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('length(fingerprint) = 64', name=op.f('ck_signing_key_is_named_by_a_hash')),
    sa.PrimaryKeyConstraint('fingerprint', name=op.f('pk_signing_key'))
    )
    op.create_table('decision_document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('occasion', sa.String(), nullable=False),
    sa.Column('panel_case_id', sa.Integer(), nullable=True),
    sa.Column('progression_request_id', sa.Integer(), nullable=True),
    sa.Column('replaces_id', sa.Integer(), nullable=True),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('content_hash', sa.String(), nullable=False),
    sa.Column('key_fingerprint', sa.String(), nullable=False),
    sa.Column('signature', sa.String(), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.Column('made_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("occasion IN ('panel', 'request')", name=op.f('ck_decision_document_of_a_known_occasion')),
    sa.CheckConstraint("(occasion = 'panel') = (panel_case_id IS NOT NULL)", name=op.f('ck_decision_document_of_a_case')),
    sa.CheckConstraint("occasion = 'panel' OR progression_request_id IS NOT NULL", name=op.f('ck_decision_document_of_a_request')),
    sa.CheckConstraint('length(content_hash) = 64', name=op.f('ck_decision_document_has_a_hash')),
    sa.CheckConstraint('replaces_id < id', name=op.f('ck_decision_document_replaces_an_earlier_one')),
    sa.ForeignKeyConstraint(['key_fingerprint'], ['signing_key.fingerprint'], name=op.f('fk_decision_document_key_fingerprint')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_decision_document_organisation_id')),
    sa.ForeignKeyConstraint(['panel_case_id'], ['panel_case.id'], name=op.f('fk_decision_document_panel_case_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_decision_document_person_id')),
    sa.ForeignKeyConstraint(['progression_request_id'], ['progression_request.id'], name=op.f('fk_decision_document_progression_request_id')),
    sa.ForeignKeyConstraint(['replaces_id'], ['decision_document.id'], name=op.f('fk_decision_document_replaces_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision_document')),
    sa.UniqueConstraint('replaces_id', name=op.f('uq_decision_document_replaces_id'))
    )
    op.create_index('ix_decision_document_organisation', 'decision_document', ['organisation_id', 'made_on'], unique=False)
    op.create_index('ix_decision_document_person', 'decision_document', ['person_id'], unique=False)
    op.create_index('uq_decision_document_first_of_case', 'decision_document', ['panel_case_id'], unique=True, sqlite_where=FIRST_OF_CASE, postgresql_where=FIRST_OF_CASE)
    op.create_index('uq_decision_document_first_of_request', 'decision_document', ['progression_request_id'], unique=True, sqlite_where=FIRST_OF_REQUEST, postgresql_where=FIRST_OF_REQUEST)
    if op.get_bind().dialect.name == 'sqlite':
        for table in APPEND_ONLY + FROZEN:
            _refuse_on_sqlite(table, 'update')
        for table in APPEND_ONLY:
            _refuse_on_sqlite(table, 'delete')
        return
    for table in APPEND_ONLY:
        _refuse_on_postgresql(table, 'no_change', 'UPDATE OR DELETE', 'ROW')
    for table in FROZEN:
        _refuse_on_postgresql(table, 'no_change', 'UPDATE', 'ROW')
    for table in NEVER_EMPTIED:
        _refuse_on_postgresql(table, 'no_truncate', 'TRUNCATE', 'STATEMENT')


FIRST_OF_CASE = sa.text("occasion = 'panel' AND replaces_id IS NULL")
FIRST_OF_REQUEST = sa.text("occasion = 'request' AND replaces_id IS NULL")


def _refuse_on_sqlite(table, act):
    op.execute(
        f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _refuse_on_postgresql(table, name, acts, each):
    op.execute(
        f'CREATE TRIGGER {table}_{name} BEFORE {acts} ON {table} FOR EACH {each} EXECUTE FUNCTION refuse_change()'
    )


def downgrade():
    if op.get_bind().dialect.name != 'sqlite':
        op.execute('DROP TRIGGER audit_event_no_truncate ON audit_event')
    op.drop_index('uq_decision_document_first_of_request', table_name='decision_document', sqlite_where=FIRST_OF_REQUEST, postgresql_where=FIRST_OF_REQUEST)
    op.drop_index('uq_decision_document_first_of_case', table_name='decision_document', sqlite_where=FIRST_OF_CASE, postgresql_where=FIRST_OF_CASE)
    op.drop_index('ix_decision_document_person', table_name='decision_document')
    op.drop_index('ix_decision_document_organisation', table_name='decision_document')
    op.drop_table('decision_document')
    op.drop_table('signing_key')
    op.drop_table('audit_seal')
