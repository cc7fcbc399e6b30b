//! Which topic a commit is of. A topic that is deleted and created again has the same name and other records; its id tells
//! them apart.

use std::fmt;

/// The id that the brokers give a topic when it is created.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct TopicId(u128);

/// Four bytes of a topic's id: enough to tell that it is another, and cheap to carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TopicTag([u8; 4]);

impl TopicId {
    /// An id by its halves; `None` if it is the one that brokers give who know none.
    pub(crate) fn new(high: u64, low: u64) -> Option<Self> {
        let id = (u128::from(high) << 64) | u128::from(low);
        (id != 0).then_some(TopicId(id))
    }

    pub(crate) fn tag(&self) -> TopicTag {
        TopicTag(crc32fast::hash(&self.0.to_be_bytes()).to_be_bytes())
    }
}

impl fmt::Display for TopicId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl TopicTag {
    pub(super) fn to_bytes(self) -> [u8; 4] {
        self.0
    }

    pub(super) fn from_bytes(bytes: [u8; 4]) -> Self {
        TopicTag(bytes)
    }
}

impl fmt::Display for TopicTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", u32::from_be_bytes(self.0))
    }
}
