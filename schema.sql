-- Cardinal's whole schema, and the second document of the house.
--
-- Every table is STRICT and says above it which module alone writes it and how long a row lives. Times are Unix
-- milliseconds (`…_ms`). Ids are UUIDv7 in 16 bytes, so that they sort by age. What can be refused here is refused
-- here: a mistake in the program then ends in a failed statement, not in a wrong row.
--
-- Rules of the file: no REPLACE and no IGNORE anywhere (they skip triggers and swallow faults); a version steps by
-- one in the statement that changes the row, and a trigger only asserts it (an AFTER trigger that bumps it would
-- make RETURNING lie).

PRAGMA application_id = 0x44424331; -- 'DBC1'
PRAGMA user_version = 5;

------------------------------------------------------------------------------------------------------------------
-- Installation

-- Owner: domain/settings.rs. Values of this installation, written once when first needed, kept for good.
-- `pepper`: 32 random bytes that client addresses are hashed with before they are counted.
-- `tried`: random bytes, others each time it is tried whether a disk that was full has room again.
CREATE TABLE settings(
  name  TEXT PRIMARY KEY NOT NULL,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Owner: domain/idempotency.rs. One request that was answered; kept for seven days, then pruned.
-- The row is inserted first and filled in by the same transaction, so a committed row always holds its reply.
CREATE TABLE idempotency_keys(
  principal   BLOB NOT NULL CHECK(length(principal) IN (16, 32)), -- the user's id, or a hash of address and route
  key         TEXT NOT NULL CHECK(length(key) BETWEEN 1 AND 255),
  fingerprint BLOB NOT NULL CHECK(length(fingerprint) = 32),      -- SHA-256 of method, target, media type and body
  status      INTEGER NOT NULL CHECK(status BETWEEN 200 AND 599),
  headers     TEXT NOT NULL CHECK(json_valid(headers)),           -- [[name, value], …]
  body        BLOB NOT NULL,
  expires_ms  INTEGER NOT NULL,
  PRIMARY KEY(principal, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_expiry ON idempotency_keys(expires_ms);

------------------------------------------------------------------------------------------------------------------
-- People

-- Owner: domain/users.rs. One person with an account; lives until the account is deleted.
CREATE TABLE users(
  id           BLOB PRIMARY KEY NOT NULL CHECK(length(id) = 16),
  email        TEXT NOT NULL CHECK(length(email) BETWEEN 3 AND 254), -- as typed, for writing to
  email_norm   TEXT NOT NULL UNIQUE,                                 -- NFC and lower case, for comparing
  handle       TEXT NOT NULL UNIQUE
               CHECK(length(handle) BETWEEN 1 AND 50 AND handle NOT GLOB '*[^a-z0-9_-]*'),
  display_name TEXT NOT NULL CHECK(length(display_name) BETWEEN 1 AND 100),
  role         TEXT NOT NULL CHECK(role IN ('member', 'admin')),
  version      INTEGER NOT NULL DEFAULT 1 CHECK(version >= 1),
  created_ms   INTEGER NOT NULL,
  updated_ms   INTEGER NOT NULL,
  disabled_ms  INTEGER                                               -- set: may not sign in, tokens are refused
) STRICT, WITHOUT ROWID;
CREATE TRIGGER users_version_step BEFORE UPDATE ON users
WHEN NEW.version IS NOT OLD.version + 1 BEGIN SELECT RAISE(ABORT, 'users.version'); END;

-- Owner: domain/passwords.rs. One Argon2id hash per person who has a password. `version` is what a slow check, made
-- outside the transaction, proves itself against when it comes back. It steps with each new password; that the same
-- one is hashed anew, at a higher cost, steps `rehashes` instead, so that no login is refused for another.
CREATE TABLE passwords(
  user_id  BLOB PRIMARY KEY NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  hash     TEXT NOT NULL CHECK(hash GLOB '$argon2id$*'),             -- a PHC string, never a plain password
  version  INTEGER NOT NULL DEFAULT 1 CHECK(version >= 1),
  rehashes INTEGER NOT NULL DEFAULT 0 CHECK(rehashes >= 0)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER passwords_version_step BEFORE UPDATE ON passwords
WHEN NEW.version + NEW.rehashes IS NOT OLD.version + OLD.rehashes + 1
BEGIN SELECT RAISE(ABORT, 'passwords.version'); END;

-- Owner: domain/throttle.rs. Attempts at one account or from one address, counted before they are made; a row
-- means nothing once its window has passed, and is pruned then. `subject` is a keyed hash: no address is kept.
CREATE TABLE login_attempts(
  subject   BLOB PRIMARY KEY NOT NULL CHECK(length(subject) = 32),
  attempts  INTEGER NOT NULL CHECK(attempts >= 0),
  window_ms INTEGER NOT NULL,                                        -- when the window began
  retry_ms  INTEGER NOT NULL                                         -- no attempt before this
) STRICT, WITHOUT ROWID;

-- Owner: domain/sessions.rs. One login on one device; lives until logout, revocation or expiry. Only the SHA-256
-- of the token is here.
CREATE TABLE sessions(
  id         BLOB PRIMARY KEY NOT NULL CHECK(length(id) = 16),
  user_id    BLOB NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  token_hash BLOB NOT NULL UNIQUE CHECK(length(token_hash) = 32),
  device     TEXT NOT NULL DEFAULT '' CHECK(length(device) <= 200),
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL CHECK(expires_ms > created_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions(user_id);

-- Owner: domain/sessions.rs. When a login was used last and when it ends for want of use; exactly one per session.
-- Apart from `sessions`, since being seen is no edit: it is noted in memory and written now and then.
CREATE TABLE session_uses(
  session_id BLOB PRIMARY KEY NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
  seen_ms    INTEGER NOT NULL,
  idle_ms    INTEGER NOT NULL CHECK(idle_ms > seen_ms)
) STRICT, WITHOUT ROWID;
-- What was seen later stands, whichever is written first.
CREATE TRIGGER session_uses_go_on BEFORE UPDATE ON session_uses
WHEN NEW.seen_ms < OLD.seen_ms BEGIN SELECT RAISE(ABORT, 'session_uses.seen_ms'); END;

-- Owner: domain/resets.rs. One link that sets a new password, made by the command line or an admin; dies with its
-- first use, its hour or the next link for the same person, and is pruned a week later. Only the SHA-256 of the
-- token is here.
CREATE TABLE password_resets(
  token_hash BLOB PRIMARY KEY NOT NULL CHECK(length(token_hash) = 32),
  user_id    BLOB NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL CHECK(expires_ms > created_ms),
  used_ms    INTEGER                                                 -- set once: by its use, or by a later link
) STRICT, WITHOUT ROWID;
CREATE INDEX password_resets_user ON password_resets(user_id);
CREATE UNIQUE INDEX one_live_reset ON password_resets(user_id) WHERE used_ms IS NULL;
CREATE TRIGGER password_resets_once BEFORE UPDATE ON password_resets
WHEN OLD.used_ms IS NOT NULL BEGIN SELECT RAISE(ABORT, 'password_resets.used_ms'); END;

-- Owner: domain/tokens.rs. One API token; lives until it is revoked. Only the SHA-256 of the token is here.
CREATE TABLE api_tokens(
  id         BLOB PRIMARY KEY NOT NULL CHECK(length(id) = 16),
  user_id    BLOB NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  name       TEXT NOT NULL CHECK(length(name) BETWEEN 1 AND 100),
  token_hash BLOB NOT NULL UNIQUE CHECK(length(token_hash) = 32),
  hint       TEXT NOT NULL,                                          -- its first characters, to tell tokens apart
  scopes     TEXT NOT NULL,                                          -- separated by single spaces
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER CHECK(expires_ms > created_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX api_tokens_user ON api_tokens(user_id);

-- Owner: domain/subscriptions.rs. What each tier allows; laid down with the schema.
CREATE TABLE tiers(
  tier         TEXT PRIMARY KEY NOT NULL,
  max_cards    INTEGER NOT NULL CHECK(max_cards >= 1),
  max_webhooks INTEGER NOT NULL CHECK(max_webhooks >= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO tiers(tier, max_cards, max_webhooks) VALUES
  ('free', 5, 2), ('standard', 50, 10), ('unlimited', 1000000, 100);

-- Owner: domain/subscriptions.rs. Exactly one per person, made in the transaction that makes the person.
CREATE TABLE subscriptions(
  user_id    BLOB PRIMARY KEY NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  tier       TEXT NOT NULL REFERENCES tiers(tier),
  status     TEXT NOT NULL CHECK(status IN ('active', 'paused', 'cancelled', 'expired')),
  version    INTEGER NOT NULL DEFAULT 1 CHECK(version >= 1),
  started_ms INTEGER NOT NULL,
  expires_ms INTEGER                                                 -- while active: when it ends by itself
) STRICT, WITHOUT ROWID;
CREATE INDEX subscriptions_due ON subscriptions(expires_ms) WHERE status = 'active' AND expires_ms IS NOT NULL;
CREATE TRIGGER subscriptions_version_step BEFORE UPDATE ON subscriptions
WHEN NEW.version IS NOT OLD.version + 1 BEGIN SELECT RAISE(ABORT, 'subscriptions.version'); END;
CREATE TRIGGER subscriptions_step_legally BEFORE UPDATE OF status ON subscriptions
WHEN NEW.status <> OLD.status AND NEW.status NOT IN (SELECT value FROM json_each(CASE OLD.status
  WHEN 'active' THEN '["paused", "cancelled", "expired"]'
  WHEN 'paused' THEN '["active", "cancelled"]'
  ELSE '["active"]' END))
BEGIN SELECT RAISE(ABORT, 'subscriptions.status'); END;

-- What everybody may have at the moment: what the tier allows while the subscription is active, else what the
-- free one does. Read in the transaction of what it limits.
CREATE VIEW allowances AS
  SELECT s.user_id, t.tier, t.max_cards, t.max_webhooks
  FROM subscriptions s JOIN tiers t ON t.tier = CASE s.status WHEN 'active' THEN s.tier ELSE 'free' END;

-- Owner: domain/trials.rs. What a visitor without an account has tried: one per client address and visitor, and never
-- more uses than its limit. The address is there only as a hash with the secret pepper. Rows stay, or the limit
-- would begin again.
CREATE TABLE trials(
  id           BLOB PRIMARY KEY NOT NULL CHECK(length(id) = 16),
  ip_hash      BLOB NOT NULL CHECK(length(ip_hash) = 32),
  visitor_id   TEXT NOT NULL CHECK(length(visitor_id) BETWEEN 1 AND 200),
  used         INTEGER NOT NULL DEFAULT 0 CHECK(used BETWEEN 0 AND use_limit),
  use_limit    INTEGER NOT NULL CHECK(use_limit >= 0),
  created_ms   INTEGER NOT NULL,
  converted_ms INTEGER,                                              -- set once: somebody registered with it
  user_id      BLOB REFERENCES users(id) ON DELETE SET NULL CHECK(user_id IS NULL OR converted_ms IS NOT NULL),
  UNIQUE(ip_hash, visitor_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX trials_user ON trials(user_id) WHERE user_id IS NOT NULL;
CREATE TRIGGER trials_are_used_up BEFORE UPDATE OF used, use_limit ON trials
WHEN NEW.used < OLD.used OR NEW.use_limit <> OLD.use_limit BEGIN SELECT RAISE(ABORT, 'trials.used'); END;
CREATE TRIGGER trials_convert_once BEFORE UPDATE OF converted_ms ON trials
WHEN OLD.converted_ms IS NOT NULL BEGIN SELECT RAISE(ABORT, 'trials.converted_ms'); END;

-- Owner: domain/invites.rs. Somebody who asked for an account where registration takes an invite: one per e-mail
-- address, decided at most once.
CREATE TABLE invite_requests(
  id          BLOB PRIMARY KEY NOT NULL CHECK(length(id) = 16),
  email       TEXT NOT NULL CHECK(length(email) BETWEEN 3 AND 254),
  email_norm  TEXT NOT NULL UNIQUE,
  name        TEXT NOT NULL CHECK(length(name) BETWEEN 1 AND 100),
  motivation  TEXT NOT NULL CHECK(length(motivation) <= 2000),
  status      TEXT NOT NULL DEFAULT 'pending' CHECK(status IN ('pending', 'approved', 'rejected')),
  created_ms  INTEGER NOT NULL,
  decided_ms  INTEGER CHECK((decided_ms IS NULL) = (status = 'pending')),
  decided_by  BLOB REFERENCES users(id) ON DELETE SET NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX invite_requests_decided_by ON invite_requests(decided_by) WHERE decided_by IS NOT NULL;
CREATE TRIGGER invite_requests_decided_once BEFORE UPDATE OF status, decided_ms ON invite_requests
WHEN OLD.status <> 'pending' BEGIN SELECT RAISE(ABORT, 'invite_requests.status'); END;

-- Owner: domain/invites.rs. A code that lets so many people register; lives until it is deleted. Only the SHA-256 of
-- the code is here.
CREATE TABLE invites(
  id         BLOB PRIMARY KEY NOT NULL CHECK(length(id) = 16),
  code_hash  BLOB NOT NULL UNIQUE CHECK(length(code_hash) = 32),
  request_id BLOB UNIQUE REFERENCES invite_requests(id) ON DELETE CASCADE, -- the request it grants, if it does
  note       TEXT NOT NULL DEFAULT '' CHECK(length(note) <= 200),
  uses       INTEGER NOT NULL DEFAULT 0 CHECK(uses BETWEEN 0 AND max_uses),
  max_uses   INTEGER NOT NULL CHECK(max_uses >= 1),
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL CHECK(expires_ms > created_ms)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER invites_are_used_up BEFORE UPDATE OF uses ON invites
WHEN NEW.uses < OLD.uses BEGIN SELECT RAISE(ABORT, 'invites.uses'); END;

------------------------------------------------------------------------------------------------------------------
-- What belongs to a person

-- Owner: domain/profiles.rs. What a person says about himself or herself; made by the first save, and kept with
-- every field NULL (`deleted_ms`) when deleted, so that a version never begins again. Cards show what their
-- `fields_config` chooses.
CREATE TABLE personal_info(
  user_id         BLOB PRIMARY KEY NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  full_name       TEXT CHECK(length(full_name) BETWEEN 1 AND 100),
  date_of_birth   TEXT CHECK(date_of_birth IS date(date_of_birth)),
  primary_email   TEXT CHECK(length(primary_email) BETWEEN 3 AND 254),
  secondary_email TEXT CHECK(length(secondary_email) BETWEEN 3 AND 254),
  mobile_number   TEXT CHECK(length(mobile_number) BETWEEN 1 AND 40),
  phone_number    TEXT CHECK(length(phone_number) BETWEEN 1 AND 40),
  whatsapp_number TEXT CHECK(length(whatsapp_number) BETWEEN 1 AND 40),
  home_address    TEXT CHECK(length(home_address) BETWEEN 1 AND 500),
  bio             TEXT CHECK(length(bio) BETWEEN 1 AND 2000),
  pronouns        TEXT CHECK(length(pronouns) BETWEEN 1 AND 50),
  website         TEXT CHECK(length(website) BETWEEN 1 AND 2048),
  version         INTEGER NOT NULL DEFAULT 1 CHECK(version >= 1),
  updated_ms      INTEGER NOT NULL,
  deleted_ms      INTEGER CHECK(deleted_ms IS NULL OR coalesce(full_name, date_of_birth, primary_email,
                  secondary_email, mobile_number, phone_number, whatsapp_number, home_address, bio, pronouns,
                  website) IS NULL)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER personal_info_version_step BEFORE UPDATE ON personal_info
WHEN NEW.version IS NOT OLD.version + 1 BEGIN SELECT RAISE(ABORT, 'personal_info.version'); END;
CREATE TRIGGER personal_info_stays BEFORE DELETE ON personal_info
WHEN EXISTS(SELECT 1 FROM users WHERE id = OLD.user_id) BEGIN SELECT RAISE(ABORT, 'personal_info'); END;

-- Owner: domain/profiles.rs. What a person does and where; lives as `personal_info` does.
CREATE TABLE professional_info(
  user_id         BLOB PRIMARY KEY NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  designation     TEXT CHECK(length(designation) BETWEEN 1 AND 100),
  department      TEXT CHECK(length(department) BETWEEN 1 AND 100),
  company_name    TEXT CHECK(length(company_name) BETWEEN 1 AND 100),
  company_website TEXT CHECK(length(company_website) BETWEEN 1 AND 2048),
  office_email    TEXT CHECK(length(office_email) BETWEEN 3 AND 254),
  office_phone    TEXT CHECK(length(office_phone) BETWEEN 1 AND 40),
  office_address  TEXT CHECK(length(office_address) BETWEEN 1 AND 500),
  office_hours    TEXT CHECK(length(office_hours) BETWEEN 1 AND 500),
  version         INTEGER NOT NULL DEFAULT 1 CHECK(version >= 1),
  updated_ms      INTEGER NOT NULL,
  deleted_ms      INTEGER CHECK(deleted_ms IS NULL OR coalesce(designation, department, company_name,
                  company_website, office_email, office_phone, office_address, office_hours) IS NULL)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER professional_info_version_step BEFORE UPDATE ON professional_info
WHEN NEW.version IS NOT OLD.version + 1 BEGIN SELECT RAISE(ABORT, 'professional_info.version'); END;
CREATE TRIGGER professional_info_stays BEFORE DELETE ON professional_info
WHEN EXISTS(SELECT 1 FROM users WHERE id = OLD.user_id) BEGIN SELECT RAISE(ABORT, 'professional_info'); END;

-- Owner: domain/photos.rs. A person's photo as we encoded it, without a trace of the file it came from; lives until it
-- is replaced or deleted. Its address is its content's hash, so whoever has kept it may keep it for good.
CREATE TABLE photos(
  user_id    BLOB PRIMARY KEY NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  hash       BLOB NOT NULL CHECK(length(hash) = 32),                 -- SHA-256 of `jpeg`
  width      INTEGER NOT NULL CHECK(width BETWEEN 1 AND 4096),
  height     INTEGER NOT NULL CHECK(height BETWEEN 1 AND 4096),
  jpeg       BLOB NOT NULL CHECK(length(jpeg) BETWEEN 1 AND 1048576),
  created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX photos_hash ON photos(hash);

-- Owner: domain/accessibility.rs. How somebody needs the pages to be; made by the first save, defaults before it.
CREATE TABLE accessibility_settings(
  user_id        BLOB PRIMARY KEY NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  high_contrast  INTEGER NOT NULL CHECK(high_contrast IN (0, 1)),
  reduced_motion INTEGER NOT NULL CHECK(reduced_motion IN (0, 1)),
  large_text     INTEGER NOT NULL CHECK(large_text IN (0, 1)),
  dyslexia_font  INTEGER NOT NULL CHECK(dyslexia_font IN (0, 1)),
  text_scale     REAL NOT NULL CHECK(text_scale BETWEEN 0.8 AND 2.0),
  version        INTEGER NOT NULL DEFAULT 1 CHECK(version >= 1),
  no_character_keys INTEGER NOT NULL DEFAULT 0 CHECK(no_character_keys IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE TRIGGER accessibility_settings_version_step BEFORE UPDATE ON accessibility_settings
WHEN NEW.version IS NOT OLD.version + 1 BEGIN SELECT RAISE(ABORT, 'accessibility_settings.version'); END;

-- Owner: domain/languages.rs. The language a person chose for the pages; without a row the browser's is taken.
CREATE TABLE languages(
  user_id  BLOB PRIMARY KEY NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  language TEXT NOT NULL CHECK(language IN ('en', 'de'))
) STRICT, WITHOUT ROWID;

-- Owner: domain/progress.rs. One thing done that counts, once for ever: the first card, the third of May's check-in.
-- Never changed; goes with the person.
CREATE TABLE xp_events(
  user_id    BLOB NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  source     TEXT NOT NULL CHECK(length(source) BETWEEN 1 AND 32),
  source_id  TEXT NOT NULL CHECK(length(source_id) <= 64),
  xp         INTEGER NOT NULL CHECK(xp BETWEEN 1 AND 1000000),
  created_ms INTEGER NOT NULL,
  PRIMARY KEY(user_id, source, source_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER xp_events_stay BEFORE UPDATE ON xp_events
BEGIN SELECT RAISE(ABORT, 'xp_events'); END;

-- Owner: domain/progress.rs. The sum of a person's `xp_events`, stepped in the transaction of each. The level is made
-- of it whenever it is asked for.
CREATE TABLE progress(
  user_id BLOB PRIMARY KEY NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  xp      INTEGER NOT NULL CHECK(xp >= 1)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER progress_grows BEFORE UPDATE ON progress
WHEN NEW.xp < OLD.xp BEGIN SELECT RAISE(ABORT, 'progress.xp'); END;

-- Owner: domain/progress.rs. Days in a row on which somebody checked in. A day is counted in the person's time zone,
-- as days since 1970-01-01.
CREATE TABLE streaks(
  user_id   BLOB PRIMARY KEY NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  current   INTEGER NOT NULL CHECK(current >= 1),
  longest   INTEGER NOT NULL CHECK(longest >= current),
  last_day  INTEGER NOT NULL,
  time_zone TEXT NOT NULL CHECK(length(time_zone) BETWEEN 1 AND 64)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER streaks_go_on BEFORE UPDATE ON streaks
WHEN NEW.last_day < OLD.last_day OR NEW.longest < OLD.longest BEGIN SELECT RAISE(ABORT, 'streaks.last_day'); END;

-- Owner: domain/progress.rs. How somebody does in a topic: the sum of all deltas.
CREATE TABLE topics(
  user_id BLOB NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  topic   TEXT NOT NULL CHECK(length(topic) BETWEEN 1 AND 64 AND topic NOT GLOB '*[^a-z0-9-]*'),
  score   INTEGER NOT NULL CHECK(score BETWEEN -9007199254740991 AND 9007199254740991),
  PRIMARY KEY(user_id, topic)
) STRICT, WITHOUT ROWID;

------------------------------------------------------------------------------------------------------------------
-- Flags

-- Owner: domain/flags.rs. A switch of the product: off, on, or on for a share of the people. Stays. Every version has
-- its entry in the history below: the one that stands by the foreign key, checked at COMMIT, and each before it
-- because an entry follows the last.
CREATE TABLE flags(
  key         TEXT PRIMARY KEY NOT NULL
              CHECK(length(key) BETWEEN 1 AND 64 AND key GLOB '[a-z0-9]*' AND key NOT GLOB '*[^a-z0-9_.-]*'),
  enabled     INTEGER NOT NULL CHECK(enabled IN (0, 1)),
  percentage  INTEGER NOT NULL CHECK(percentage BETWEEN 0 AND 100),
  description TEXT NOT NULL CHECK(length(description) <= 500),
  version     INTEGER NOT NULL DEFAULT 1 CHECK(version >= 1),
  created_ms  INTEGER NOT NULL,
  updated_ms  INTEGER NOT NULL,
  FOREIGN KEY(key, version) REFERENCES flag_audit(key, flag_version)
    ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE TRIGGER flags_version_step BEFORE UPDATE ON flags
WHEN NEW.version IS NOT OLD.version + 1 BEGIN SELECT RAISE(ABORT, 'flags.version'); END;

-- Owner: domain/flags.rs. On or off for one person, whatever share the flag is on for. A change of it steps the
-- flag's version.
CREATE TABLE flag_overrides(
  key     TEXT NOT NULL REFERENCES flags(key) ON DELETE CASCADE,
  user_id BLOB NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  enabled INTEGER NOT NULL CHECK(enabled IN (0, 1)),
  PRIMARY KEY(key, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX flag_overrides_user ON flag_overrides(user_id);

-- Owner: domain/flags.rs. What each version of a flag changed, and who did it; never changed, never deleted.
-- `actor` is no foreign key: the history outlives the person.
CREATE TABLE flag_audit(
  key          TEXT NOT NULL REFERENCES flags(key) ON DELETE RESTRICT,
  flag_version INTEGER NOT NULL CHECK(flag_version >= 1),
  actor        BLOB CHECK(length(actor) = 16),                             -- NULL: the command line
  at_ms        INTEGER NOT NULL,
  change       TEXT NOT NULL CHECK(json_valid(change)),
  PRIMARY KEY(key, flag_version)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER flag_audit_goes_on BEFORE INSERT ON flag_audit
WHEN NEW.flag_version IS NOT (SELECT version FROM flags WHERE key = NEW.key)
  OR NEW.flag_version IS NOT
     (SELECT coalesce(max(flag_version), 0) + 1 FROM flag_audit WHERE key = NEW.key)
BEGIN SELECT RAISE(ABORT, 'flag_audit.flag_version'); END;
CREATE TRIGGER flag_audit_stays BEFORE UPDATE ON flag_audit BEGIN SELECT RAISE(ABORT, 'flag_audit'); END;
CREATE TRIGGER flag_audit_is_kept BEFORE DELETE ON flag_audit BEGIN SELECT RAISE(ABORT, 'flag_audit'); END;

------------------------------------------------------------------------------------------------------------------
-- Credits

-- Owner: domain/credits/ledger.rs. What stands on an account. A person's has the person's id and outlives the person,
-- as the ledger does; the two of the house are where credits come from and where they go. The sum of all is 0.
CREATE TABLE credit_accounts(
  id     BLOB PRIMARY KEY NOT NULL CHECK(length(id) = 16),
  kind   TEXT NOT NULL CHECK(kind IN ('user', 'issuance', 'revenue')),
  posted INTEGER NOT NULL DEFAULT 0 CHECK(posted BETWEEN -9007199254740991 AND 9007199254740991),
  held   INTEGER NOT NULL DEFAULT 0 CHECK(held >= 0 AND (kind = 'user' OR held = 0)),
  moves  INTEGER NOT NULL DEFAULT 0 CHECK(moves >= 0),               -- transfers so far
  CHECK(kind <> 'user' OR posted - held >= 0)                        -- nobody spends what is not there
) STRICT, WITHOUT ROWID;
CREATE TRIGGER credit_accounts_stay BEFORE DELETE ON credit_accounts
BEGIN SELECT RAISE(ABORT, 'credit_accounts'); END;
INSERT INTO credit_accounts(id, kind) VALUES
  (x'00000000000000000000000000000001', 'issuance'), (x'00000000000000000000000000000002', 'revenue');

-- Owner: domain/credits/ledger.rs. One thing that moved credits, or set them aside; never changed, never deleted. A
-- grant moves from issuance to a person, a charge from a person to revenue; a reservation sets aside, and a capture,
-- void or expiry resolves it once; a reversal takes back once. Keys are unique per actor for ever.
CREATE TABLE credit_transfers(
  id              BLOB PRIMARY KEY NOT NULL CHECK(length(id) = 16),
  account_id      BLOB NOT NULL REFERENCES credit_accounts(id) ON DELETE RESTRICT, -- the person's
  seq             INTEGER NOT NULL CHECK(seq >= 1),                  -- its number among the account's
  kind            TEXT NOT NULL CHECK(kind IN
                  ('grant', 'charge', 'reservation', 'capture', 'void', 'expiry', 'reversal')),
  debit_id        BLOB NOT NULL REFERENCES credit_accounts(id) ON DELETE RESTRICT,
  credit_id       BLOB NOT NULL REFERENCES credit_accounts(id) ON DELETE RESTRICT,
  amount          INTEGER NOT NULL CHECK(amount BETWEEN 1 AND 1000000000000),
  reason          TEXT NOT NULL CHECK(reason IN
                  ('purchase', 'promotion', 'refund', 'adjustment', 'feature', 'other')),
  memo            TEXT NOT NULL DEFAULT '' CHECK(length(memo) <= 500),
  balance_after   INTEGER NOT NULL CHECK(balance_after >= 0),        -- of `account_id`
  created_ms      INTEGER NOT NULL,
  expires_ms      INTEGER CHECK((expires_ms IS NOT NULL) = (kind = 'reservation')),
  resolves_id     BLOB REFERENCES credit_transfers(id) ON DELETE RESTRICT
                  CHECK((resolves_id IS NOT NULL) = (kind IN ('capture', 'void', 'expiry'))),
  reverses_id     BLOB UNIQUE REFERENCES credit_transfers(id) ON DELETE RESTRICT
                  CHECK((reverses_id IS NOT NULL) = (kind = 'reversal')),
  actor           BLOB CHECK(length(actor) = 16),                    -- who; NULL: the program by itself
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

-- Owner: domain/credits/reservations.rs. A reservation that is not resolved. Taking the row away is what resolves it.
CREATE TABLE credit_holds(
  transfer_id BLOB PRIMARY KEY NOT NULL REFERENCES credit_transfers(id) ON DELETE RESTRICT,
  expires_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX credit_holds_expiry ON credit_holds(expires_ms);

------------------------------------------------------------------------------------------------------------------
-- Jobs

-- Owner: domain/jobs/queue.rs. Work that outlives the request that asked for it; pruned a day after it was completed or
-- cancelled, thirty days after its last attempt failed. A worker holds a job by a lease, and every claim steps
-- `lease_token`: what is done under an older one changes nothing any more. `attempt` counts claims but for those that
-- were given back. Not WITHOUT ROWID: a payload may be long.
CREATE TABLE jobs(
  id               BLOB PRIMARY KEY NOT NULL CHECK(length(id) = 16),
  queue            TEXT NOT NULL CHECK(length(queue) BETWEEN 1 AND 64),
  kind             TEXT NOT NULL CHECK(length(kind) BETWEEN 1 AND 100),
  state            TEXT NOT NULL CHECK(state IN ('available', 'running', 'completed', 'dead', 'cancelled')),
  priority         INTEGER NOT NULL CHECK(priority BETWEEN 0 AND 1000),  -- the lower goes first
  run_ms           INTEGER NOT NULL,                                     -- not before this
  attempt          INTEGER NOT NULL DEFAULT 0 CHECK(attempt BETWEEN 0 AND lease_token),
  max_attempts     INTEGER NOT NULL CHECK(max_attempts >= 1),
  lease_token      INTEGER NOT NULL DEFAULT 0,                           -- claims so far
  lease_ms         INTEGER CHECK(lease_ms > 0),                          -- how long a heartbeat holds it
  lease_until_ms   INTEGER,
  worker           TEXT CHECK(length(worker) BETWEEN 1 AND 100),         -- who has it, or had it last
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
  CHECK(attempt <= max_attempts - (state = 'available'))                 -- whoever may claim has an attempt left
) STRICT;
CREATE INDEX jobs_ready ON jobs(queue, priority, run_ms, id) WHERE state = 'available';
CREATE INDEX jobs_waiting ON jobs(queue, run_ms, id) WHERE state = 'available';
CREATE INDEX jobs_leased ON jobs(lease_until_ms) WHERE state = 'running';
CREATE INDEX jobs_finished ON jobs(state, finished_ms) WHERE finished_ms IS NOT NULL;
-- One that is open keeps a second of its kind and key out; afterwards the key is free again.
CREATE UNIQUE INDEX jobs_dedupe ON jobs(kind, dedupe_key)
WHERE dedupe_key IS NOT NULL AND state IN ('available', 'running');
CREATE TRIGGER jobs_fence BEFORE UPDATE ON jobs
WHEN NEW.lease_token <> OLD.lease_token + (NEW.state = 'running' AND OLD.state <> 'running')
BEGIN SELECT RAISE(ABORT, 'jobs.lease_token'); END;
-- What is completed stays so; what is dead or cancelled goes on only by being made available again.
CREATE TRIGGER jobs_step_legally BEFORE UPDATE OF state ON jobs
WHEN NOT CASE OLD.state
  WHEN 'available' THEN NEW.state IN ('available', 'running', 'cancelled')
  WHEN 'running' THEN 1
  WHEN 'completed' THEN 0
  ELSE NEW.state = 'available' END
BEGIN SELECT RAISE(ABORT, 'jobs.state'); END;
CREATE TRIGGER jobs_stay_while_open BEFORE DELETE ON jobs
WHEN OLD.finished_ms IS NULL BEGIN SELECT RAISE(ABORT, 'jobs.open'); END;

------------------------------------------------------------------------------------------------------------------
-- Webhooks

-- Owner: domain/webhooks/endpoints.rs. Where a person wants to be told what happens; lives until it is deleted. The
-- secret stands here as it is, for messages are signed with it.
CREATE TABLE webhooks(
  id           BLOB PRIMARY KEY NOT NULL CHECK(length(id) = 16),
  user_id      BLOB NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  url          TEXT NOT NULL CHECK(length(url) BETWEEN 1 AND 2048),
  description  TEXT NOT NULL DEFAULT '' CHECK(length(description) <= 200),
  events       TEXT NOT NULL CHECK(length(events) >= 1),             -- names, separated by single spaces
  secret       BLOB NOT NULL CHECK(length(secret) = 32),
  old_secret   BLOB CHECK(length(old_secret) = 32),                  -- signs, too, until `old_until_ms`
  old_until_ms INTEGER CHECK((old_until_ms IS NULL) = (old_secret IS NULL)),
  is_active    INTEGER NOT NULL DEFAULT 1 CHECK(is_active IN (0, 1)),
  ended_for    TEXT CHECK(ended_for IN ('gone', 'failing')),         -- why we ended it, if we did
  version      INTEGER NOT NULL DEFAULT 1 CHECK(version >= 1),
  created_ms   INTEGER NOT NULL,
  updated_ms   INTEGER NOT NULL,
  CHECK(ended_for IS NULL OR is_active = 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX webhooks_user ON webhooks(user_id);
CREATE TRIGGER webhooks_version_step BEFORE UPDATE ON webhooks
WHEN NEW.version IS NOT OLD.version + 1 BEGIN SELECT RAISE(ABORT, 'webhooks.version'); END;

-- Owner: domain/webhooks/deliveries.rs. Since when every attempt at an endpoint has failed; gone with the next that
-- does not. Apart from `webhooks`, since it is no edit.
CREATE TABLE webhook_failures(
  webhook_id BLOB PRIMARY KEY NOT NULL REFERENCES webhooks(id) ON DELETE CASCADE,
  since_ms   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Owner: domain/webhooks/deliveries.rs. One message to one endpoint about one event, made in the transaction of the
-- event with the job that delivers it; the bytes that are signed are these. Pruned 30 days after its end.
CREATE TABLE deliveries(
  webhook_id  BLOB NOT NULL REFERENCES webhooks(id) ON DELETE CASCADE,
  event_id    BLOB NOT NULL CHECK(length(event_id) = 16),
  type        TEXT NOT NULL,
  body        TEXT NOT NULL CHECK(json_valid(body) AND length(body) <= 20480),
  job_id      BLOB NOT NULL CHECK(length(job_id) = 16),
  state       TEXT NOT NULL DEFAULT 'pending' CHECK(state IN ('pending', 'delivered', 'failed')),
  attempts    INTEGER NOT NULL DEFAULT 0 CHECK(attempts >= 0),
  status      INTEGER,                                               -- what the last attempt was answered
  error       TEXT CHECK(length(error) <= 500),                      -- why the last attempt failed
  latency_ms  INTEGER CHECK(latency_ms >= 0),                        -- of the last attempt
  created_ms  INTEGER NOT NULL,
  finished_ms INTEGER CHECK((finished_ms IS NULL) = (state = 'pending')),
  PRIMARY KEY(webhook_id, event_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_finished ON deliveries(finished_ms) WHERE finished_ms IS NOT NULL;
CREATE UNIQUE INDEX deliveries_job ON deliveries(job_id) WHERE state = 'pending';
CREATE TRIGGER deliveries_arrive_once BEFORE UPDATE OF state ON deliveries
WHEN OLD.state = 'delivered' BEGIN SELECT RAISE(ABORT, 'deliveries.state'); END;
-- A message is on its way only as long as its job is open: also where the job was given up because nobody came back
-- from its last attempt, or was ended by hand, or because its endpoint was ended meanwhile.
CREATE TRIGGER jobs_end_their_deliveries AFTER UPDATE OF state ON jobs
WHEN NEW.finished_ms IS NOT NULL AND OLD.finished_ms IS NULL AND NEW.kind = 'webhook.deliver'
BEGIN
  UPDATE deliveries SET state = 'failed', error = coalesce(error, 'it was given up'), finished_ms = NEW.finished_ms
  WHERE job_id = NEW.id AND state = 'pending';
END;

------------------------------------------------------------------------------------------------------------------
-- Cards

-- Owner: domain/slugs.rs. Names that no card bears at the moment and that are not free: reserved words (`user_id`
-- NULL), and former names with the person they belong to. A name once shown in public is never given to another
-- person, for it may be printed; so rows stay, also when the card (`card_id` NULL: the address answers 410) or the
-- person is gone. `user_id` is therefore no foreign key. The name that a card bears stands in `cards.slug`, and
-- nowhere else; the triggers below make the two one namespace.
CREATE TABLE slugs(
  slug       TEXT PRIMARY KEY NOT NULL,
  user_id    BLOB,
  card_id    BLOB,
  retired_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX slugs_card ON slugs(card_id) WHERE card_id IS NOT NULL;

-- Owner: domain/cards/mod.rs. One row per person who has at least one card.
--
-- Exactly one default card per person, and the schema alone holds it. At most one: `cards.one_default`. At least
-- one as soon as there is a card: a card's owner is a holder, and a holder has a default card; both foreign keys
-- are checked at COMMIT, so that a switch may clear first and set then. `card_count` is the quota's counter, and
-- its step from nothing to 1 is what makes a card the first.
CREATE TABLE card_holders(
  user_id    BLOB PRIMARY KEY NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  card_count INTEGER NOT NULL CHECK(card_count >= 1),
  FOREIGN KEY(user_id) REFERENCES cards(default_owner) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

-- Owner: domain/cards/mod.rs. One business card; lives until it is deleted. Counters of views stand elsewhere, since
-- they are no edits and must not step the version.
CREATE TABLE cards(
  id            BLOB PRIMARY KEY NOT NULL CHECK(length(id) = 16),
  user_id       BLOB NOT NULL REFERENCES card_holders(user_id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  slug          TEXT NOT NULL UNIQUE
                CHECK(length(slug) BETWEEN 1 AND 69 AND slug NOT GLOB '*[^a-z0-9-]*'
                      AND slug NOT GLOB '-*' AND slug NOT GLOB '*-' AND slug NOT GLOB '*--*'),
  name          TEXT NOT NULL CHECK(length(name) BETWEEN 1 AND 100),
  template_type TEXT NOT NULL CHECK(template_type IN
                ('personal-small', 'personal-detailed', 'professional-small', 'professional-detailed', 'custom')),
  fields_config TEXT NOT NULL DEFAULT '{}' CHECK(json_type(fields_config) IS 'object'),
  design_config TEXT NOT NULL DEFAULT '{}' CHECK(json_type(design_config) IS 'object'),
  visibility    TEXT NOT NULL DEFAULT 'public' CHECK(visibility IN ('public', 'unlisted', 'private')),
  lead_routing  TEXT NOT NULL DEFAULT 'owner' CHECK(lead_routing IN ('owner', 'team')),
  is_default    INTEGER NOT NULL CHECK(is_default IN (0, 1)),
  is_active     INTEGER NOT NULL DEFAULT 1 CHECK(is_active IN (0, 1)),
  version       INTEGER NOT NULL DEFAULT 1 CHECK(version >= 1),
  created_ms    INTEGER NOT NULL,
  updated_ms    INTEGER NOT NULL,
  default_owner BLOB GENERATED ALWAYS AS (CASE WHEN is_default = 1 THEN user_id END) STORED UNIQUE
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX one_default ON cards(user_id) WHERE is_default = 1;
CREATE INDEX cards_user ON cards(user_id);

CREATE TRIGGER cards_version_step BEFORE UPDATE ON cards
WHEN NEW.version IS NOT OLD.version + 1 BEGIN SELECT RAISE(ABORT, 'cards.version'); END;
CREATE TRIGGER cards_keep_their_owner BEFORE UPDATE OF user_id ON cards
WHEN NEW.user_id IS NOT OLD.user_id BEGIN SELECT RAISE(ABORT, 'cards.user_id'); END;

-- A new card whose name is reserved or was another person's is not inserted: for the statement that is the same
-- answer as ON CONFLICT(slug) DO NOTHING, no row, so the ten attempts ask one question.
CREATE TRIGGER cards_take_no_foreign_slug BEFORE INSERT ON cards
WHEN EXISTS(SELECT 1 FROM slugs WHERE slug = NEW.slug AND user_id IS NOT NEW.user_id)
BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER cards_rename_to_no_foreign_slug BEFORE UPDATE OF slug ON cards
WHEN EXISTS(SELECT 1 FROM slugs WHERE slug = NEW.slug AND user_id IS NOT NEW.user_id)
BEGIN SELECT RAISE(ABORT, 'slugs.owner'); END;
-- A card that leaves its name leaves it in `slugs`.
CREATE TRIGGER cards_rename_retires_slug BEFORE UPDATE OF slug ON cards
WHEN NEW.slug IS NOT OLD.slug
 AND NOT EXISTS(SELECT 1 FROM slugs WHERE slug = OLD.slug AND user_id = OLD.user_id AND card_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'slugs.retired'); END;
CREATE TRIGGER cards_delete_retires_slug BEFORE DELETE ON cards
WHEN NOT EXISTS(SELECT 1 FROM slugs WHERE slug = OLD.slug AND user_id = OLD.user_id AND card_id IS NULL)
BEGIN SELECT RAISE(ABORT, 'slugs.retired'); END;
CREATE TRIGGER slugs_are_not_anothers_card BEFORE INSERT ON slugs
WHEN EXISTS(SELECT 1 FROM cards WHERE slug = NEW.slug AND user_id IS NOT NEW.user_id)
BEGIN SELECT RAISE(ABORT, 'slugs.owner'); END;
CREATE TRIGGER slugs_keep_their_owner BEFORE UPDATE ON slugs
WHEN NEW.slug IS NOT OLD.slug OR NEW.user_id IS NOT OLD.user_id
BEGIN SELECT RAISE(ABORT, 'slugs.owner'); END;
CREATE TRIGGER slugs_stay BEFORE DELETE ON slugs
BEGIN SELECT RAISE(ABORT, 'slugs.owner'); END;

-- Owner: domain/links.rs. A card's links, replaced as a whole under the card's version.
CREATE TABLE card_links(
  card_id  BLOB NOT NULL REFERENCES cards(id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK(position BETWEEN 0 AND 49),
  id       BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  platform TEXT NOT NULL CHECK(length(platform) BETWEEN 1 AND 32 AND platform NOT GLOB '*[^a-z0-9-]*'),
  label    TEXT NOT NULL DEFAULT '' CHECK(length(label) <= 80),
  url      TEXT NOT NULL CHECK(length(url) BETWEEN 1 AND 2048),
  PRIMARY KEY(card_id, position)
) STRICT, WITHOUT ROWID;

-- Owner: domain/editions.rs. What the public sees of people's cards is of this edition: 256 counters, of which a
-- person's is that of the last byte of the id (of a v7, chance). Whatever is shown in public steps it when it changes,
-- so whoever keeps a copy asks for one number instead of everything that the copy was made of. A new card is in
-- nobody's copy yet; what becomes of its links is. A flag counts for everybody.
CREATE TABLE public_editions(
  part    BLOB PRIMARY KEY NOT NULL CHECK(length(part) = 1),
  edition INTEGER NOT NULL DEFAULT 1 CHECK(edition >= 1)
) STRICT, WITHOUT ROWID;
WITH RECURSIVE bytes(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM bytes WHERE n < 255)
INSERT INTO public_editions(part) SELECT unhex(printf('%02x', n)) FROM bytes;
CREATE TRIGGER public_editions_go_on BEFORE UPDATE ON public_editions
WHEN NEW.part IS NOT OLD.part OR NEW.edition IS NOT OLD.edition + 1
BEGIN SELECT RAISE(ABORT, 'public_editions.edition'); END;
CREATE TRIGGER public_editions_stay BEFORE DELETE ON public_editions
BEGIN SELECT RAISE(ABORT, 'public_editions'); END;
CREATE TRIGGER users_step_edition AFTER UPDATE ON users
BEGIN UPDATE public_editions SET edition = edition + 1 WHERE part = substr(NEW.id, 16, 1); END;
CREATE TRIGGER personal_info_begin_edition AFTER INSERT ON personal_info
BEGIN UPDATE public_editions SET edition = edition + 1 WHERE part = substr(NEW.user_id, 16, 1); END;
CREATE TRIGGER personal_info_step_edition AFTER UPDATE ON personal_info
BEGIN UPDATE public_editions SET edition = edition + 1 WHERE part = substr(NEW.user_id, 16, 1); END;
CREATE TRIGGER professional_info_begin_edition AFTER INSERT ON professional_info
BEGIN UPDATE public_editions SET edition = edition + 1 WHERE part = substr(NEW.user_id, 16, 1); END;
CREATE TRIGGER professional_info_step_edition AFTER UPDATE ON professional_info
BEGIN UPDATE public_editions SET edition = edition + 1 WHERE part = substr(NEW.user_id, 16, 1); END;
CREATE TRIGGER photos_begin_edition AFTER INSERT ON photos
BEGIN UPDATE public_editions SET edition = edition + 1 WHERE part = substr(NEW.user_id, 16, 1); END;
CREATE TRIGGER photos_step_edition AFTER UPDATE ON photos
BEGIN UPDATE public_editions SET edition = edition + 1 WHERE part = substr(NEW.user_id, 16, 1); END;
CREATE TRIGGER photos_end_edition AFTER DELETE ON photos
BEGIN UPDATE public_editions SET edition = edition + 1 WHERE part = substr(OLD.user_id, 16, 1); END;
CREATE TRIGGER cards_step_edition AFTER UPDATE ON cards
BEGIN UPDATE public_editions SET edition = edition + 1 WHERE part = substr(NEW.user_id, 16, 1); END;
CREATE TRIGGER cards_end_edition AFTER DELETE ON cards
BEGIN UPDATE public_editions SET edition = edition + 1 WHERE part = substr(OLD.user_id, 16, 1); END;
CREATE TRIGGER card_links_begin_edition AFTER INSERT ON card_links
BEGIN
  UPDATE public_editions SET edition = edition + 1
  WHERE part = (SELECT substr(user_id, 16, 1) FROM cards WHERE id = NEW.card_id);
END;
CREATE TRIGGER card_links_step_edition AFTER UPDATE ON card_links
BEGIN
  UPDATE public_editions SET edition = edition + 1
  WHERE part = (SELECT substr(user_id, 16, 1) FROM cards WHERE id = NEW.card_id);
END;
CREATE TRIGGER card_links_end_edition AFTER DELETE ON card_links
BEGIN
  UPDATE public_editions SET edition = edition + 1
  WHERE part = (SELECT substr(user_id, 16, 1) FROM cards WHERE id = OLD.card_id);
END;
CREATE TRIGGER flags_begin_edition AFTER INSERT ON flags
BEGIN UPDATE public_editions SET edition = edition + 1; END;
CREATE TRIGGER flags_step_edition AFTER UPDATE ON flags
BEGIN UPDATE public_editions SET edition = edition + 1; END;

-- Owner: domain/saved_cards.rs. A card in public that a person has put by; lives until it is taken out, also while the
-- card is private or paused.
CREATE TABLE saved_cards(
  user_id    BLOB NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  card_id    BLOB NOT NULL REFERENCES cards(id) ON DELETE CASCADE,
  created_ms INTEGER NOT NULL,
  PRIMARY KEY(user_id, card_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX saved_cards_card ON saved_cards(card_id);
CREATE INDEX saved_cards_time ON saved_cards(user_id, created_ms, card_id);

------------------------------------------------------------------------------------------------------------------
-- Leads

-- Owner: domain/leads/work.rs. Somebody who left a message at a card. Lives as long as the person it is for; the
-- team's stay. It outlives its card, so `card_id` is no foreign key, and the slug is kept as it was.
--
-- Who works it: `assigned_to`, in the epoch `claim_epoch`, which steps with every change of that and with nothing
-- else; 0 before the first. Each epoch has its row in `lead_claims`, the present one by the foreign key (checked at
-- COMMIT), which also holds that both name the same person. A lead that is one person's alone is always with that
-- person. Nobody can go who still works the team's leads: they are given back in the transaction that deletes the
-- person, or it is refused at COMMIT.
CREATE TABLE leads(
  id          BLOB PRIMARY KEY NOT NULL CHECK(length(id) = 16),
  card_id     BLOB NOT NULL CHECK(length(card_id) = 16),
  card_slug   TEXT NOT NULL,
  owner_id    BLOB REFERENCES users(id) ON DELETE CASCADE,           -- whose alone it is; NULL: the team's
  name        TEXT NOT NULL CHECK(length(name) BETWEEN 1 AND 100),
  email       TEXT NOT NULL CHECK(length(email) BETWEEN 3 AND 254),  -- as typed, for writing to
  email_norm  TEXT NOT NULL,                                         -- for comparing
  phone       TEXT NOT NULL DEFAULT '' CHECK(length(phone) <= 40),
  company     TEXT NOT NULL DEFAULT '' CHECK(length(company) <= 100),
  message     TEXT NOT NULL DEFAULT '' CHECK(length(message) <= 2000),
  consent_ms  INTEGER NOT NULL,                                      -- when they agreed to being written to
  notes       TEXT NOT NULL DEFAULT '' CHECK(length(notes) <= 5000), -- of whoever works it
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
-- The same form sent again within a day is no other lead.
CREATE TRIGGER leads_are_sent_once BEFORE INSERT ON leads
WHEN EXISTS(SELECT 1 FROM leads WHERE card_id = NEW.card_id AND email_norm = NEW.email_norm
  AND message = NEW.message AND created_ms > NEW.created_ms - 86400000)
BEGIN SELECT RAISE(ABORT, 'leads.sent_twice'); END;

-- Owner: domain/leads/history.rs. One epoch of a lead: with whom it was (`user_id` NULL: with nobody), since when, and
-- what began it. It ends where the next begins, so no two can be open. Never changed; goes with the lead. `user_id`
-- is no foreign key: the history outlives the person.
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

------------------------------------------------------------------------------------------------------------------
-- Shares, and what came of them

-- Owner: domain/shares.rs. A card given to somebody; never changed, gone with its card or its person. `tracking_id` is
-- a capability: whoever has it is counted. `recipient` is for its owner's eyes alone.
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

-- Owner: domain/visitors.rs. What visitors of a day are hashed with; made by the first of the day, deleted when the
-- day after is over: from then on nobody can say whose a hash was.
CREATE TABLE visitor_salts(
  day  INTEGER PRIMARY KEY NOT NULL,                                 -- in UTC, since 1970-01-01
  salt BLOB NOT NULL CHECK(length(salt) = 16)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER visitor_salts_stand BEFORE UPDATE ON visitor_salts
BEGIN SELECT RAISE(ABORT, 'visitor_salts'); END;

-- Owner: domain/visitors.rs. Who has seen a card on a day: a hash that differs from card to card and from day to day.
-- Deleted soon after its day's salt; how many there were stands in `card_days`.
CREATE TABLE event_uniques(
  day     INTEGER NOT NULL,
  card_id BLOB NOT NULL REFERENCES cards(id) ON DELETE CASCADE,
  visitor BLOB NOT NULL CHECK(length(visitor) = 16),
  PRIMARY KEY(day, card_id, visitor)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_uniques_card ON event_uniques(card_id);

-- Owner: domain/card_stats.rs. What a card's visitors did on a day (UTC), by what they are; prefetches stand here and
-- nowhere else. Lives as long as the card.
CREATE TABLE card_days(
  card_id  BLOB NOT NULL REFERENCES cards(id) ON DELETE CASCADE,
  day      INTEGER NOT NULL,
  class    TEXT NOT NULL CHECK(class IN ('human', 'bot', 'mail_proxy', 'prefetch')),
  views    INTEGER NOT NULL CHECK(views >= 0),
  visitors INTEGER NOT NULL CHECK(visitors BETWEEN 0 AND views AND (class = 'human' OR visitors = 0)),
  clicks   INTEGER NOT NULL CHECK(clicks >= 0),
  PRIMARY KEY(card_id, day, class)
) STRICT, WITHOUT ROWID;

-- Owner: domain/card_stats.rs. How often a share's link was followed on a day (UTC). Lives as long as the share.
CREATE TABLE share_days(
  share_id BLOB NOT NULL REFERENCES shares(id) ON DELETE CASCADE,
  day      INTEGER NOT NULL,
  class    TEXT NOT NULL CHECK(class IN ('human', 'bot', 'mail_proxy', 'prefetch')),
  clicks   INTEGER NOT NULL CHECK(clicks >= 1),
  PRIMARY KEY(share_id, day, class)
) STRICT, WITHOUT ROWID;

-- Owner: domain/events.rs. The first of its kind that happened to a share or a card, and how many there were since.
-- Whoever makes the row is the first; times of the first never change. Goes with its subject.
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

------------------------------------------------------------------------------------------------------------------
-- Mail

-- Owner: domain/mails/mod.rs. A mail, made in one transaction with the job that sends it, whose id it has, and with the
-- charge that it costs; `state` follows the job's. Lives as long as its share; where that is gone, for 30 days after
-- its end. `user_id` is whose account bears it, and no foreign key: the ledger outlives the person.
--
-- What was not sent costs nothing: a mail that failed or was cancelled has its charge taken back, by the foreign key
-- of `given_back`, which is checked at COMMIT. A transfer is reversed once (`credit_transfers.reverses_id`), and so
-- is this.
CREATE TABLE mails(
  id          BLOB PRIMARY KEY NOT NULL CHECK(length(id) = 16),
  share_id    BLOB UNIQUE REFERENCES shares(id) ON DELETE SET NULL,
  user_id     BLOB NOT NULL CHECK(length(user_id) = 16),
  price       INTEGER NOT NULL CHECK(price BETWEEN 0 AND 1000000000000),
  charge_id   BLOB UNIQUE REFERENCES credit_transfers(id) ON DELETE RESTRICT,
  state       TEXT NOT NULL DEFAULT 'queued' CHECK(state IN ('queued', 'sent', 'failed', 'cancelled')),
  error       TEXT CHECK(length(error) <= 200),                      -- why the last attempt failed
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
