-- From version 2 to version 3: credits, shares.

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

-- Everybody has an account from birth.
INSERT INTO credit_accounts(id, kind) SELECT id, 'user' FROM users;

-- Shares, and what came of them.
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
