-- From version 1 to version 2: what belongs to a person, invites and trials, flags. The tables and why they are as
-- they are: `schema.sql`; a test holds that this leads to the same.

CREATE TABLE session_uses(
  session_id BLOB PRIMARY KEY NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
  seen_ms    INTEGER NOT NULL,
  idle_ms    INTEGER NOT NULL CHECK(idle_ms > seen_ms)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER session_uses_go_on BEFORE UPDATE ON session_uses
WHEN NEW.seen_ms < OLD.seen_ms BEGIN SELECT RAISE(ABORT, 'session_uses.seen_ms'); END;
ALTER TABLE passwords ADD COLUMN rehashes INTEGER NOT NULL DEFAULT 0 CHECK(rehashes >= 0);
DROP TRIGGER passwords_version_step;
CREATE TRIGGER passwords_version_step BEFORE UPDATE ON passwords
WHEN NEW.version + NEW.rehashes IS NOT OLD.version + OLD.rehashes + 1
BEGIN SELECT RAISE(ABORT, 'passwords.version'); END;
CREATE TABLE password_resets(
  token_hash BLOB PRIMARY KEY NOT NULL CHECK(length(token_hash) = 32),
  user_id    BLOB NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL CHECK(expires_ms > created_ms),
  used_ms    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX password_resets_user ON password_resets(user_id);
CREATE UNIQUE INDEX one_live_reset ON password_resets(user_id) WHERE used_ms IS NULL;
CREATE TRIGGER password_resets_once BEFORE UPDATE ON password_resets
WHEN OLD.used_ms IS NOT NULL BEGIN SELECT RAISE(ABORT, 'password_resets.used_ms'); END;
CREATE INDEX subscriptions_due ON subscriptions(expires_ms) WHERE status = 'active' AND expires_ms IS NOT NULL;
CREATE TRIGGER subscriptions_step_legally BEFORE UPDATE OF status ON subscriptions
WHEN NEW.status <> OLD.status AND NEW.status NOT IN (SELECT value FROM json_each(CASE OLD.status
  WHEN 'active' THEN '["paused", "cancelled", "expired"]'
  WHEN 'paused' THEN '["active", "cancelled"]'
  ELSE '["active"]' END))
BEGIN SELECT RAISE(ABORT, 'subscriptions.status'); END;
CREATE VIEW allowances AS
  SELECT s.user_id, t.tier, t.max_cards, t.max_webhooks
  FROM subscriptions s JOIN tiers t ON t.tier = CASE s.status WHEN 'active' THEN s.tier ELSE 'free' END;
CREATE TABLE trials(
  id           BLOB PRIMARY KEY NOT NULL CHECK(length(id) = 16),
  ip_hash      BLOB NOT NULL CHECK(length(ip_hash) = 32),
  visitor_id   TEXT NOT NULL CHECK(length(visitor_id) BETWEEN 1 AND 200),
  used         INTEGER NOT NULL DEFAULT 0 CHECK(used BETWEEN 0 AND use_limit),
  use_limit    INTEGER NOT NULL CHECK(use_limit >= 0),
  created_ms   INTEGER NOT NULL,
  converted_ms INTEGER,
  user_id      BLOB REFERENCES users(id) ON DELETE SET NULL CHECK(user_id IS NULL OR converted_ms IS NOT NULL),
  UNIQUE(ip_hash, visitor_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX trials_user ON trials(user_id) WHERE user_id IS NOT NULL;
CREATE TRIGGER trials_are_used_up BEFORE UPDATE OF used, use_limit ON trials
WHEN NEW.used < OLD.used OR NEW.use_limit <> OLD.use_limit BEGIN SELECT RAISE(ABORT, 'trials.used'); END;
CREATE TRIGGER trials_convert_once BEFORE UPDATE OF converted_ms ON trials
WHEN OLD.converted_ms IS NOT NULL BEGIN SELECT RAISE(ABORT, 'trials.converted_ms'); END;
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
CREATE TABLE invites(
  id         BLOB PRIMARY KEY NOT NULL CHECK(length(id) = 16),
  code_hash  BLOB NOT NULL UNIQUE CHECK(length(code_hash) = 32),
  request_id BLOB UNIQUE REFERENCES invite_requests(id) ON DELETE CASCADE,
  note       TEXT NOT NULL DEFAULT '' CHECK(length(note) <= 200),
  uses       INTEGER NOT NULL DEFAULT 0 CHECK(uses BETWEEN 0 AND max_uses),
  max_uses   INTEGER NOT NULL CHECK(max_uses >= 1),
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL CHECK(expires_ms > created_ms)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER invites_are_used_up BEFORE UPDATE OF uses ON invites
WHEN NEW.uses < OLD.uses BEGIN SELECT RAISE(ABORT, 'invites.uses'); END;
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
CREATE TABLE photos(
  user_id    BLOB PRIMARY KEY NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  hash       BLOB NOT NULL CHECK(length(hash) = 32),
  width      INTEGER NOT NULL CHECK(width BETWEEN 1 AND 4096),
  height     INTEGER NOT NULL CHECK(height BETWEEN 1 AND 4096),
  jpeg       BLOB NOT NULL CHECK(length(jpeg) BETWEEN 1 AND 1048576),
  created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX photos_hash ON photos(hash);
CREATE TABLE accessibility_settings(
  user_id        BLOB PRIMARY KEY NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  high_contrast  INTEGER NOT NULL CHECK(high_contrast IN (0, 1)),
  reduced_motion INTEGER NOT NULL CHECK(reduced_motion IN (0, 1)),
  large_text     INTEGER NOT NULL CHECK(large_text IN (0, 1)),
  dyslexia_font  INTEGER NOT NULL CHECK(dyslexia_font IN (0, 1)),
  text_scale     REAL NOT NULL CHECK(text_scale BETWEEN 0.8 AND 2.0),
  version        INTEGER NOT NULL DEFAULT 1 CHECK(version >= 1)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER accessibility_settings_version_step BEFORE UPDATE ON accessibility_settings
WHEN NEW.version IS NOT OLD.version + 1 BEGIN SELECT RAISE(ABORT, 'accessibility_settings.version'); END;
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
CREATE TABLE progress(
  user_id BLOB PRIMARY KEY NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  xp      INTEGER NOT NULL CHECK(xp >= 1)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER progress_grows BEFORE UPDATE ON progress
WHEN NEW.xp < OLD.xp BEGIN SELECT RAISE(ABORT, 'progress.xp'); END;
-- Whoever has a card or a link already has had a first one: it counts from when it was made.
INSERT INTO xp_events(user_id, source, source_id, xp, created_ms)
  SELECT user_id, 'first-card', '', 50, min(created_ms) FROM cards GROUP BY user_id;
INSERT INTO xp_events(user_id, source, source_id, xp, created_ms)
  SELECT user_id, 'first-link', '', 20, min(created_ms) FROM cards
  WHERE EXISTS(SELECT 1 FROM card_links WHERE card_id = cards.id) GROUP BY user_id;
INSERT INTO progress(user_id, xp) SELECT user_id, sum(xp) FROM xp_events GROUP BY user_id;
CREATE TABLE streaks(
  user_id   BLOB PRIMARY KEY NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  current   INTEGER NOT NULL CHECK(current >= 1),
  longest   INTEGER NOT NULL CHECK(longest >= current),
  last_day  INTEGER NOT NULL,
  time_zone TEXT NOT NULL CHECK(length(time_zone) BETWEEN 1 AND 64)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER streaks_go_on BEFORE UPDATE ON streaks
WHEN NEW.last_day < OLD.last_day OR NEW.longest < OLD.longest BEGIN SELECT RAISE(ABORT, 'streaks.last_day'); END;
CREATE TABLE topics(
  user_id BLOB NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  topic   TEXT NOT NULL CHECK(length(topic) BETWEEN 1 AND 64 AND topic NOT GLOB '*[^a-z0-9-]*'),
  score   INTEGER NOT NULL CHECK(score BETWEEN -9007199254740991 AND 9007199254740991),
  PRIMARY KEY(user_id, topic)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE flag_overrides(
  key     TEXT NOT NULL REFERENCES flags(key) ON DELETE CASCADE,
  user_id BLOB NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  enabled INTEGER NOT NULL CHECK(enabled IN (0, 1)),
  PRIMARY KEY(key, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX flag_overrides_user ON flag_overrides(user_id);
CREATE TABLE flag_audit(
  key          TEXT NOT NULL REFERENCES flags(key) ON DELETE RESTRICT,
  flag_version INTEGER NOT NULL CHECK(flag_version >= 1),
  actor        BLOB CHECK(length(actor) = 16),
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
CREATE TABLE saved_cards(
  user_id    BLOB NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  card_id    BLOB NOT NULL REFERENCES cards(id) ON DELETE CASCADE,
  created_ms INTEGER NOT NULL,
  PRIMARY KEY(user_id, card_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX saved_cards_card ON saved_cards(card_id);
CREATE INDEX saved_cards_time ON saved_cards(user_id, created_ms, card_id);

-- A login of before has been used when it was made, and ends when it would have.
INSERT INTO session_uses(session_id, seen_ms, idle_ms) SELECT id, created_ms, expires_ms FROM sessions;
