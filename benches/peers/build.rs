//! Generates the wire code of the gRPC peers.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=proto/peers.proto");
    let contract = protox::compile(["proto/peers.proto"], ["proto"])?;
    // Payloads share the buffer that they arrived in, as they do for us.
    tonic_prost_build::configure()
        .bytes(".peers")
        .compile_fds(contract)?;
    Ok(())
}
