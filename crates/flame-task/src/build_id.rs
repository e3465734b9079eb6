//! Which build of the app a process is a copy of.
//!
//! It is only ever compared. Memory safety does not hang on it, for nothing but the table decides what
//! can be run; it tells a runner of another deployment from one of this.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::LazyLock;

use object::elf::{FileHeader32, FileHeader64};
use object::macho::{MachHeader32, MachHeader64};
use object::read::elf::{FileHeader, ProgramHeader};
use object::read::macho::MachHeader;
use object::{FileKind, ReadCache, ReadRef};

/// Which build of the app this process is a copy of. Equal texts mean equal builds.
///
/// In this order: what `FLAME_BUILD_ID` said when the app was compiled, for instance the commit; what the
/// linker wrote into the executable; a hash of the executable.
pub fn build_id() -> &'static str {
    static BUILD_ID: LazyLock<String> = LazyLock::new(find);
    &BUILD_ID
}

fn find() -> String {
    if let Some(id) = option_env!("FLAME_BUILD_ID") {
        return format!("env:{id}");
    }
    let executable = || File::open(executable_path());
    if let Some(id) = executable().ok().and_then(linked_id) {
        return format!("link:{}", hex(&id));
    }
    match executable().and_then(hash) {
        Ok(hash) => format!("exe:{hash}"),
        // Equal to no other process: two builds that cannot be told apart are not taken for one.
        Err(error) => format!("unknown:{}:{error}", std::process::id()),
    }
}

/// On Linux the very file that is running, even when a deployment has replaced it since.
fn executable_path() -> PathBuf {
    let running = PathBuf::from("/proc/self/exe");
    if running.exists() {
        return running;
    }
    std::env::current_exe().unwrap_or(running)
}

/// What the linker wrote, read from the head of the file: it costs nothing and survives `strip`. Not every
/// linker writes one.
fn linked_id(executable: File) -> Option<Vec<u8>> {
    let data = &ReadCache::new(executable);
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "kinds of files that a process cannot be, and more may be added"
    )]
    let id = match FileKind::parse(data).ok()? {
        FileKind::Elf32 => elf_note::<FileHeader32<_>, _>(data),
        FileKind::Elf64 => elf_note::<FileHeader64<_>, _>(data),
        FileKind::MachO32 => macho_uuid::<MachHeader32<_>, _>(data),
        FileKind::MachO64 => macho_uuid::<MachHeader64<_>, _>(data),
        _ => None,
    };
    id.filter(|id| !id.is_empty())
}

fn elf_note<'data, E, R>(data: R) -> Option<Vec<u8>>
where
    E: FileHeader<Endian = object::Endianness>,
    R: ReadRef<'data>,
{
    let header = E::parse(data).ok()?;
    let endian = header.endian().ok()?;
    for segment in header.program_headers(endian, data).ok()? {
        let Ok(Some(mut notes)) = segment.notes(endian, data) else {
            continue;
        };
        while let Ok(Some(note)) = notes.next() {
            let is_gnu = note.name() == object::elf::ELF_NOTE_GNU;
            if is_gnu && note.n_type(endian) == object::elf::NT_GNU_BUILD_ID {
                return Some(note.desc().to_vec());
            }
        }
    }
    None
}

fn macho_uuid<'data, M, R>(data: R) -> Option<Vec<u8>>
where
    M: MachHeader<Endian = object::Endianness>,
    R: ReadRef<'data>,
{
    let header = M::parse(data, 0).ok()?;
    let endian = header.endian().ok()?;
    let uuid = header.uuid(endian, data, 0).ok()?;
    uuid.map(|uuid| uuid.to_vec())
}

fn hash(executable: File) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(executable)?;
    Ok(hasher.finalize().to_hex().to_string())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failing test should stop at once")]
mod tests {
    use std::fs::File;

    use super::{executable_path, hash, linked_id};

    #[test]
    fn the_linkers_id_is_bytes_of_the_executable_itself() {
        let Some(id) = linked_id(File::open(executable_path()).unwrap()) else {
            // Some linkers write none; the hash below stands in for it.
            return;
        };
        let executable = std::fs::read(executable_path()).unwrap();
        assert!(id.len() >= 8);
        assert!(executable.windows(id.len()).any(|bytes| bytes == id));
    }

    #[test]
    fn a_file_that_is_no_executable_has_no_id_of_a_linker() {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        assert_eq!(linked_id(File::open(source).unwrap()), None);
    }

    #[test]
    fn the_hash_of_the_executable_depends_on_its_bytes() {
        let of = |path: &str| hash(File::open(path).unwrap()).unwrap();
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src/lib.rs");
        assert_eq!(of(manifest), of(manifest));
        assert_ne!(of(manifest), of(source));
    }
}
