use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Component, Path};
use std::{fs, io::ErrorKind};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value};
use tempfile::TempDir;

/// Writes the files of a machine below a folder of its own, which is not where the machine expects them.
pub(super) fn write(config: &Map<String, Value>) -> io::Result<TempDir> {
    let root = tempfile::tempdir()?;
    let files = config.get("files").and_then(Value::as_array);
    for file in files.into_iter().flatten() {
        let text = |field: &str| file.get(field).and_then(Value::as_str);
        let Some(content) = text("raw_value") else {
            continue;
        };
        let content = BASE64_STANDARD.decode(content).map_err(io::Error::other)?;
        let path = root
            .path()
            .join(inside(text("guest_path").unwrap_or_default())?);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, content)?;
        let mode = file.get("mode").and_then(Value::as_u64);
        if let Some(mode) = mode.and_then(|mode| u32::try_from(mode).ok()) {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
        }
    }
    Ok(root)
}

/// An absolute path, from inside of a root. It must not lead out again.
fn inside(path: &str) -> io::Result<&Path> {
    let path = Path::new(path);
    let inside = path.strip_prefix("/").map_err(io::Error::other)?;
    let leads_out = |part: Component<'_>| !matches!(part, Component::Normal(_));
    if inside.components().any(leads_out) {
        return Err(ErrorKind::InvalidInput.into());
    }
    Ok(inside)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn files_are_written_below_a_folder_and_nowhere_else() {
        let config = |path: &str| {
            let file = json!({"guest_path": path, "raw_value": "aGk="});
            json!({"files": [file]}).as_object().cloned().unwrap()
        };
        let root = write(&config("/etc/app/greeting")).unwrap();
        let written = fs::read(root.path().join("etc/app/greeting")).unwrap();
        assert_eq!(written, b"hi");
        assert!(write(&config("/../greeting")).is_err());
        assert!(write(&config("greeting")).is_err());
    }
}
