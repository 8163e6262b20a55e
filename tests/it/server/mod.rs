//! The connection layer, on raw sockets.

mod fixture;

mod capacity;
mod deadlines;
mod framing;
mod garbage;
mod limits;
mod replies;
mod stop;
