//! Progress: points, streak and topics.
