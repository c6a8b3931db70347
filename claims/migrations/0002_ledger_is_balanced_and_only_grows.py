"""The books balance at every commit, and their lines are added and never changed."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION ledger_posting_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_entries e
               WHERE e.ledger = NEW.ledger AND e.posting = NEW.posting
               GROUP BY e.currency HAVING sum(e.amount) <> 0) THEN
        RAISE EXCEPTION 'the lines of posting % of ledger % do not sum to zero', NEW.posting, NEW.ledger
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_postings_sum_to_zero';
    END IF;
    IF EXISTS (SELECT 1 FROM ledger_entries e
               WHERE e.ledger = NEW.ledger AND e.account <> NEW.account) THEN
        RAISE EXCEPTION 'ledger % belongs to one account: credit is never transferred', NEW.ledger
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_lines_stay_in_their_account';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ledger_postings_sum_to_zero
    AFTER INSERT ON ledger_entries DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION ledger_posting_balances();

-- Only a replay, which builds the lines anew from the log, may empty the table.
CREATE FUNCTION ledger_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('makegood.replaying', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a ledger entry is never changed or removed, only reversed by another one'
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER ledger_entries_never_change
    BEFORE UPDATE OR DELETE ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION ledger_only_grows();

CREATE TRIGGER ledger_entries_never_emptied
    BEFORE TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows();
"""

UNGUARDED = """
DROP TRIGGER ledger_entries_never_emptied ON ledger_entries;
DROP TRIGGER ledger_entries_never_change ON ledger_entries;
DROP TRIGGER ledger_postings_sum_to_zero ON ledger_entries;
DROP FUNCTION ledger_only_grows();
DROP FUNCTION ledger_posting_balances();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_months_claims_and_credit")]

    operations = [migrations.RunSQL(GUARDS, UNGUARDED)]
