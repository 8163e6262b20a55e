-- From version 2 to version 3: credits, webhooks, jobs, leads, shares.

CREATE TABLE credit_accounts(
  id     BLOB PRIMARY KEY NOT NULL CHECK(length(id) = 16),
  kind   TEXT NOT NULL CHECK(kind IN ('user', 'issuance', 'revenue')),
  posted INTEGER NOT NULL DEFAULT 0 CHECK(posted BETWEEN -9007199254740991 AND 9007199254740991),
  held   INTEGER NOT NULL DEFAULT 0 CHECK(held >= 0 AND (kind = 'user' OR held = 0)),
  moves  INTEGER NOT NULL DEFAULT 0 CHECK(moves >= 0),
  CHECK(kind <> 'user' OR posted - held >= 0)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER credit_accounts_stay BEFORE DELETE ON credit_accounts
BEGIN SELECT RAISE(ABORT, 'credit_accounts'); END;
INSERT INTO credit_accounts(id, kind) VALUES
  (x'00000000000000000000000000000001', 'issuance'), (x'00000000000000000000000000000002', 'revenue');
CREATE TABLE credit_transfers(
  id              BLOB PRIMARY KEY NOT NULL CHECK(length(id) = 16),
  account_id      BLOB NOT NULL REFERENCES credit_accounts(id) ON DELETE RESTRICT,
  seq             INTEGER NOT NULL CHECK(seq >= 1),
  kind            TEXT NOT NULL CHECK(kind IN
                  ('grant', 'charge', 'reservation', 'capture', 'void', 'expiry', 'reversal')),
  debit_id        BLOB NOT NULL REFERENCES credit_accounts(id) ON DELETE RESTRICT,
  credit_id       BLOB NOT NULL REFERENCES credit_accounts(id) ON DELETE RESTRICT,
  amount          INTEGER NOT NULL CHECK(amount BETWEEN 1 AND 1000000000000),
  reason          TEXT NOT NULL CHECK(reason IN
                  ('purchase', 'promotion', 'refund', 'adjustment', 'feature', 'other')),
  memo            TEXT NOT NULL DEFAULT '' CHECK(length(memo) <= 500),
  balance_after   INTEGER NOT NULL CHECK(balance_after >= 0),
  created_ms      INTEGER NOT NULL,
  expires_ms      INTEGER CHECK((expires_ms IS NOT NULL) = (kind = 'reservation')),
  resolves_id     BLOB REFERENCES credit_transfers(id) ON DELETE RESTRICT
                  CHECK((resolves_id IS NOT NULL) = (kind IN ('capture', 'void', 'expiry'))),
  reverses_id     BLOB UNIQUE REFERENCES credit_transfers(id) ON DELETE RESTRICT
                  CHECK((reverses_id IS NOT NULL) = (kind = 'reversal')),
  actor           BLOB CHECK(length(actor) = 16),
  idempotency_key TEXT CHECK(length(idempotency_key) BETWEEN 1 AND 255),
  UNIQUE(account_id, seq),
  CHECK(debit_id <> credit_id AND account_id IN (debit_id, credit_id))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX credit_one_resolution ON credit_transfers(resolves_id) WHERE resolves_id IS NOT NULL;
CREATE UNIQUE INDEX credit_one_key ON credit_transfers(actor, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE TRIGGER credit_transfers_stand BEFORE UPDATE ON credit_transfers
BEGIN SELECT RAISE(ABORT, 'credit_transfers'); END;
CREATE TRIGGER credit_transfers_stay BEFORE DELETE ON credit_transfers
BEGIN SELECT RAISE(ABORT, 'credit_transfers'); END;
CREATE TRIGGER credit_transfers_resolve_a_reservation BEFORE INSERT ON credit_transfers
WHEN NEW.resolves_id IS NOT NULL AND NOT EXISTS(SELECT 1 FROM credit_transfers r
  WHERE r.id = NEW.resolves_id AND r.kind = 'reservation' AND r.account_id = NEW.account_id AND NEW.amount <= r.amount)
BEGIN SELECT RAISE(ABORT, 'credit_transfers.resolves_id'); END;
CREATE TRIGGER credit_transfers_reverse_what_moved BEFORE INSERT ON credit_transfers
WHEN NEW.reverses_id IS NOT NULL AND NOT EXISTS(SELECT 1 FROM credit_transfers t
  WHERE t.id = NEW.reverses_id AND t.kind IN ('grant', 'charge', 'capture') AND t.amount = NEW.amount
    AND t.debit_id = NEW.credit_id AND t.credit_id = NEW.debit_id)
BEGIN SELECT RAISE(ABORT, 'credit_transfers.reverses_id'); END;
CREATE TABLE credit_holds(
  transfer_id BLOB PRIMARY KEY NOT NULL REFERENCES credit_transfers(id) ON DELETE RESTRICT,
  expires_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX credit_holds_expiry ON credit_holds(expires_ms);
CREATE TABLE webhooks(
  id           BLOB PRIMARY KEY NOT NULL CHECK(length(id) = 16),
  user_id      BLOB NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  url          TEXT NOT NULL CHECK(length(url) BETWEEN 1 AND 2048),
  description  TEXT NOT NULL DEFAULT '' CHECK(length(description) <= 200),
  events       TEXT NOT NULL CHECK(length(events) >= 1),
  secret       BLOB NOT NULL CHECK(length(secret) = 32),
  old_secret   BLOB CHECK(length(old_secret) = 32),
  old_until_ms INTEGER CHECK((old_until_ms IS NULL) = (old_secret IS NULL)),
  is_active    INTEGER NOT NULL DEFAULT 1 CHECK(is_active IN (0, 1)),
  ended_for    TEXT CHECK(ended_for IN ('gone', 'failing')),
  version      INTEGER NOT NULL DEFAULT 1 CHECK(version >= 1),
  created_ms   INTEGER NOT NULL,
  updated_ms   INTEGER NOT NULL,
  CHECK(ended_for IS NULL OR is_active = 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX webhooks_user ON webhooks(user_id);
CREATE TRIGGER webhooks_version_step BEFORE UPDATE ON webhooks
WHEN NEW.version IS NOT OLD.version + 1 BEGIN SELECT RAISE(ABORT, 'webhooks.version'); END;
CREATE TABLE webhook_failures(
  webhook_id BLOB PRIMARY KEY NOT NULL REFERENCES webhooks(id) ON DELETE CASCADE,
  since_ms   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE deliveries(
  webhook_id  BLOB NOT NULL REFERENCES webhooks(id) ON DELETE CASCADE,
  event_id    BLOB NOT NULL CHECK(length(event_id) = 16),
  type        TEXT NOT NULL,
  body        TEXT NOT NULL CHECK(json_valid(body) AND length(body) <= 20480),
  job_id      BLOB NOT NULL CHECK(length(job_id) = 16),
  state       TEXT NOT NULL DEFAULT 'pending' CHECK(state IN ('pending', 'delivered', 'failed')),
  attempts    INTEGER NOT NULL DEFAULT 0 CHECK(attempts >= 0),
  status      INTEGER,
  error       TEXT CHECK(length(error) <= 500),
  latency_ms  INTEGER CHECK(latency_ms >= 0),
  created_ms  INTEGER NOT NULL,
  finished_ms INTEGER CHECK((finished_ms IS NULL) = (state = 'pending')),
  PRIMARY KEY(webhook_id, event_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_finished ON deliveries(finished_ms) WHERE finished_ms IS NOT NULL;
CREATE TRIGGER deliveries_arrive_once BEFORE UPDATE OF state ON deliveries
WHEN OLD.state = 'delivered' BEGIN SELECT RAISE(ABORT, 'deliveries.state'); END;

-- Everybody has an account from birth.
INSERT INTO credit_accounts(id, kind) SELECT id, 'user' FROM users;

CREATE TABLE jobs(
  id               BLOB PRIMARY KEY NOT NULL CHECK(length(id) = 16),
  queue            TEXT NOT NULL CHECK(length(queue) BETWEEN 1 AND 64),
  kind             TEXT NOT NULL CHECK(length(kind) BETWEEN 1 AND 100),
  state            TEXT NOT NULL CHECK(state IN ('available', 'running', 'completed', 'dead', 'cancelled')),
  priority         INTEGER NOT NULL CHECK(priority BETWEEN 0 AND 1000),
  run_ms           INTEGER NOT NULL,
  attempt          INTEGER NOT NULL DEFAULT 0 CHECK(attempt BETWEEN 0 AND lease_token),
  max_attempts     INTEGER NOT NULL CHECK(max_attempts >= 1),
  lease_token      INTEGER NOT NULL DEFAULT 0,
  lease_ms         INTEGER CHECK(lease_ms > 0),
  lease_until_ms   INTEGER,
  worker           TEXT CHECK(length(worker) BETWEEN 1 AND 100),
  dedupe_key       TEXT CHECK(length(dedupe_key) BETWEEN 1 AND 200),
  cancel_requested INTEGER NOT NULL DEFAULT 0 CHECK(cancel_requested IN (0, 1)),
  last_error       TEXT,
  created_ms       INTEGER NOT NULL,
  finished_ms      INTEGER,
  payload          TEXT NOT NULL CHECK(json_valid(payload) AND octet_length(payload) <= 65536),
  CHECK((state = 'running') = (lease_until_ms IS NOT NULL)),
  CHECK((state = 'running') = (lease_ms IS NOT NULL)),
  CHECK((state IN ('completed', 'dead', 'cancelled')) = (finished_ms IS NOT NULL)),
  CHECK(cancel_requested = 0 OR state IN ('running', 'cancelled')),
  CHECK(attempt <= max_attempts - (state = 'available'))
) STRICT;
CREATE INDEX jobs_ready ON jobs(queue, priority, run_ms, id) WHERE state = 'available';
CREATE INDEX jobs_waiting ON jobs(queue, run_ms, id) WHERE state = 'available';
CREATE INDEX jobs_leased ON jobs(lease_until_ms) WHERE state = 'running';
CREATE INDEX jobs_finished ON jobs(state, finished_ms) WHERE finished_ms IS NOT NULL;
CREATE UNIQUE INDEX jobs_dedupe ON jobs(kind, dedupe_key)
WHERE dedupe_key IS NOT NULL AND state IN ('available', 'running');
CREATE TRIGGER jobs_fence BEFORE UPDATE ON jobs
WHEN NEW.lease_token <> OLD.lease_token + (NEW.state = 'running' AND OLD.state <> 'running')
BEGIN SELECT RAISE(ABORT, 'jobs.lease_token'); END;
CREATE TRIGGER jobs_step_legally BEFORE UPDATE OF state ON jobs
WHEN NOT CASE OLD.state
  WHEN 'available' THEN NEW.state IN ('available', 'running', 'cancelled')
  WHEN 'running' THEN 1
  WHEN 'completed' THEN 0
  ELSE NEW.state = 'available' END
BEGIN SELECT RAISE(ABORT, 'jobs.state'); END;
CREATE TRIGGER jobs_stay_while_open BEFORE DELETE ON jobs
WHEN OLD.finished_ms IS NULL BEGIN SELECT RAISE(ABORT, 'jobs.open'); END;
CREATE TABLE leads(
  id          BLOB PRIMARY KEY NOT NULL CHECK(length(id) = 16),
  card_id     BLOB NOT NULL CHECK(length(card_id) = 16),
  card_slug   TEXT NOT NULL,
  owner_id    BLOB REFERENCES users(id) ON DELETE CASCADE,
  name        TEXT NOT NULL CHECK(length(name) BETWEEN 1 AND 100),
  email       TEXT NOT NULL CHECK(length(email) BETWEEN 3 AND 254),
  email_norm  TEXT NOT NULL,
  phone       TEXT NOT NULL DEFAULT '' CHECK(length(phone) <= 40),
  company     TEXT NOT NULL DEFAULT '' CHECK(length(company) <= 100),
  message     TEXT NOT NULL DEFAULT '' CHECK(length(message) <= 2000),
  consent_ms  INTEGER NOT NULL,
  notes       TEXT NOT NULL DEFAULT '' CHECK(length(notes) <= 5000),
  status      TEXT NOT NULL CHECK(status IN ('open', 'claimed', 'closed', 'converted')),
  assigned_to BLOB REFERENCES users(id) DEFERRABLE INITIALLY DEFERRED,
  claim_epoch INTEGER NOT NULL CHECK(claim_epoch >= 0),
  version     INTEGER NOT NULL DEFAULT 1 CHECK(version >= 1),
  created_ms  INTEGER NOT NULL,
  updated_ms  INTEGER NOT NULL,
  claim_row   INTEGER GENERATED ALWAYS AS (nullif(claim_epoch, 0)) STORED,
  holder      BLOB GENERATED ALWAYS AS (coalesce(assigned_to, x'')) STORED,
  CHECK(CASE status WHEN 'open' THEN assigned_to IS NULL WHEN 'claimed' THEN assigned_to IS NOT NULL ELSE 1 END),
  CHECK(owner_id IS NULL OR assigned_to IS owner_id),
  CHECK(claim_epoch > 0 OR assigned_to IS NULL),
  FOREIGN KEY(id, claim_row, holder) REFERENCES lead_claims(lead_id, epoch, holder)
    ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE INDEX leads_owner ON leads(owner_id) WHERE owner_id IS NOT NULL;
CREATE INDEX leads_holder ON leads(assigned_to) WHERE assigned_to IS NOT NULL;
CREATE INDEX leads_open ON leads(id) WHERE status = 'open';
CREATE INDEX leads_sender ON leads(card_id, email_norm, created_ms);
CREATE TRIGGER leads_version_step BEFORE UPDATE ON leads
WHEN NEW.version IS NOT OLD.version + 1 BEGIN SELECT RAISE(ABORT, 'leads.version'); END;
CREATE TRIGGER leads_epoch_step BEFORE UPDATE ON leads
WHEN NEW.claim_epoch IS NOT OLD.claim_epoch + (NEW.assigned_to IS NOT OLD.assigned_to)
BEGIN SELECT RAISE(ABORT, 'leads.claim_epoch'); END;
CREATE TRIGGER leads_keep_what_was_sent BEFORE UPDATE OF
  id, card_id, card_slug, owner_id, name, email, email_norm, phone, company, message, consent_ms, created_ms ON leads
BEGIN SELECT RAISE(ABORT, 'leads.sent'); END;
CREATE TRIGGER leads_are_sent_once BEFORE INSERT ON leads
WHEN EXISTS(SELECT 1 FROM leads WHERE card_id = NEW.card_id AND email_norm = NEW.email_norm
  AND message = NEW.message AND created_ms > NEW.created_ms - 86400000)
BEGIN SELECT RAISE(ABORT, 'leads.sent_twice'); END;
CREATE TABLE lead_claims(
  lead_id  BLOB NOT NULL REFERENCES leads(id) ON DELETE CASCADE,
  epoch    INTEGER NOT NULL CHECK(epoch >= 1),
  user_id  BLOB CHECK(length(user_id) = 16),
  reason   TEXT NOT NULL CHECK(reason IN ('routed', 'claimed', 'reassigned', 'released', 'left')),
  began_ms INTEGER NOT NULL,
  holder   BLOB GENERATED ALWAYS AS (coalesce(user_id, x'')) STORED,
  PRIMARY KEY(lead_id, epoch),
  UNIQUE(lead_id, epoch, holder),
  CHECK((user_id IS NULL) = (reason IN ('released', 'left')))
) STRICT, WITHOUT ROWID;
CREATE TRIGGER lead_claims_go_on BEFORE INSERT ON lead_claims
WHEN NEW.epoch IS NOT (SELECT claim_epoch FROM leads WHERE id = NEW.lead_id)
  OR NEW.epoch IS NOT (SELECT coalesce(max(epoch), 0) + 1 FROM lead_claims WHERE lead_id = NEW.lead_id)
BEGIN SELECT RAISE(ABORT, 'lead_claims.epoch'); END;
CREATE TRIGGER lead_claims_stand BEFORE UPDATE ON lead_claims
BEGIN SELECT RAISE(ABORT, 'lead_claims'); END;
CREATE TRIGGER lead_claims_stay BEFORE DELETE ON lead_claims
WHEN EXISTS(SELECT 1 FROM leads WHERE id = OLD.lead_id) BEGIN SELECT RAISE(ABORT, 'lead_claims'); END;
CREATE TABLE shares(
  id          BLOB PRIMARY KEY NOT NULL CHECK(length(id) = 16),
  tracking_id TEXT NOT NULL UNIQUE
              CHECK(length(tracking_id) BETWEEN 16 AND 64 AND tracking_id NOT GLOB '*[^A-Za-z0-9_-]*'),
  card_id     BLOB NOT NULL REFERENCES cards(id) ON DELETE CASCADE,
  user_id     BLOB NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  channel     TEXT NOT NULL CHECK(channel IN ('email', 'link', 'qr', 'nfc')),
  recipient   TEXT CHECK(length(recipient) BETWEEN 3 AND 254),
  created_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX shares_card ON shares(card_id);
CREATE INDEX shares_user ON shares(user_id);
CREATE TRIGGER shares_are_of_own_cards BEFORE INSERT ON shares
WHEN NOT EXISTS(SELECT 1 FROM cards WHERE id = NEW.card_id AND user_id = NEW.user_id)
BEGIN SELECT RAISE(ABORT, 'shares.card_id'); END;
CREATE TRIGGER shares_stand BEFORE UPDATE ON shares BEGIN SELECT RAISE(ABORT, 'shares'); END;
CREATE TABLE visitor_salts(
  day  INTEGER PRIMARY KEY NOT NULL,
  salt BLOB NOT NULL CHECK(length(salt) = 16)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER visitor_salts_stand BEFORE UPDATE ON visitor_salts
BEGIN SELECT RAISE(ABORT, 'visitor_salts'); END;
CREATE TABLE event_uniques(
  day     INTEGER NOT NULL,
  card_id BLOB NOT NULL REFERENCES cards(id) ON DELETE CASCADE,
  visitor BLOB NOT NULL CHECK(length(visitor) = 16),
  PRIMARY KEY(day, card_id, visitor)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_uniques_card ON event_uniques(card_id);
CREATE TABLE card_days(
  card_id  BLOB NOT NULL REFERENCES cards(id) ON DELETE CASCADE,
  day      INTEGER NOT NULL,
  class    TEXT NOT NULL CHECK(class IN ('human', 'bot', 'mail_proxy', 'prefetch')),
  views    INTEGER NOT NULL CHECK(views >= 0),
  visitors INTEGER NOT NULL CHECK(visitors BETWEEN 0 AND views AND (class = 'human' OR visitors = 0)),
  clicks   INTEGER NOT NULL CHECK(clicks >= 0),
  PRIMARY KEY(card_id, day, class)
) STRICT, WITHOUT ROWID;
CREATE TABLE share_days(
  share_id BLOB NOT NULL REFERENCES shares(id) ON DELETE CASCADE,
  day      INTEGER NOT NULL,
  class    TEXT NOT NULL CHECK(class IN ('human', 'bot', 'mail_proxy', 'prefetch')),
  clicks   INTEGER NOT NULL CHECK(clicks >= 1),
  PRIMARY KEY(share_id, day, class)
) STRICT, WITHOUT ROWID;
CREATE TABLE event_firsts(
  subject_kind   TEXT NOT NULL CHECK(subject_kind IN ('share', 'card')),
  subject_id     BLOB NOT NULL CHECK(length(subject_id) = 16),
  type           TEXT NOT NULL CHECK(type IN ('open', 'click', 'view', 'bounce')),
  first_ms       INTEGER NOT NULL,
  first_human_ms INTEGER CHECK(first_human_ms BETWEEN first_ms AND last_ms),
  last_ms        INTEGER NOT NULL CHECK(last_ms >= first_ms),
  total          INTEGER NOT NULL CHECK(total >= 1),
  human_total    INTEGER NOT NULL CHECK(human_total BETWEEN 0 AND total),
  PRIMARY KEY(subject_kind, subject_id, type),
  CHECK((first_human_ms IS NULL) = (human_total = 0))
) STRICT, WITHOUT ROWID;
CREATE TRIGGER event_firsts_have_a_subject BEFORE INSERT ON event_firsts
WHEN NOT EXISTS(SELECT 1 FROM shares WHERE NEW.subject_kind = 'share' AND id = NEW.subject_id)
 AND NOT EXISTS(SELECT 1 FROM cards WHERE NEW.subject_kind = 'card' AND id = NEW.subject_id)
BEGIN SELECT RAISE(ABORT, 'event_firsts.subject_id'); END;
CREATE TRIGGER event_firsts_stand BEFORE UPDATE ON event_firsts
WHEN NEW.first_ms IS NOT OLD.first_ms OR NEW.total <= OLD.total OR NEW.human_total < OLD.human_total
  OR NEW.last_ms < OLD.last_ms OR NEW.first_human_ms IS NOT coalesce(OLD.first_human_ms, NEW.first_human_ms)
BEGIN SELECT RAISE(ABORT, 'event_firsts'); END;
CREATE TRIGGER shares_take_their_events AFTER DELETE ON shares
BEGIN DELETE FROM event_firsts WHERE subject_kind = 'share' AND subject_id = OLD.id; END;
CREATE TRIGGER cards_take_their_events AFTER DELETE ON cards
BEGIN DELETE FROM event_firsts WHERE subject_kind = 'card' AND subject_id = OLD.id; END;
