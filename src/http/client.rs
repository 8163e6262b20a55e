//! Where a request comes from. What proxies say about it counts only from those that are trusted.

use super::request::Head;
use ipnet::IpNet;
use std::net::IpAddr;

/// The client of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    /// Its address.
    pub address: IpAddr,
    /// Whether it reached the outermost trusted proxy by https; `None` if nobody said.
    pub secure: Option<bool>,
    /// Whether the peer of the connection is a trusted proxy.
    pub proxied: bool,
}

impl Client {
    /// The client behind `head`: the peer itself, or, where the peer is a trusted proxy, the last hop that
    /// is none.
    pub fn of(head: &Head, trusted: &[IpNet]) -> Self {
        let trusts = |address: IpAddr| trusted.iter().any(|net| net.contains(&canonical(address)));
        let peer = canonical(head.peer);
        if !trusts(peer) {
            return Self { address: peer, secure: None, proxied: false };
        }
        let hops = hops(head);
        let address = hops.iter().rev().copied().find(|hop| !trusts(*hop));
        let address = address.or(hops.first().copied()).unwrap_or(peer);
        Self { address, secure: forwarded_proto(head), proxied: true }
    }

    /// The part of the address that stands for one subscriber: all of IPv4, the /64 of IPv6.
    pub fn subscriber(&self) -> Vec<u8> {
        match self.address {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().iter().take(8).copied().collect(),
        }
    }

    /// Whether the client is this machine: its owner, or a proxy nobody told us to trust. Limits per
    /// address would count everybody as one there.
    pub const fn is_local(&self) -> bool {
        self.address.is_loopback()
    }
}

fn canonical(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

/// The addresses in `Forwarded` (RFC 7239), else in `X-Forwarded-For`, nearest last. An obfuscated or
/// unreadable hop ends the trail: nothing before it can be believed.
fn hops(head: &Head) -> Vec<IpAddr> {
    let forwarded: Vec<&str> = head.headers.all("forwarded").flat_map(|f| f.split(',')).collect();
    let written: Vec<Option<IpAddr>> = if forwarded.is_empty() {
        let fields = head.headers.all("x-forwarded-for").flat_map(|field| field.split(','));
        fields.map(|hop| address(hop.trim())).collect()
    } else {
        forwarded.iter().map(|hop| parameter(hop, "for").and_then(address)).collect()
    };
    let believed = written.iter().rev().map_while(|hop| *hop);
    let mut hops: Vec<IpAddr> = believed.map(canonical).collect();
    hops.reverse();
    hops
}

fn forwarded_proto(head: &Head) -> Option<bool> {
    let forwarded = head.headers.get("forwarded").and_then(|hops| parameter(hops, "proto"));
    let proto = forwarded.or_else(|| head.headers.get("x-forwarded-proto"))?;
    Some(proto.eq_ignore_ascii_case("https"))
}

fn parameter<'a>(hop: &'a str, name: &str) -> Option<&'a str> {
    let pairs = hop.split(';').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(key, value)| (key.trim(), value.trim().trim_matches('"')))
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`.
fn address(text: &str) -> Option<IpAddr> {
    if let Ok(socket) = text.parse::<std::net::SocketAddr>() {
        return Some(socket.ip());
    }
    text.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Headers, Method};

    fn client(peer: &str, fields: &[(&str, &str)]) -> Client {
        let mut headers = Headers::default();
        for (name, value) in fields {
            headers.push(name, value);
        }
        let (path, query) = ("/".to_owned(), None);
        let peer = peer.parse().unwrap();
        let head = Head { method: Method::Get, path, query, headers, peer };
        Client::of(&head, &["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()])
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let xff = "x-forwarded-for";
        for (peer, fields, address) in [
            ("192.0.2.7", vec![(xff, "203.0.113.1")], "192.0.2.7"),
            ("10.0.0.1", vec![(xff, "203.0.113.1")], "203.0.113.1"),
            ("10.0.0.1", vec![(xff, "198.51.100.9, 203.0.113.1, 10.0.0.2")], "203.0.113.1"),
            ("10.0.0.1", vec![(xff, "198.51.100.9"), (xff, "203.0.113.1")], "203.0.113.1"),
            ("10.0.0.1", vec![(xff, "nonsense, 10.0.0.2")], "10.0.0.2"),
            ("10.0.0.1", vec![], "10.0.0.1"),
            ("::ffff:10.0.0.1", vec![(xff, "203.0.113.1:4711")], "203.0.113.1"),
            ("::1", vec![("forwarded", "for=\"[2001:db8::1]:80\";proto=https")], "2001:db8::1"),
            ("10.0.0.1", vec![("forwarded", "for=203.0.113.1, for=_hidden")], "10.0.0.1"),
        ] {
            assert_eq!(
                client(peer, &fields).address,
                address.parse::<IpAddr>().unwrap(),
                "{fields:?}"
            );
        }
        assert_eq!(client("10.0.0.1", &[("x-forwarded-proto", "https")]).secure, Some(true));
        assert_eq!(client("192.0.2.7", &[("x-forwarded-proto", "https")]).secure, None);
    }
}
