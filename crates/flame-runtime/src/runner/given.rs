use std::sync::Arc;

use bytes::Bytes;
use flame_proto::frame::Reject;
use flame_proto::parent_text::ParentInfo;
use flame_proto::v1;
use flame_proto::v1::parent_client::ParentClient;
use flame_proto::weight::MAX_MESSAGE_BYTES;
use flame_task::{Secret, Secrets};
use tonic::{Code, Status};

use super::dial;
use super::door::Door;
use super::serve_error::ServeError;

/// What a parent gives a runner before its hello.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub(super) secrets: Arc<Secrets>,
    /// What the hello has to show now.
    token: [u8; 32],
}

impl Given {
    pub(super) fn new(secrets: Arc<Secrets>, token: [u8; 32]) -> Self {
        Self { secrets, token }
    }

    /// Asks the parent, over a connection of its own. It is asked once: the token is spent by that.
    pub(super) async fn ask(parent: &ParentInfo, door: Door) -> Result<Self, ServeError> {
        let channel = dial::dial(door).await?;
        let mut client = ParentClient::new(channel).max_decoding_message_size(MAX_MESSAGE_BYTES);
        let request = v1::GetSecretsRequest {
            boot: parent.boot.clone(),
            token: Bytes::copy_from_slice(&parent.token),
        };
        let given = client.get_secrets(request).await.map_err(refused)?;
        Self::decode(given.into_inner()).ok_or(ServeError::ParentLost)
    }

    fn decode(message: v1::GetSecretsResponse) -> Option<Self> {
        let mut secrets = Secrets::default();
        for v1::Secret { name, value } in message.secrets {
            secrets.insert(name, Secret::new(str::from_utf8(&value).ok()?));
        }
        let token = message.token.as_ref().try_into().ok()?;
        Some(Self::new(Arc::new(secrets), token))
    }

    /// What is known of the parent from here on.
    pub(super) fn apply_to(&self, parent: &mut ParentInfo) {
        parent.token = self.token;
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is for `map_err`")]
fn refused(status: Status) -> ServeError {
    if status.code() == Code::Unauthenticated {
        return ServeError::refused(&Reject::Unauthenticated);
    }
    tracing::debug!(error = status.message(), "the parent gave no secrets");
    ServeError::ParentLost
}
