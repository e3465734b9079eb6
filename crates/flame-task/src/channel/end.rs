use std::fmt;
use std::sync::Arc;

use serde::de::{self, Visitor};
use serde::{Deserializer, Serialize, Serializer, ser};

use crate::channel::pipe::Pipe;
use crate::codec::ends;

/// Which end of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The sending one.
    Tx,
    /// The receiving one.
    Rx,
}

/// What an end is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The user's, who finds it in a value.
    User,
    /// The sending end for the task's own progress, which stands in no value.
    Progress,
}

/// One end of a channel, as long as it is in this process. Dropping it closes the channel, unless it has left.
pub(crate) struct End {
    pub(super) pipe: Arc<Pipe>,
    pub(super) role: Role,
}

impl Drop for End {
    fn drop(&mut self) {
        self.pipe.end_dropped(self.role);
    }
}

/// An end inside of an encoded value. It stays here unless a port takes it.
pub(crate) struct Departing(Arc<End>);

impl Departing {
    /// `None` if it has left, or is inside of another value.
    pub(super) fn of(end: &Arc<End>) -> Option<Self> {
        end.pipe.leave(end.role).then(|| Self(end.clone()))
    }

    /// An end that arrived, and was not asked for yet.
    pub(super) fn arrived(end: End) -> Self {
        Self(Arc::new(end))
    }

    pub(super) fn end(&self) -> &Arc<End> {
        &self.0
    }
}

impl Drop for Departing {
    fn drop(&mut self) {
        self.0.pipe.stay(self.0.role);
    }
}

/// The ends of channels that an encoded value refers to. Ends that nobody took stay here when the last clone of this is
/// dropped.
#[derive(Clone, Default)]
pub struct Ends(Option<Arc<Vec<Departing>>>);

impl Ends {
    pub(crate) fn new(ends: Vec<Departing>) -> Self {
        // A thin pointer: most values have no ends, and many may wait at a time.
        Self((!ends.is_empty()).then(|| Arc::new(ends)))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.iter().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, Departing> {
        self.0.as_deref().map_or(&[][..], Vec::as_slice).iter()
    }

    /// Whether it can be sent again after it was lost: nobody else has the other ends.
    pub fn are_repeatable(&self) -> bool {
        self.iter()
            .all(|departing| departing.end().pipe.is_progress())
    }

    /// Adds the way of the task's progress.
    pub(super) fn add(&mut self, departing: Departing) {
        match self.0.as_mut().map(Arc::get_mut) {
            Some(Some(ends)) => ends.push(departing),
            // It is a part of one value, which has not been cloned so far.
            Some(None) => {}
            None => *self = Self::new(vec![departing]),
        }
    }

    /// Takes the way of the task's progress out, if there is one.
    pub(crate) fn take_progress(&self) -> Option<Arc<End>> {
        let mut ends = self.iter().map(Departing::end);
        let end = ends.find(|end| end.pipe.is_progress())?;
        end.pipe.stay(end.role).then(|| end.clone())
    }

    /// Encodes what waits for the receiving ends.
    pub(crate) fn encode_waiting(&self) {
        for departing in self.iter() {
            let End { pipe, role } = &**departing.end();
            if *role == Role::Rx {
                pipe.encode_waiting();
            }
        }
    }

    /// The end that the value refers to by this number, which then is in the hands of whoever asked.
    pub(crate) fn take(&self, index: u32, role: Role) -> Result<Arc<End>, String> {
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        let end = match self.0.as_ref().and_then(|ends| ends.get(index)) {
            Some(departing) => departing.end(),
            None => return Err(format!("there is no end of a channel with number {index}")),
        };
        if end.role != role {
            return Err("it is the other end of a channel".to_owned());
        }
        if !end.pipe.stay(role) {
            return Err("an end of a channel stands in two places".to_owned());
        }
        Ok(end.clone())
    }
}

/// The same ends, not ones that are alike.
impl PartialEq for Ends {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(ours), Some(theirs)) => Arc::ptr_eq(ours, theirs),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

impl Eq for Ends {}

impl fmt::Debug for Ends {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.iter().map(|departing| departing.end().role))
            .finish()
    }
}

/// Writes an end down: what stands in the value is only its number.
pub(super) fn serialize<S: Serializer>(end: &Arc<End>, serializer: S) -> Result<S::Ok, S::Error> {
    let Some(departing) = Departing::of(end) else {
        return Err(ser::Error::custom(
            "this end of a channel has been sent already",
        ));
    };
    let _offer = ends::offer(departing);
    serializer.serialize_newtype_struct(ends::NAME, &Elsewhere)
}

/// Reads what [`serialize`] wrote.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    role: Role,
    deserializer: D,
) -> Result<Arc<End>, D::Error> {
    deserializer.deserialize_newtype_struct(ends::NAME, EndVisitor(role))
}

/// What any encoder but ours finds inside of an end.
struct Elsewhere;

impl Serialize for Elsewhere {
    fn serialize<S: Serializer>(&self, _serializer: S) -> Result<S::Ok, S::Error> {
        Err(ser::Error::custom(
            "an end of a channel travels only in a call, in its result, or in an item of another channel",
        ))
    }
}

struct EndVisitor(Role);

impl<'de> Visitor<'de> for EndVisitor {
    type Value = Arc<End>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an end of a channel")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Arc<End>, D::Error> {
        inner.deserialize_bytes(self)
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Arc<End>, E> {
        ends::find(bytes, self.0).map_err(E::custom)
    }
}
