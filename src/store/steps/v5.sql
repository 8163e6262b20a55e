-- From version 4 to version 5: keys of one character can be turned off.

ALTER TABLE accessibility_settings
  ADD COLUMN no_character_keys INTEGER NOT NULL DEFAULT 0 CHECK(no_character_keys IN (0, 1));
