//! How somebody needs the pages to be. Owns table `accessibility_settings`.
