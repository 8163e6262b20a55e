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
PRAGMA user_version = 1;

------------------------------------------------------------------------------------------------------------------
-- Installation

-- Owner: domain/settings.rs. Values of this installation, written once when first needed, kept for good.
-- `pepper`: 32 random bytes that client addresses are hashed with before they are counted.
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
-- outside the transaction, proves itself against when it comes back.
CREATE TABLE passwords(
  user_id BLOB PRIMARY KEY NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  hash    TEXT NOT NULL CHECK(hash GLOB '$argon2id$*'),              -- a PHC string, never a plain password
  version INTEGER NOT NULL DEFAULT 1 CHECK(version >= 1)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER passwords_version_step BEFORE UPDATE ON passwords
WHEN NEW.version IS NOT OLD.version + 1 BEGIN SELECT RAISE(ABORT, 'passwords.version'); END;

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
  expires_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE TRIGGER subscriptions_version_step BEFORE UPDATE ON subscriptions
WHEN NEW.version IS NOT OLD.version + 1 BEGIN SELECT RAISE(ABORT, 'subscriptions.version'); END;

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

-- Owner: domain/cards.rs. One row per person who has at least one card.
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

-- Owner: domain/cards.rs. One business card; lives until it is deleted. Counters of views stand elsewhere, since
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
