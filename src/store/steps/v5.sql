-- From version 4 to version 5: editions of what is public, and keys of one character that can be turned off.

ALTER TABLE accessibility_settings
  ADD COLUMN no_character_keys INTEGER NOT NULL DEFAULT 0 CHECK(no_character_keys IN (0, 1));

-- Editions of what the public sees.
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
