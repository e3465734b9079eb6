//! What strangers do to the parent's port, and what honest calls notice of it.
//!
//! Each attack is made on a parent in a process of its own, which makes calls all the while, and boots one more runner
//! when it is over.

mod all_at_once;
mod attacked;

use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use flame::Pool;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use attacked::Attacked;

use super::intruder::{BULK, CONTROL, encrypted};
use super::{dialed, loopback};
use crate::marks;
use crate::processes::cpu_ticks;
use crate::scenarios::tell;
use crate::tasks::{meets, pool, process_id};

/// Tells the parent where its marks are.
const FOLDER: &str = "FLAME_TEST_MARKS";
/// Tells the parent how many descriptors it may have.
const DESCRIPTORS: &str = "FLAME_TEST_DESCRIPTORS";
/// How long a stranger is listened to, and a little more.
const CUT_OFF: Duration = Duration::from_secs(7);
/// The beginning of every HTTP/2 connection, with no settings.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/// Makes calls one after the other until it is told that it is enough, and then boots a second runner.
pub(crate) async fn is_attacked() {
    if let Ok(few) = std::env::var(DESCRIPTORS) {
        let few = Rlimit {
            current: Some(few.parse().unwrap()),
            ..getrlimit(Resource::Nofile)
        };
        setrlimit(Resource::Nofile, few).unwrap();
    }
    attacked::counts_refusals();
    let folder = std::env::var(FOLDER).unwrap();
    let path = |name: &str| format!("{folder}{name}");
    let backend = Arc::new(loopback());
    let pool = pool("attacked")
        .backend(backend.clone())
        .max(2)
        .max_concurrency(1)
        .start()
        .await
        .unwrap();
    let first = process_id().on(&pool).await.unwrap();
    tell(&format!(
        "listening on: {}",
        dialed(backend.told()[0].expose())
    ));
    let (mut calls, mut slowest) = (0, Duration::ZERO);
    // Some calls at least, however quickly an attack is over.
    while calls < 20 || !marks::is_left(&path("enough")) {
        let asked_at = Instant::now();
        assert_eq!(process_id().on(&pool).await.unwrap(), first);
        slowest = slowest.max(asked_at.elapsed());
        calls += 1;
        tokio::time::sleep(Duration::from_millis(5)).await;
        if marks::is_left(&path("no descriptors")) {
            lacks_descriptors(&path("descriptors"), &path("no descriptors"), &pool).await;
        }
    }
    tell(&format!("calls: {calls}"));
    tell(&format!("the slowest took ms: {}", slowest.as_millis()));
    fs::create_dir(path("meeting")).unwrap();
    let (one, two) = tokio::join!(
        meets(path("meeting/one"), 2).on(&pool),
        meets(path("meeting/two"), 2).on(&pool)
    );
    assert_ne!(one.unwrap(), two.unwrap());
    tell("another runner: booted");
    pool.shutdown().await;
    tell(&format!("refused: {}", attacked::refused_in_this_process()));
}

/// Has no number for another descriptor until the mark is left, and makes a call now and then.
async fn lacks_descriptors(until: &str, began: &str, pool: &Pool) {
    let usual = getrlimit(Resource::Nofile);
    let few = Rlimit {
        current: Some(3),
        ..usual
    };
    setrlimit(Resource::Nofile, few).unwrap();
    tell("there are none");
    // A mark is a file, which cannot be opened now; whether it is there can be asked.
    while !marks::is_left(until) {
        process_id().on(pool).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    setrlimit(Resource::Nofile, usual).unwrap();
    fs::remove_file(began).unwrap();
    tell("there are some");
}

/// Waits until the parent has closed the connection, and says how long that took.
async fn cut_off(mut connection: impl AsyncRead + Unpin) -> Duration {
    let began_at = Instant::now();
    let mut nothing = [0; 4096];
    let closed = async {
        while connection
            .read(&mut nothing)
            .await
            .is_ok_and(|read| read > 0)
        {}
    };
    assert!(timeout(CUT_OFF, closed).await.is_ok(), "it is still open");
    began_at.elapsed()
}

/// Sends the same again and again until the parent has closed the connection.
async fn floods(connection: impl AsyncRead + AsyncWrite + Unpin, bytes: &[u8], times: usize) {
    let (read, mut write) = tokio::io::split(connection);
    let flood = async {
        for _ in 0..times {
            if write.write_all(bytes).await.is_err() {
                return;
            }
        }
        let _ = write.flush().await;
    };
    tokio::join!(cut_off(read), flood);
}

#[tokio::test]
async fn thousands_of_silent_connections_are_closed_and_nobody_notices() {
    let attacked = Attacked::start();
    let mut waiting = Vec::new();
    for _ in 0..2_000 {
        let connection = TcpStream::connect(attacked.address).await.unwrap();
        waiting.push(tokio::spawn(cut_off(connection)));
    }
    let mut at_once = 0;
    for closed in waiting {
        at_once += usize::from(closed.await.unwrap() < Duration::from_secs(4));
    }
    assert!(at_once > 1_900, "{at_once} were not even let in");
    attacked.turns_out_unharmed(&["crowded", "tls"]).await;
}

#[tokio::test]
async fn those_who_begin_and_never_go_on_are_cut_off() {
    let attacked = Attacked::start();
    let address = attacked.address;
    let after = |protocol: &'static [u8], said: &'static [u8]| async move {
        let mut connection = encrypted(address, protocol).await.unwrap();
        connection.write_all(said).await.unwrap();
        connection.flush().await.unwrap();
        cut_off(connection).await
    };
    let began_at = Instant::now();
    let (nothing, half, whole, bulk, key) = tokio::join!(
        after(CONTROL, b""),
        after(CONTROL, &PREFACE[..10]),
        after(CONTROL, PREFACE),
        after(BULK, b""),
        after(BULK, &[0]),
    );
    for took in [nothing, half, whole, bulk, key] {
        assert!(
            took > Duration::from_secs(3),
            "a beginner has some time: {took:?}"
        );
    }
    assert!(began_at.elapsed() < CUT_OFF);
    attacked.turns_out_unharmed(&["no_hello"]).await;
}

/// Sends the beginning of an encrypted connection byte by byte, and says after what time it was cut off.
async fn drips(connection: TcpStream) -> Duration {
    let (read, mut write) = tokio::io::split(connection);
    // The header of a record of TLS that is to be as long as one may be.
    let record = [22u8, 3, 1, 64, 0, 1]
        .into_iter()
        .chain(std::iter::repeat(0));
    let drips = async {
        for byte in record {
            if write.write_all(&[byte]).await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let (took, ()) = tokio::join!(cut_off(read), drips);
    took
}

#[tokio::test]
async fn those_who_send_a_byte_at_a_time_are_cut_off_at_the_same_time() {
    let attacked = Attacked::start();
    let mut connections = Vec::new();
    for _ in 0..4 {
        let connection = TcpStream::connect(attacked.address).await.unwrap();
        connections.push(tokio::spawn(drips(connection)));
    }
    for connection in connections {
        assert!(connection.await.unwrap() < CUT_OFF);
    }
    attacked.turns_out_unharmed(&["tls"]).await;
}

/// Numbers that nobody chose, the same in each run.
struct Noise(u64);

impl Noise {
    fn new() -> Self {
        Self(0x2545_f491_4f6c_dd1d)
    }

    fn next(&mut self) -> Vec<u8> {
        let numbers = std::iter::repeat_with(|| {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0 as u8
        });
        numbers.take(64 * 1024).collect()
    }
}

/// A request that is opened and taken back, on the stream of this number.
fn opened_and_reset(stream: u32) -> Vec<u8> {
    let id = stream.to_be_bytes();
    // The method, the scheme and the path, out of the table that everybody knows.
    let mut frames = [&[0, 0, 3, 1, 4], &id[..], &[0x83, 0x86, 0x84]].concat();
    frames.extend([&[0, 0, 4, 3, 0], &id[..], &[0, 0, 0, 8]].concat());
    frames
}

/// Thousands of them.
fn resets() -> Vec<u8> {
    (0..20_000)
        .flat_map(|n| opened_and_reset(2 * n + 1))
        .collect()
}

#[tokio::test]
async fn streams_that_are_opened_and_reset_end_only_the_connection_that_does_it() {
    let attacked = Attacked::start();
    let mut connection = encrypted(attacked.address, CONTROL).await.unwrap();
    connection.write_all(PREFACE).await.unwrap();
    floods(connection, &resets(), 1).await;
    attacked.turns_out_unharmed(&["no_hello"]).await;
}

#[tokio::test]
async fn headers_without_end_are_not_read_to_their_end() {
    let attacked = Attacked::start();
    let mut connection = encrypted(attacked.address, CONTROL).await.unwrap();
    connection.write_all(PREFACE).await.unwrap();
    // A request whose headers go on in the next frame, which is full, and says so, too.
    connection
        .write_all(&[0, 0, 3, 1, 0, 0, 0, 0, 1, 0x83, 0x86, 0x84])
        .await
        .unwrap();
    let mut goes_on = vec![0, 0x40, 0, 9, 0, 0, 0, 0, 1];
    // A header that is in no table: a name of one letter and a value of 100, again and again.
    let header = [&[0x10, 1, b'x', 100][..], &[b'y'; 100]].concat();
    goes_on.extend(header.iter().cycle().take(0x4000));
    floods(connection, &goes_on, 1_000).await;
    attacked.turns_out_unharmed(&["no_hello"]).await;
}

#[tokio::test]
async fn noise_is_hung_up_on_encrypted_or_not() {
    let attacked = Attacked::start();
    let mut noise = Noise::new();
    for _ in 0..50 {
        let connection = TcpStream::connect(attacked.address).await.unwrap();
        floods(connection, &noise.next(), 1).await;
        for protocol in [CONTROL, BULK] {
            let connection = encrypted(attacked.address, protocol).await.unwrap();
            floods(connection, &noise.next(), 1).await;
        }
    }
    attacked.turns_out_unharmed(&["tls", "no_hello"]).await;
}

#[tokio::test]
async fn nothing_is_said_in_plain_text_and_nothing_for_an_unknown_purpose() {
    let attacked = Attacked::start();
    let mut plain = TcpStream::connect(attacked.address).await.unwrap();
    plain.write_all(PREFACE).await.unwrap();
    let mut said = Vec::new();
    let ended = timeout(CUT_OFF, plain.read_to_end(&mut said)).await;
    assert!(ended.is_ok(), "it is still open");
    // An alert of TLS at the most.
    assert!(said.is_empty() || said[0] == 21, "{said:?}");
    for protocol in [&b"http/1.1"[..], b"flame-bulk/2"] {
        let refused = encrypted(attacked.address, protocol).await.unwrap_err();
        assert!(
            refused.to_string().contains("NoApplicationProtocol"),
            "{refused}"
        );
    }
    attacked.turns_out_unharmed(&["tls"]).await;
}

#[tokio::test]
async fn without_descriptors_strangers_cost_nothing_and_running_sessions_go_on() {
    let attacked = Attacked::start();
    attacked.marks.leave("no descriptors");
    attacked.parent.says("there are none");
    let pid = attacked.parent.pid();
    let mut knocking = Vec::new();
    for _ in 0..50 {
        knocking.push(TcpStream::connect(attacked.address).await.unwrap());
    }
    // They are in the queue of the kernel, and stay there.
    let before = cpu_ticks(pid);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let busy = Duration::from_millis(10) * (cpu_ticks(pid) - before) as u32;
    assert!(busy < Duration::from_secs(1), "busy for {busy:?}");
    attacked.marks.leave("descriptors");
    attacked.parent.says("there are some");
    for connection in knocking {
        cut_off(connection).await;
    }
    attacked.turns_out_unharmed(&["no_descriptor"]).await;
}

#[tokio::test]
async fn a_parent_of_few_descriptors_outlives_thousands_of_strangers() {
    let attacked = Attacked::start_with(|command| command.env(DESCRIPTORS, "256"));
    let mut strangers = Vec::new();
    for _ in 0..2_000 {
        let connection = TcpStream::connect(attacked.address).await.unwrap();
        strangers.push(tokio::spawn(cut_off(connection)));
    }
    for stranger in strangers {
        stranger.await.unwrap();
    }
    attacked.turns_out_unharmed(&["crowded"]).await;
}
