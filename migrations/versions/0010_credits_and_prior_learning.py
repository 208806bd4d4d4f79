"""credits, in a ledger that nobody can change, and the claims for prior learning

Revision ID: 0010
Revises: 0009
"""
from alembic import op
import sqlalchemy as sa

import cpd.shared.database


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

IS_OPEN = sa.text("claim_status IN ('draft', 'ready', 'submitted')")


def upgrade():
    op.create_table('prior_learning_claim',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('kind_title', sa.String(), nullable=False),
    sa.Column('claim_type', sa.String(), nullable=False),
    sa.Column('activity', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('module_code', sa.String(), nullable=False),
    sa.Column('provider', sa.String(), nullable=False),
    sa.Column('learning_ended_on', sa.Date(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('kept_current', sa.String(), nullable=False),
    sa.Column('link', sa.String(), nullable=False),
    sa.Column('stored_as', sa.String(), nullable=True),
    sa.Column('filename', sa.String(), nullable=True),
    sa.Column('media_type', sa.String(), nullable=True),
    sa.Column('size', sa.Integer(), nullable=True),
    sa.Column('claim_status', sa.String(), nullable=False),
    sa.Column('sends', sa.Integer(), nullable=False),
    sa.Column('begun_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('changed_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('university', sa.String(), nullable=False),
    sa.Column('submitted_on', sa.Date(), nullable=True),
    sa.Column('decision_expected_on', sa.Date(), nullable=True),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('answer', sa.String(), nullable=False),
    sa.CheckConstraint("(stored_as IS NULL) = (filename IS NULL)", name=op.f('ck_prior_learning_claim_file_has_a_name')),
    sa.CheckConstraint(
        "claim_status IN ('draft', 'ready', 'submitted', 'awarded', 'refused', 'withdrawn')",
        name=op.f('ck_prior_learning_claim_known_status'),
    ),
    sa.CheckConstraint(
        "claim_status NOT IN ('submitted', 'awarded', 'refused') OR submitted_on IS NOT NULL",
        name=op.f('ck_prior_learning_claim_was_submitted'),
    ),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_prior_learning_claim_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_prior_learning_claim_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_prior_learning_claim')),
    sa.UniqueConstraint('stored_as', name=op.f('uq_prior_learning_claim_stored_as'))
    )
    op.create_index(
        'uq_prior_learning_claim_open', 'prior_learning_claim', ['person_id', 'activity'],
        unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN,
    )
    op.create_index('ix_prior_learning_claim_person', 'prior_learning_claim', ['person_id'], unique=False)
    op.create_index('ix_prior_learning_claim_status', 'prior_learning_claim', ['organisation_id', 'claim_status'], unique=False)
    op.create_table('credit_award',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('activity', sa.String(), nullable=False),
    sa.Column('entry_number', sa.Integer(), nullable=False),
    sa.Column('supersedes_id', sa.Integer(), nullable=True),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('earned_by', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('credits', sa.Numeric(precision=8, scale=2), nullable=False),
    sa.Column('academic_level', sa.Integer(), nullable=False),
    sa.Column('university', sa.String(), nullable=False),
    sa.Column('board_on', sa.Date(), nullable=False),
    sa.Column('credit_status', sa.String(), nullable=False),
    sa.Column('learning_ended_on', sa.Date(), nullable=True),
    sa.Column('claim_id', sa.Integer(), nullable=True),
    sa.Column('entered_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.CheckConstraint("(entry_number = 1) = (supersedes_id IS NULL)", name=op.f('ck_credit_award_chain_begins')),
    sa.CheckConstraint("entry_number >= 1", name=op.f('ck_credit_award_numbered_from_1')),
    sa.CheckConstraint("credits > 0", name=op.f('ck_credit_award_has_credits')),
    sa.CheckConstraint("academic_level BETWEEN 1 AND 8", name=op.f('ck_credit_award_has_level')),
    sa.CheckConstraint(
        "credit_status IN ('expected', 'awarded', 'refused', 'withdrawn')", name=op.f('ck_credit_award_known_status')
    ),
    sa.ForeignKeyConstraint(['claim_id'], ['prior_learning_claim.id'], name=op.f('fk_credit_award_claim_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_credit_award_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_credit_award_person_id')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['person.id'], name=op.f('fk_credit_award_recorded_by_id')),
    sa.ForeignKeyConstraint(['supersedes_id'], ['credit_award.id'], name=op.f('fk_credit_award_supersedes_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_credit_award')),
    sa.UniqueConstraint('person_id', 'activity', 'entry_number', name='uq_credit_award_chain'),
    sa.UniqueConstraint('supersedes_id', name=op.f('uq_credit_award_supersedes_id'))
    )
    op.create_index('ix_credit_award_source', 'credit_award', ['organisation_id', 'source'], unique=False)
    op.create_index('ix_credit_award_claim', 'credit_award', ['claim_id'], unique=False)
    if op.get_bind().dialect.name == 'sqlite':
        for act in ('update', 'delete'):
            op.execute(
                f"CREATE TRIGGER credit_award_no_{act} BEFORE {act.upper()} ON credit_award "
                "BEGIN SELECT RAISE(ABORT, 'credit_award is append-only'); END"
            )
        return
    op.execute(
        'CREATE TRIGGER credit_award_no_change BEFORE UPDATE OR DELETE ON credit_award '
        'FOR EACH ROW EXECUTE FUNCTION refuse_change()'
    )


def downgrade():
    op.drop_table('credit_award')
    op.drop_table('prior_learning_claim')
