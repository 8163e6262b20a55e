//! Sockets and threads.
