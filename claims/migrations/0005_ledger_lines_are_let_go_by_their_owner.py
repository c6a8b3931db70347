"""Only the login that owns the ledger's lines lets a replay remove them, and what is removed leaves no part of a posting."""

from django.db import migrations

# Tables of the session come last, so that none of them takes the place of the ledger.
GUARDS = """
CREATE OR REPLACE FUNCTION ledger_posting_balances() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE v_line ledger_entries%ROWTYPE;
BEGIN
    v_line := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    IF EXISTS (SELECT 1 FROM ledger_entries e
               WHERE e.ledger = v_line.ledger AND e.posting = v_line.posting
               GROUP BY e.currency HAVING sum(e.amount) <> 0) THEN
        RAISE EXCEPTION 'the lines of posting % of ledger % do not sum to zero', v_line.posting, v_line.ledger
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_postings_sum_to_zero';
    END IF;
    IF EXISTS (SELECT 1 FROM ledger_entries e
               WHERE e.ledger = v_line.ledger AND e.account <> v_line.account) THEN
        RAISE EXCEPTION 'ledger % belongs to one account: credit is never transferred', v_line.ledger
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_lines_stay_in_their_account';
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER ledger_postings_sum_to_zero ON ledger_entries;
CREATE CONSTRAINT TRIGGER ledger_postings_sum_to_zero
    AFTER INSERT OR DELETE ON ledger_entries DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION ledger_posting_balances();

-- A replay builds the lines anew from the log; it removes them as their owner, and says so.
CREATE OR REPLACE FUNCTION ledger_only_grows() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('makegood.replaying', true) = 'on'
       AND (SELECT pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class WHERE oid = TG_RELID) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a ledger entry is never changed or removed, only reversed by another one'
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""

AS_BEFORE = """
CREATE OR REPLACE FUNCTION ledger_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('makegood.replaying', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a ledger entry is never changed or removed, only reversed by another one'
        USING ERRCODE = 'insufficient_privilege';
END $$;

DROP TRIGGER ledger_postings_sum_to_zero ON ledger_entries;
CREATE CONSTRAINT TRIGGER ledger_postings_sum_to_zero
    AFTER INSERT ON ledger_entries DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION ledger_posting_balances();

CREATE OR REPLACE FUNCTION ledger_posting_balances() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0004_contests_left_by_an_approval")]

    operations = [migrations.RunSQL(GUARDS, AS_BEFORE)]
