use bytes::{Bytes, BytesMut};
use flame_task::{Blob, Payload, registry, task};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::runner::{ctx, run, there};

const MEBIBYTE: usize = 1 << 20;

#[tokio::test]
async fn blobs_travel_beside_the_message_and_arrive_as_slices_of_it() {
    let (one, two) = (Blob::from(vec![1; MEBIBYTE]), Blob::from(vec![2; MEBIBYTE]));
    let addresses = [one.as_ptr().addr(), two.as_ptr().addr()];
    let swap = task!(|one, two| async move { (two, one) });
    let (outbound, decode) = swap.into_parts().unwrap();
    let payload = outbound.payload;
    assert_eq!(
        payload
            .blobs
            .iter()
            .map(|blob| blob.as_ptr().addr())
            .collect::<Vec<_>>(),
        addresses
    );
    assert!(payload.head.len() < 16);
    assert_eq!(
        payload.size(),
        payload.head.len() as u64 + 2 * MEBIBYTE as u64
    );

    // As a receiver does it: one buffer, and a slice for each part.
    let mut received = BytesMut::new();
    payload
        .blobs
        .iter()
        .for_each(|blob| received.extend_from_slice(blob));
    let mut received = received.freeze();
    let place = received.as_ptr().addr();
    let blobs = vec![received.split_to(MEBIBYTE), received];
    let arrived = Payload {
        head: payload.head,
        blobs,
        ends: payload.ends,
    };
    let entry = registry::find(outbound.task.exact()).unwrap();
    let body = entry
        .start(arrived, ctx("blobs", CancellationToken::new()))
        .unwrap();
    let (two, one) = decode(run(body).await.unwrap()).unwrap();
    assert_eq!(one.as_ptr().addr(), place);
    assert_eq!(two.as_ptr().addr(), place + MEBIBYTE);
}

#[derive(Serialize, Deserialize, Debug, PartialEq, Clone)]
#[serde(tag = "kind")]
enum Frame {
    Raw {
        pixels: Blob,
        also: Vec<Option<Blob>>,
    },
    Empty,
}

#[tokio::test]
async fn blobs_may_lie_anywhere_in_a_value() {
    let small = Blob::from(vec![7; 10]);
    let frames = vec![
        Frame::Raw {
            pixels: small.clone(),
            also: vec![None, Some(small)],
        },
        Frame::Empty,
    ];
    let sent = frames.clone();
    assert_eq!(there(task!(|sent| sent)).await.unwrap(), frames);
}

#[test]
fn outside_of_a_task_a_blob_is_plain_bytes() {
    let blob = Blob::from(Bytes::from_static(b"hi"));
    assert_eq!(serde_json::to_string(&blob).unwrap(), "[104,105]");
    assert_eq!(serde_json::from_str::<Blob>("[104,105]").unwrap(), blob);
    assert_eq!(format!("{blob:?}"), "Blob(2 bytes)");
}

#[test]
fn a_blob_that_is_not_there_is_an_error() {
    let blob = Blob::from(vec![1, 2]);
    let (outbound, _) = task!(|blob| blob.len()).into_parts().unwrap();
    let entry = registry::find(outbound.task.exact()).unwrap();
    let cut = Payload {
        head: outbound.payload.head,
        blobs: vec![],
        ends: outbound.payload.ends,
    };
    let error = entry
        .start(cut, ctx("blobs", CancellationToken::new()))
        .unwrap_err();
    assert!(
        error.to_string().ends_with("there is no blob number 0"),
        "{error}"
    );
}

#[derive(Serialize, Deserialize, Debug, PartialEq, Clone)]
#[serde(untagged)]
enum NumberFirst {
    Number(u64),
    Text(String),
    List(Vec<u8>),
    Blob(Blob),
}

#[derive(Serialize, Deserialize, Debug, PartialEq, Clone)]
#[serde(untagged)]
enum BlobFirst {
    Blob(Blob),
    Number(u64),
    Text(String),
}

#[tokio::test]
async fn a_blob_is_mistaken_for_nothing_else_and_nothing_else_for_a_blob() {
    let blob = || Blob::from(vec![7; 10]);
    let sent = vec![
        NumberFirst::Blob(blob()),
        NumberFirst::Number(0),
        NumberFirst::Text("0".into()),
        NumberFirst::List(vec![0]),
    ];
    let expected = sent.clone();
    assert_eq!(there(task!(|sent| sent)).await.unwrap(), expected);
    let sent = vec![
        BlobFirst::Blob(blob()),
        BlobFirst::Number(0),
        BlobFirst::Text("0".into()),
    ];
    let expected = sent.clone();
    assert_eq!(there(task!(|sent| sent)).await.unwrap(), expected);
}

#[derive(Debug, PartialEq, Clone)]
struct AsJson(Vec<Blob>);

impl Serialize for AsJson {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = serde_json::to_string(&self.0).map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for AsJson {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        serde_json::from_str(&text)
            .map(Self)
            .map_err(serde::de::Error::custom)
    }
}

#[tokio::test]
async fn a_blob_in_someones_json_travels_too() {
    let json = AsJson(vec![Blob::from(vec![7, 8]), Blob::default()]);
    let sent = json.clone();
    let (outbound, _) = task!(|sent| sent).into_parts().unwrap();
    assert_eq!(outbound.payload.blobs.len(), 0, "it is JSON's own");
    assert!(outbound.payload.head.ends_with(b"[[7,8],[]]"));
    let sent = json.clone();
    assert_eq!(there(task!(|sent| sent)).await.unwrap(), json);
}
