//! The error of a result is no serde type.

#[flame::remote]
async fn size(path: String) -> std::io::Result<u64> {
    Ok(std::fs::metadata(path)?.len())
}

fn main() {}
