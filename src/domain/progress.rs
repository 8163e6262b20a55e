//! What people have done, counted. Owns tables `progress`, `xp_events`, `streaks` and `topics`.
