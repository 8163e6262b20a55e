-- From version 3 to version 4: the language of pages.

CREATE TABLE languages(
  user_id  BLOB PRIMARY KEY NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  language TEXT NOT NULL CHECK(language IN ('en', 'de'))
) STRICT, WITHOUT ROWID;
