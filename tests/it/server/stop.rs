//! A stop: nothing new, nothing idle, everything in flight to its end, and then nothing left.

use super::fixture::{Echo, Fixture, PATIENCE, field, status};
use cardinal::clock::Instant;
use cardinal::config::Limits;
use cardinal::server::Server;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

#[test]
fn requests_in_flight_finish() {
    let Fixture { server, echo } = Fixture::new();
    let address = server.local_addr();
    let connect = || super::fixture::Raw::connect(address);
    let (mut idle, mut busy, mut slow) = (connect(), connect(), connect());
    busy.send("GET /hold HTTP/1.1\r\nHost: x\r\n\r\n");
    slow.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    assert_eq!(status(&slow.reply()), 100);
    echo.await_held(1);
    std::thread::scope(|scope| {
        let stopped = scope.spawn(move || server.stop());
        assert_eq!(idle.rest(), "", "idle connections are closed at once");
        assert!(busy.is_quiet(), "a request in a handler is waited for");
        assert!(TcpStream::connect(address).is_err(), "nobody listens any more");
        slow.send("hello");
        let reply = slow.rest();
        assert!(reply.ends_with("POST / - x hello"), "{reply}");
        assert_eq!(field(&reply, "Connection"), Some("close"));
        assert!(!stopped.is_finished());
        echo.release.stop();
        let reply = busy.rest();
        assert_eq!((status(&reply), field(&reply, "Connection")), (200, Some("close")));
        stopped.join().unwrap();
    });
    assert_eq!(Arc::strong_count(&echo), 1, "the service is released");
}

#[test]
fn what_does_not_finish_is_cut_off() {
    let Fixture { server, echo } =
        Fixture::with(|limits| limits.drain_deadline = Duration::from_millis(100));
    let mut slow = super::fixture::Raw::connect(server.local_addr());
    slow.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    assert_eq!(status(&slow.reply()), 100);
    let begun = Instant::now();
    server.stop();
    assert!(begun.elapsed() < PATIENCE / 2, "after {:?}", begun.elapsed());
    assert_eq!(Arc::strong_count(&echo), 1);
    assert_ne!(status(&slow.rest()), 200);
}

#[test]
fn a_handler_that_hangs_does_not_hang_the_stop() {
    let Fixture { server, echo } =
        Fixture::with(|limits| limits.drain_deadline = Duration::from_millis(100));
    let mut busy = super::fixture::Raw::connect(server.local_addr());
    busy.send("GET /hold HTTP/1.1\r\nHost: x\r\n\r\n");
    echo.await_held(1);
    let begun = Instant::now();
    server.stop();
    assert!(begun.elapsed() < PATIENCE / 2, "after {:?}", begun.elapsed());
    echo.release.stop();
    assert_eq!(busy.rest(), "");
}

#[test]
fn servers_come_and_go() {
    let echo = Arc::new(Echo::default());
    for _ in 0..200 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let service = Arc::clone(&echo);
        drop(Server::start(listener, service, &Limits::default()).unwrap());
    }
    assert_eq!(Arc::strong_count(&echo), 1);
}
