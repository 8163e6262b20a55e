//! Links that set a new password. Owns table `password_resets`.
