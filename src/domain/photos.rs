//! Photos of people. Owns table `photos`.
