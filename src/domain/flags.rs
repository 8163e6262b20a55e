//! Switches of the product. Owns tables `flags`, `flag_overrides` and `flag_audit`.
