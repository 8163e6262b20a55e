//! Cards that people have put by. Owns table `saved_cards`.
