//! What a person says about himself or herself. Owns tables `personal_info` and `professional_info`.
