//! Pages, rendered on the server, escaped by type (`maud`). One file per page.

pub mod assets;
pub mod layout;
pub mod home;
pub mod setup;
