use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;

use super::attacked::Attacked;
use super::{DESCRIPTORS, Noise, PREFACE, cut_off, drips, floods, resets};
use crate::network::intruder::{BULK, CONTROL, encrypted};
use crate::processes::{PATIENCE, cpu_ticks};

/// How many connections say nothing.
const SILENT: usize = 2_000;
/// How many do each of the other things.
const OTHERS: usize = 20;

/// An encrypted connection, once there is room among the strangers.
async fn let_in(parent: SocketAddr, protocol: &[u8]) -> TlsStream<TcpStream> {
    let knocks = async {
        loop {
            match encrypted(parent, protocol).await {
                Ok(connection) => return connection,
                Err(_) => tokio::task::yield_now().await,
            }
        }
    };
    timeout(PATIENCE, knocks).await.unwrap()
}

/// Begins HTTP/2 and does not go on.
async fn half_a_preface(parent: SocketAddr) {
    let mut connection = let_in(parent, CONTROL).await;
    let _ = connection.write_all(&PREFACE[..10]).await;
    let _ = connection.flush().await;
    cut_off(connection).await;
}

async fn opens_and_resets(parent: SocketAddr) {
    let mut connection = let_in(parent, CONTROL).await;
    let _ = connection.write_all(PREFACE).await;
    floods(connection, &resets(), 1).await;
}

async fn connected(parent: SocketAddr) -> TcpStream {
    TcpStream::connect(parent).await.unwrap()
}

/// How many ticks the parent is busy with its calls, between which it rests, in a second.
async fn busy(parent: u32) -> u64 {
    let before = cpu_ticks(parent);
    tokio::time::sleep(Duration::from_secs(1)).await;
    cpu_ticks(parent) - before
}

#[tokio::test]
async fn all_attacks_at_once_leave_a_parent_of_few_descriptors_as_it_was() {
    let attacked = Attacked::start_with(|command| command.env(DESCRIPTORS, "256"));
    let parent = attacked.address;
    let busy_before = busy(attacked.parent.pid()).await;
    let mut attacks = JoinSet::new();
    attacks.spawn(opens_and_resets(parent));
    for _ in 0..SILENT {
        let silent = connected(parent).await;
        attacks.spawn(async move {
            cut_off(silent).await;
        });
    }
    let mut noise = Noise::new();
    for _ in 0..OTHERS {
        attacks.spawn(half_a_preface(parent));
        attacks.spawn(async move {
            drips(connected(parent).await).await;
        });
        let bytes = noise.next();
        attacks.spawn(async move { floods(connected(parent).await, &bytes, 1).await });
        let bytes = noise.next();
        attacks.spawn(async move { floods(let_in(parent, BULK).await, &bytes, 1).await });
        // What TLS begins with, and then what is none.
        let hello = [&[22, 3, 1, 2, 0, 1][..], &noise.next()].concat();
        attacks.spawn(async move { floods(connected(parent).await, &hello, 1).await });
    }
    while let Some(attack) = attacks.join_next().await {
        attack.unwrap();
    }
    let busy_after = busy(attacked.parent.pid()).await;
    assert!(
        busy_after <= 2 * busy_before + 20,
        "busy for {busy_after} ticks after the attack, and for {busy_before} before"
    );
    attacked
        .turns_out_unharmed(&["crowded", "tls", "no_hello"])
        .await;
}
