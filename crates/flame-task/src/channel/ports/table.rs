use bytes::{BufMut, Bytes, BytesMut};

use crate::channel::end::{Purpose, Role};
use crate::wire::DecodeError;

/// What a table starts with: MessagePack has no such value.
const TABLE: u8 = 0xc1;

/// The size of a table without entries, and of one entry.
const HEADER: usize = 1 + size_of::<u32>();
const ENTRY: usize = 1 + size_of::<u32>();

/// The size of a table of so many ends, in bytes.
pub(crate) fn table_size(ends: usize) -> u64 {
    match ends {
        0 => 0,
        ends => (HEADER + ends * ENTRY) as u64,
    }
}

pub(crate) fn starts_with_table(head: &[u8]) -> bool {
    head.first() == Some(&TABLE)
}

/// The table before a value.
pub(super) struct Table {
    pub(super) entries: Vec<(Role, Purpose, u32)>,
    /// Its size in bytes, as it came.
    pub(super) size: usize,
}

impl Table {
    /// `None` if the value has no table.
    pub(super) fn of(head: &Bytes) -> Result<Option<Self>, DecodeError> {
        let wrong = || DecodeError("its table of channels makes no sense".to_owned());
        let Some((&TABLE, rest)) = head.split_first() else {
            return Ok(None);
        };
        let (count, mut rest) = rest.split_first_chunk().ok_or_else(wrong)?;
        let mut entries = Vec::new();
        for _ in 0..u32::from_be_bytes(*count) {
            let ([letter], after) = rest.split_first_chunk().ok_or_else(wrong)?;
            let (number, after) = after.split_first_chunk().ok_or_else(wrong)?;
            let (role, purpose) = match letter {
                b't' => (Role::Tx, Purpose::User),
                b'r' => (Role::Rx, Purpose::User),
                b'p' => (Role::Tx, Purpose::Progress),
                _ => return Err(wrong()),
            };
            entries.push((role, purpose, u32::from_be_bytes(*number)));
            rest = after;
        }
        let size = head.len() - rest.len();
        Ok(Some(Self { entries, size }))
    }

    /// The value with the table before it.
    pub(super) fn before(&self, value: &[u8]) -> Bytes {
        let mut head = BytesMut::with_capacity(HEADER + self.entries.len() * ENTRY + value.len());
        head.put_u8(TABLE);
        head.put_u32(u32::try_from(self.entries.len()).unwrap_or(u32::MAX));
        for (role, purpose, number) in &self.entries {
            head.put_u8(letter(*role, *purpose));
            head.put_u32(*number);
        }
        head.put_slice(value);
        head.freeze()
    }
}

fn letter(role: Role, purpose: Purpose) -> u8 {
    match (role, purpose) {
        (Role::Tx, Purpose::User) => b't',
        (Role::Tx, Purpose::Progress) => b'p',
        (Role::Rx, _) => b'r',
    }
}
