-- From version 3 to version 4: the language of pages, mail, and messages that end with their jobs.

CREATE TABLE languages(
  user_id  BLOB PRIMARY KEY NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  language TEXT NOT NULL CHECK(language IN ('en', 'de'))
) STRICT, WITHOUT ROWID;

-- Mail.

CREATE TABLE mails(
  id          BLOB PRIMARY KEY NOT NULL CHECK(length(id) = 16),
  share_id    BLOB UNIQUE REFERENCES shares(id) ON DELETE SET NULL,
  user_id     BLOB NOT NULL CHECK(length(user_id) = 16),
  price       INTEGER NOT NULL CHECK(price BETWEEN 0 AND 1000000000000),
  charge_id   BLOB UNIQUE REFERENCES credit_transfers(id) ON DELETE RESTRICT,
  state       TEXT NOT NULL DEFAULT 'queued' CHECK(state IN ('queued', 'sent', 'failed', 'cancelled')),
  error       TEXT CHECK(length(error) <= 200),
  created_ms  INTEGER NOT NULL,
  finished_ms INTEGER CHECK((finished_ms IS NULL) = (state = 'queued')),
  given_back  BLOB GENERATED ALWAYS AS (CASE WHEN state IN ('failed', 'cancelled') THEN charge_id END) STORED
              REFERENCES credit_transfers(reverses_id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED,
  CHECK((price > 0) = (charge_id IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX mails_orphaned ON mails(finished_ms) WHERE share_id IS NULL AND finished_ms IS NOT NULL;
CREATE INDEX mails_given_back ON mails(given_back) WHERE given_back IS NOT NULL;
CREATE TRIGGER mails_begin_with_a_job BEFORE INSERT ON mails
WHEN NOT EXISTS(SELECT 1 FROM jobs WHERE id = NEW.id AND queue = 'cardinal-mail' AND state = 'available')
BEGIN SELECT RAISE(ABORT, 'mails.id'); END;
CREATE TRIGGER mails_follow_their_jobs AFTER UPDATE OF state ON jobs
WHEN NEW.queue = 'cardinal-mail' AND NEW.state IS NOT OLD.state
BEGIN
  UPDATE mails SET finished_ms = NEW.finished_ms, state = CASE NEW.state
    WHEN 'completed' THEN 'sent' WHEN 'dead' THEN 'failed' WHEN 'cancelled' THEN 'cancelled' ELSE 'queued' END
  WHERE id = NEW.id;
END;
CREATE TRIGGER mails_are_sent_once BEFORE UPDATE OF state ON mails
WHEN OLD.state = 'sent' BEGIN SELECT RAISE(ABORT, 'mails.state'); END;

-- Webhooks: the program's own queues have names that nobody else takes. A message ends with its job. Those whose job is over already end now.
UPDATE jobs SET queue = 'cardinal-webhooks' WHERE queue = 'webhooks' AND kind = 'webhook.deliver';
UPDATE deliveries SET state = 'failed', error = coalesce(error, 'it was given up'),
  finished_ms = CAST(unixepoch('subsec') * 1000 AS INTEGER)
WHERE state = 'pending'
  AND NOT EXISTS(SELECT 1 FROM jobs WHERE id = job_id AND state IN ('available', 'running'));
CREATE UNIQUE INDEX deliveries_job ON deliveries(job_id) WHERE state = 'pending';
-- A message is on its way only as long as its job is open: also where the job was given up because nobody came back
-- from its last attempt, or was ended by hand, or because its endpoint was ended meanwhile.
CREATE TRIGGER jobs_end_their_deliveries AFTER UPDATE OF state ON jobs
WHEN NEW.finished_ms IS NOT NULL AND OLD.finished_ms IS NULL AND NEW.kind = 'webhook.deliver'
BEGIN
  UPDATE deliveries SET state = 'failed', error = coalesce(error, 'it was given up'), finished_ms = NEW.finished_ms
  WHERE job_id = NEW.id AND state = 'pending';
END;
