//! What stands in `FLAME_PARENT`.

use flame_proto::parent_text::ParentInfo;

/// What can be read is written as it was meant.
pub(crate) fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(info) = ParentInfo::from_text(text) {
        assert_eq!(ParentInfo::from_text(&info.to_text()), Ok(info));
    }
}
