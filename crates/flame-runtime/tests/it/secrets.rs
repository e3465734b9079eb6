//! Who asks the parent for the secrets of its runners, over the real socket.

use bytes::Bytes;
use flame_proto::parent_text::ParentInfo;
use flame_proto::v1;
use flame_proto::v1::parent_client::ParentClient;
use flame_runtime::{Pool, RunnerEnv};
use tonic::{Code, Status};

use super::add;
use super::impostors::{Stage, reach, start};

async fn ask(
    home: &ParentInfo,
    boot: &str,
    token: &[u8],
) -> Result<v1::GetSecretsResponse, Status> {
    let request = v1::GetSecretsRequest {
        boot: boot.to_owned(),
        token: Bytes::copy_from_slice(token),
    };
    let mut client = ParentClient::new(reach(home).await);
    client
        .get_secrets(request)
        .await
        .map(|given| given.into_inner())
}

#[tokio::test]
async fn secrets_are_given_once_and_whoever_is_refused_learns_nothing() {
    let stage = Stage::new();
    let pool = Pool::builder("stage")
        .max(1)
        .backend(stage.clone())
        .env(RunnerEnv::new().secret("PAYMENT_KEY", "sk_live_4711"))
        .start()
        .await
        .unwrap();
    let call = tokio::spawn(add(1, 1).on(&pool));
    let home = stage.next_role().await;
    assert!(home.has_secrets);
    let (boot, token) = (&*home.boot, home.token);

    let mut refusals = vec![
        ask(&home, boot, &[7; 32]).await.unwrap_err(),
        ask(&home, boot, &[]).await.unwrap_err(),
        ask(&home, "stage-0-0", &token).await.unwrap_err(),
    ];
    let given = ask(&home, boot, &token).await.unwrap();
    assert_eq!(given.secrets.len(), 1);
    assert_eq!(&*given.secrets[0].value, b"sk_live_4711");
    assert!(!format!("{given:?}").contains("4711"), "{given:?}");
    refusals.push(ask(&home, boot, &token).await.unwrap_err());
    refusals.push(ask(&home, boot, &given.token).await.unwrap_err());
    for refusal in refusals {
        let told = (refusal.code(), refusal.message());
        assert_eq!(told, (Code::Unauthenticated, ""));
    }
    call.abort();
    pool.kill().await;
}

#[tokio::test]
async fn a_pool_without_secrets_has_nothing_to_ask_for() {
    let stage = Stage::new();
    let pool = start(&stage).await;
    let call = tokio::spawn(add(1, 1).on(&pool));
    assert!(!stage.next_role().await.has_secrets);
    call.abort();
    pool.kill().await;
}
