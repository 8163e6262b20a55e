//! Pages, rendered on the server, escaped by type (`maud`). One file per page.

pub mod assets;
pub mod layout;
mod forms;
pub mod home;
pub mod setup;
pub mod reset;
