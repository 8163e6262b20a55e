//! Where a message may go. Whoever enters an address could have the server knock on doors that only the server can
//! reach (OWASP API7:2023): the address is checked when it is entered, and the machine it leads to at each attempt,
//! since a name may lead elsewhere by then.

use crate::config::WebhookTargets;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// What is not the public Internet (IANA special-purpose registries), beside what is inside IPv6.
const V4: &[(Ipv4Addr, u8)] = &[
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];
const V6: &[(Ipv6Addr, u8)] = &[
    (Ipv6Addr::UNSPECIFIED, 128),
    (Ipv6Addr::LOCALHOST, 128),
    (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96),
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48),
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10),
    (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8),
];

/// Says where a message may go.
#[derive(Debug, Clone, Default)]
pub struct Guard(pub WebhookTargets);

/// Why an address cannot be taken: the fault's code and its sentence.
type Refusal = (&'static str, &'static str);

impl Guard {
    /// The address, if messages may be sent there as far as can be seen from it.
    pub fn check(&self, text: &str) -> Result<Url, Refusal> {
        let url = Url::parse(text).ok().ok_or(("url", "must be an https address"))?;
        let host = url.host().ok_or(("url", "must be an https address"))?;
        let address = match host {
            Host::Ipv4(address) => Some(IpAddr::V4(address)),
            Host::Ipv6(address) => Some(IpAddr::V6(address)),
            Host::Domain(name) if is_own(name) => Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            Host::Domain(_) => None,
        };
        let is_listed = address.is_some_and(|address| self.lists(address));
        match url.scheme() {
            "https" => {}
            "http" if self.0.allows_http || is_listed => {}
            "http" => return Err(("scheme", "must begin with https:")),
            _ => return Err(("scheme", "must be an https address")),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(("url", "must not hold a name or password"));
        }
        let port = url.port_or_known_default().unwrap_or(0);
        if address.is_some_and(|address| !self.allows(address)) {
            return Err(("target", "must lead to the public Internet"));
        }
        // A name may lead to a network that is listed; the port is looked at again with the address then.
        let may_be_listed = is_listed || (address.is_none() && !self.0.allowed.is_empty());
        if !allows_port(port, may_be_listed) {
            return Err(("port", "must use port 443 or 80"));
        }
        Ok(url)
    }

    /// Whether a message may be sent to this machine.
    pub fn allows(&self, address: IpAddr) -> bool {
        self.lists(address) || is_public(address)
    }

    /// Whether it may be sent to this port of it.
    pub fn allows_at(&self, address: IpAddr, port: u16) -> bool {
        self.allows(address) && allows_port(port, self.lists(address))
    }

    fn lists(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.allowed.iter().any(|network| network.contains(&address))
    }
}

const fn allows_port(port: u16, is_listed: bool) -> bool {
    matches!(port, 80 | 443) || is_listed
}

/// Names that lead to this machine by convention.
fn is_own(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// Whether an address is of the public Internet; one in disguise is what it leads to.
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let address = u32::from(address);
            let within = |(network, length): &(Ipv4Addr, u8)| {
                (address ^ u32::from(*network)) >> (32 - length) == 0
            };
            !V4.iter().any(within)
        }
        IpAddr::V6(address) => {
            let address = u128::from(address);
            let within = |(network, length): &(Ipv6Addr, u8)| {
                (address ^ u128::from(*network)) >> (128 - length) == 0
            };
            // `::a.b.c.d`, long out of use, is IPv4, too.
            address >> 32 != 0 && !V6.iter().any(within)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(guard: &Guard, url: &str) -> &'static str {
        guard.check(url).expect_err(url).0
    }

    #[test]
    fn only_the_public_internet_can_be_reached() {
        let guard = Guard::default();
        for url in ["https://example.org/hook", "https://8.8.8.8/", "https://[2606:4700::1111]/x?y"]
        {
            assert!(guard.check(url).is_ok(), "{url}");
        }
        for url in [
            "https://127.0.0.1/",
            "https://localhost/",
            "https://sub.localhost./",
            "https://0x7f.1/",
            "https://2130706433/",
            "https://0177.0.0.1/",
            "https://10.0.0.1/",
            "https://172.31.255.255/",
            "https://192.168.1.1/",
            "https://169.254.169.254/latest",
            "https://100.64.0.1/",
            "https://0.0.0.0/",
            "https://255.255.255.255/",
            "https://[::1]/",
            "https://[::]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://[::7f00:1]/",
            "https://[64:ff9b::a00:1]/",
            "https://[2002:a00:1::]/",
            "https://[fd00::1]/",
            "https://[fe80::1]/",
            "https://[ff02::1]/",
        ] {
            assert_eq!(refused(&guard, url), "target", "{url}");
        }
    }

    #[test]
    fn an_address_is_plain() {
        let guard = Guard::default();
        for (url, code) in [
            ("", "url"),
            ("example.org", "url"),
            ("https://", "url"),
            ("https://user@example.org/", "url"),
            ("https://:secret@example.org/", "url"),
            ("http://example.org/", "scheme"),
            ("ftp://example.org/", "scheme"),
            ("file:///etc/passwd", "url"),
            ("https://example.org:22/", "port"),
            ("https://example.org:8443/", "port"),
        ] {
            assert_eq!(refused(&guard, url), code, "{url}");
        }
    }

    #[test]
    fn an_operator_may_allow_more() {
        let allowed = vec!["10.0.0.0/8".parse().unwrap()];
        let guard = Guard(WebhookTargets { allowed, allows_http: false });
        assert!(guard.check("http://10.1.2.3:9000/").is_ok());
        assert!(guard.check("https://[::ffff:10.1.2.3]:9000/").is_ok());
        assert_eq!(refused(&guard, "https://127.0.0.1/"), "target");
        assert_eq!(refused(&guard, "http://example.org/"), "scheme");
        // Where a name leads to is seen only when it is asked for.
        assert!(guard.check("https://intranet.example:9000/").is_ok());
        assert!(guard.allows_at([10, 0, 0, 1].into(), 9_000));
        assert!(!guard.allows_at([8, 8, 8, 8].into(), 9_000));
        assert!(guard.allows_at([8, 8, 8, 8].into(), 443));
        let guard = Guard(WebhookTargets { allowed: Vec::new(), allows_http: true });
        assert!(guard.check("http://example.org/").is_ok());
        assert_eq!(refused(&guard, "http://10.0.0.1/"), "target");
    }
}
