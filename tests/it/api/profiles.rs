//! What a person says about himself or herself.
