use serde_json::{Value, json};

/// Where images come from that do not say it.
const DEFAULT_REGISTRY: &str = "registry-1.docker.io";
const DEFAULT_TAG: &str = "latest";

/// The parts of an image's name.
pub(super) fn parse(image: &str) -> Value {
    let (name, digest) = image.split_once('@').unwrap_or((image, ""));
    let (registry, rest) = name
        .split_once('/')
        .filter(|(first, _)| first.contains(['.', ':']) || *first == "localhost")
        .unwrap_or((DEFAULT_REGISTRY, name));
    let (repository, tag) = rest.split_once(':').unwrap_or((rest, DEFAULT_TAG));
    let repository = if registry == DEFAULT_REGISTRY && !repository.contains('/') {
        format!("library/{repository}")
    } else {
        repository.to_owned()
    };
    let digest = if digest.is_empty() {
        format!("sha256:{}", blake3::hash(image.as_bytes()).to_hex())
    } else {
        digest.to_owned()
    };
    json!({
        "registry": registry,
        "repository": repository,
        "tag": tag,
        "digest": digest,
        "labels": {},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_an_image_are_told_apart() {
        let parsed = parse("localhost:5000/team/app:v1");
        assert_eq!(parsed["registry"], "localhost:5000");
        assert_eq!(parsed["repository"], "team/app");
        assert_eq!(parsed["tag"], "v1");
        let parsed = parse("ubuntu");
        assert_eq!(parsed["registry"], DEFAULT_REGISTRY);
        assert_eq!(parsed["repository"], "library/ubuntu");
        assert_eq!(parsed["tag"], "latest");
        let parsed = parse("r.example/app@sha256:12");
        assert_eq!(parsed["digest"], "sha256:12");
    }
}
