//! Which life of a partition's offsets a commit is of. A dedupe store outlives the offsets that a group has committed: once
//! somebody sets them back, or deletes them, what the store has noted before says nothing about what is to be done again.
//! Every commit carries the name of its life, nobody else's commit does, and the store keeps what it knows by it.

use std::fmt;

/// The name of one life of a partition's offsets in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lineage([u8; 8]);

impl Lineage {
    /// A new one; `random` must not come again.
    pub(crate) fn new(random: u64) -> Self {
        Lineage(random.to_be_bytes())
    }

    pub(super) fn to_bytes(self) -> [u8; 8] {
        self.0
    }

    pub(super) fn from_bytes(bytes: [u8; 8]) -> Self {
        Lineage(bytes)
    }
}

impl fmt::Display for Lineage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", u64::from_be_bytes(self.0))
    }
}
