//! What comes in, by noun: the shapes of bodies and what is made of a body that has its shape. The API and the
//! forms of pages take the same.

pub mod cards;
