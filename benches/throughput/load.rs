//! Making load and counting what comes back.

use crate::served::Member;
use cardinal::clock::Instant;
use cardinal::testing::Client;
use std::net::SocketAddr;
use std::sync::Barrier;
use std::time::Duration;

/// Connections that read.
const CONNECTIONS: usize = 32;

/// What was measured.
pub(crate) struct Figures {
    per_second: f64,
    p50: Duration,
    p99: Duration,
    max: Duration,
}

pub(crate) fn print_head(title: &str) {
    println!(
        "\n{title}\n{:<36} {:>10} {:>9} {:>9} {:>9}",
        "", "per s", "p50 ms", "p99 ms", "max ms"
    );
}

impl Figures {
    pub(crate) fn print(&self, what: &str) {
        let ms = |span: Duration| span.as_secs_f64() * 1_000.0;
        println!(
            "{what:<36} {:>10.0} {:>9.2} {:>9.2} {:>9.1}",
            self.per_second,
            ms(self.p50),
            ms(self.p99),
            ms(self.max)
        );
    }

    /// The same where each piece of work was `n`.
    pub(crate) fn times(self, n: u32) -> Self {
        Self { per_second: self.per_second * f64::from(n), ..self }
    }
}

/// Runs work on so many threads for `span`, after a start that is common to all.
pub(crate) fn run<W: FnMut() + Send>(
    threads: usize,
    span: Duration,
    work: impl Fn(usize) -> W + Sync,
) -> Figures {
    let start = Barrier::new(threads);
    let (took, spans) = std::thread::scope(|scope| {
        let runners: Vec<_> = (0..threads)
            .map(|thread| {
                let (start, work) = (&start, &work);
                scope.spawn(move || {
                    let mut work = work(thread);
                    start.wait();
                    let began = Instant::now();
                    let mut spans = Vec::with_capacity(1 << 16);
                    while began.elapsed() < span {
                        let before = Instant::now();
                        work();
                        spans.push(before.elapsed());
                    }
                    (began.elapsed(), spans)
                })
            })
            .collect();
        let ended: Vec<_> = runners.into_iter().map(|runner| runner.join().unwrap()).collect();
        let took = ended.iter().map(|(took, _)| *took).max().unwrap();
        (took, ended.into_iter().flat_map(|(_, spans)| spans).collect::<Vec<_>>())
    });
    figures(spans, took)
}

fn figures(mut spans: Vec<Duration>, took: Duration) -> Figures {
    spans.sort_unstable();
    let at = |percent: usize| spans[(spans.len() - 1) * percent / 100];
    let per_second = spans.len() as f64 / took.as_secs_f64();
    Figures { per_second, p50: at(50), p99: at(99), max: at(100) }
}

/// POSTs by one person per connection.
pub(crate) fn post(
    address: SocketAddr,
    path: &str,
    people: &[Member],
    body: impl Fn(u64) -> String + Sync,
    span: Duration,
) -> Figures {
    run(people.len(), span, |thread| {
        let mut client = Client::connect(address).unwrap().bearer(&people[thread].token);
        let (mut n, body) = (thread as u64, &body);
        move || {
            n += 1_000;
            let headers = [("Content-Type", "application/json")];
            let reply = client.send("POST", path, &headers, body(n).as_bytes()).unwrap();
            assert_eq!(reply.status, 201, "{}", reply.text());
        }
    })
}

/// What a browser says of itself and of what it wants, and what a program says.
pub(crate) const BROWSER: &[(&str, &str)] = &[
    ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
    ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("Accept-Language", "en-GB,en;q=0.7"),
    ("Accept-Encoding", "gzip, deflate, br, zstd"),
];
pub(crate) const PROGRAM: &[(&str, &str)] = &[("Accept", "application/json")];

/// GETs of public cards, one after the other.
pub(crate) fn get(
    address: SocketAddr,
    headers: &[(&str, &str)],
    slugs: &[String],
    span: Duration,
) -> Figures {
    let paths: Vec<String> = slugs.iter().map(|slug| format!("/c/{slug}")).collect();
    run(CONNECTIONS, span, |thread| {
        let client = Client::connect(address).unwrap();
        let mut client =
            headers.iter().fold(client, |client, (name, value)| client.with(name, value));
        let (mut n, paths) = (thread * 7_919, &paths);
        move || {
            n += 1;
            let reply = client.get(&paths[n % paths.len()]).unwrap();
            assert_eq!(reply.status, 200, "{}", reply.text());
        }
    })
}
