-- From version 3 to version 4: the language of pages; messages that end with their jobs.

CREATE TABLE languages(
  user_id  BLOB PRIMARY KEY NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  language TEXT NOT NULL CHECK(language IN ('en', 'de'))
) STRICT, WITHOUT ROWID;

-- Webhooks: a message ends with its job. Those whose job is over already end now.
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
