//! The built program, as somebody at a shell meets it.

mod check;
mod demo;
mod help;
mod people;
mod serve;
mod stop;
