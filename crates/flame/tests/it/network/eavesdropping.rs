//! Somebody between a parent and its runners, who hears every byte.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use flame::{Blob, ParentAddress, call};
use flame_testkit::LoopbackBackend;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::ARGUMENTS;
use crate::tasks;

/// What nobody in between may read.
const CANARY: &str = "the canary of this very test";

/// Hands on what comes to it, and keeps all of it.
struct Wiretap {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Wiretap {
    async fn before(parent: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard: Arc<Mutex<Vec<u8>>> = Arc::default();
        let kept = heard.clone();
        tokio::spawn(async move {
            while let Ok((runner, _)) = listener.accept().await {
                let parent = TcpStream::connect(parent).await.unwrap();
                let (from_runner, to_runner) = runner.into_split();
                let (from_parent, to_parent) = parent.into_split();
                tokio::spawn(hand_on(from_runner, to_parent, kept.clone()));
                tokio::spawn(hand_on(from_parent, to_runner, kept.clone()));
            }
        });
        Self { address, heard }
    }

    fn has_heard(&self, what: &[u8]) -> bool {
        let heard = self.heard.lock().unwrap();
        heard.windows(what.len()).any(|window| window == what)
    }
}

async fn hand_on(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    heard: Arc<Mutex<Vec<u8>>>,
) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        heard.lock().unwrap().extend_from_slice(&buffer[..read]);
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
    let _ = to.shutdown().await;
}

/// A port that is free at the moment.
fn free_port() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

#[tokio::test]
async fn whoever_hears_every_byte_reads_neither_arguments_nor_results_nor_the_token() {
    let listen = free_port();
    let wiretap = Wiretap::before(listen).await;
    let address = ParentAddress {
        advertise: Some(wiretap.address.to_string()),
        ..ParentAddress::new(listen)
    };
    let backend = Arc::new(LoopbackBackend::listening_on(address).args(ARGUMENTS));
    let pool = tasks::pool("tapped")
        .backend(backend.clone())
        .start()
        .await
        .unwrap();
    let (canary, blob) = (
        CANARY.to_owned(),
        Blob::from(CANARY.repeat(10_000).into_bytes()),
    );
    let size = blob.len();
    let (said, back) = call!(
        pool,
        |canary, blob| async move { (format!("{canary}!"), blob) }
    )
    .await
    .unwrap();
    assert_eq!((said.as_str(), back.len()), (&*format!("{CANARY}!"), size));
    pool.shutdown().await;

    let heard = wiretap.heard.lock().unwrap().len();
    assert!(heard > 2 * size, "all of it went through here: {heard}");
    assert!(!wiretap.has_heard(CANARY.as_bytes()));
    let told = backend.told();
    assert_eq!(told.len(), 1);
    assert!(!wiretap.has_heard(b"tapped"), "not even the pool's name");
    assert!(!wiretap.has_heard(super::replay::token_of(told[0].expose()).as_slice()));
}
