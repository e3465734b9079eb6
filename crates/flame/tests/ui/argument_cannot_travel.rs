//! An argument of a remote function is no serde type.

struct Video {
    id: u64,
}

#[flame::remote]
async fn thumbnails(video: Video, interval: u32) -> Vec<u64> {
    vec![video.id, u64::from(interval)]
}

fn main() {}
