//! What visitors without an account have tried. Owns table `trials`.
