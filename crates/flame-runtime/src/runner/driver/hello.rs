use bytes::Bytes;
use flame_proto::frame::Hello;
use flame_proto::hello::runner_features;

use super::Driver;

impl Driver {
    pub(super) fn hello(&self) -> Hello {
        Hello {
            versions: self.parent.versions,
            boot: self.parent.boot.clone(),
            token: Bytes::copy_from_slice(&self.parent.token),
            build: flame_task::build_id().to_owned(),
            tasks: u32::try_from(flame_task::registry::tasks().count()).unwrap_or(u32::MAX),
            pid: std::process::id(),
            host: rustix::system::uname()
                .nodename()
                .to_string_lossy()
                .into_owned(),
            panic_aborts: cfg!(panic = "abort"),
            features: runner_features(),
        }
    }
}
