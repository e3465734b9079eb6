use std::io;

use rustls::pki_types::ServerName;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use super::*;

/// What the runner sent, as the parent saw it, with the key behind it; and what either side made of it.
async fn meet(
    parent: &Identity,
    runner: &Identity,
    pin: Fingerprint,
) -> (io::Result<(Fingerprint, Vec<u8>)>, io::Result<()>) {
    meet_at(server(parent).unwrap(), runner, pin).await
}

async fn meet_at(
    parent: Arc<ServerConfig>,
    runner: &Identity,
    pin: Fingerprint,
) -> (io::Result<(Fingerprint, Vec<u8>)>, io::Result<()>) {
    let (here, there) = duplex(64 * 1024);
    let acceptor = TlsAcceptor::from(parent);
    let connector = TlsConnector::from(client(runner, pin, BULK_PROTOCOL).unwrap());
    let parent = async {
        let mut connection = acceptor.accept(here).await?;
        assert_eq!(connection.get_ref().1.alpn_protocol(), Some(BULK_PROTOCOL));
        let shown = connection.get_ref().1.peer_certificates().unwrap();
        let shown = Fingerprint::of(&shown[0]);
        let mut heard = Vec::new();
        connection.read_to_end(&mut heard).await?;
        Ok((shown, heard))
    };
    let runner = async {
        let name = ServerName::try_from("anything").unwrap();
        let mut connection = connector.connect(name, there).await?;
        connection.write_all(b"hello").await?;
        connection.shutdown().await
    };
    tokio::join!(parent, runner)
}

#[tokio::test]
async fn the_pinned_parent_is_taken_and_sees_which_key_the_runner_has() {
    let (parent, runner) = (Identity::new().unwrap(), Identity::new().unwrap());
    let (heard, said) = meet(&parent, &runner, parent.fingerprint()).await;
    said.unwrap();
    assert_eq!(heard.unwrap(), (runner.fingerprint(), b"hello".to_vec()));
}

#[tokio::test]
async fn another_parent_is_a_stranger_and_hears_nothing() {
    let (parent, runner) = (Identity::new().unwrap(), Identity::new().unwrap());
    let other = Identity::new().unwrap();
    let (heard, said) = meet(&other, &runner, parent.fingerprint()).await;
    assert!(is_stranger(&said.unwrap_err()));
    heard.unwrap_err();
}

#[tokio::test]
async fn a_certificate_without_its_key_is_no_parent() {
    let (parent, runner) = (Identity::new().unwrap(), Identity::new().unwrap());
    let thief = Identity::new().unwrap();
    let key = scheme::provider()
        .key_provider
        .load_private_key(thief.key());
    let stolen = CertifiedKey::new(vec![parent.certificate().clone()], key.unwrap());
    let mut config = ServerConfig::builder_with_provider(scheme::provider())
        .with_protocol_versions(&[&TLS13])
        .unwrap()
        .with_client_cert_verifier(Arc::new(any_runner::AnyRunner))
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(stolen)));
    config.alpn_protocols = vec![BULK_PROTOCOL.to_vec()];

    let (heard, said) = meet_at(Arc::new(config), &runner, parent.fingerprint()).await;
    let error = said.unwrap_err();
    assert!(error.to_string().contains("BadSignature"), "{error}");
    heard.unwrap_err();
}
