use anyhow::Context;
use flame_task::{Fault, task};
use serde::{Deserialize, Serialize};

use crate::runner::{Failure, there};

#[derive(Serialize, Deserialize, Debug, PartialEq)]
enum ThumbError {
    ZeroInterval,
    Frame {
        number: u64,
        cause: Option<Option<String>>,
    },
}

#[tokio::test]
async fn an_error_of_ones_own_arrives_as_itself() {
    for zero in [true, false] {
        let frame = || ThumbError::Frame {
            number: 7,
            cause: Some(None),
        };
        let result = task!(|zero| async move {
            if zero {
                return Err(ThumbError::ZeroInterval);
            }
            Err::<(), _>(ThumbError::Frame {
                number: 7,
                cause: Some(None),
            })
        });
        let expected = if zero {
            ThumbError::ZeroInterval
        } else {
            frame()
        };
        assert_eq!(there(result).await.unwrap(), Err(expected));
    }
}

#[tokio::test]
async fn an_anyhow_error_prints_the_same_on_both_sides() {
    let path = String::from("/no/such/file");
    let read = || {
        let path = path.clone();
        task!(|path| async move {
            std::fs::read(&path)
                .with_context(|| format!("reading {path}"))
                .context("making thumbnails")
        })
    };
    let here = format!("{:#}", read().await.unwrap_err());
    let there = there(read()).await.unwrap().unwrap_err();
    assert_eq!(format!("{there:#}"), here);
    assert_eq!(there.chain().count(), 3);
}

#[tokio::test]
async fn an_error_that_nothing_names_is_anyhows() {
    let text = String::from("41");
    let parsed = task!(|text| async move {
        let n: i64 = text.parse()?;
        Ok(n + 1)
    });
    assert_eq!(there(parsed).await.unwrap().unwrap(), 42);
    let text = String::from("x");
    let parsed = task!(|text| {
        let n: i64 = text.parse()?;
        Ok(n)
    });
    let error = there(parsed).await.unwrap().unwrap_err();
    assert_eq!(error.to_string(), "invalid digit found in string");
}

#[tokio::test]
async fn an_output_that_does_not_encode_is_a_fault_of_its_own() {
    #[derive(Deserialize, Debug, PartialEq)]
    struct Stubborn;
    impl Serialize for Stubborn {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("not today"))
        }
    }
    let fault = Failure::Fault(Fault::EncodeResult("not today".into()));
    assert_eq!(
        there(task!(|| async { Stubborn })).await.unwrap_err(),
        fault
    );
    assert_eq!(there(task!(|| Stubborn)).await.unwrap_err(), fault);
    let stubborn = Stubborn;
    let error = task!(|stubborn| stubborn == Stubborn)
        .into_parts()
        .unwrap_err();
    assert!(
        error.to_string().ends_with("do not encode: not today"),
        "{error}"
    );
}
