//! Bounds that are settings: what may be in flight, and how many lanes there may be. What is made of them is `flow`'s.

/// Lanes that a pipeline may have: a bit each says whether it rests.
pub(crate) const MAX_LANES: usize = 64;

/// What may be in flight: read, and not finished or behind something that is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bound {
    /// Records of one partition.
    pub(crate) records: u64,
    /// Bytes of their values and keys.
    pub(crate) bytes: u64,
    /// Records of all partitions together.
    pub(crate) all_records: u64,
    /// Bytes of all partitions together.
    pub(crate) all_bytes: u64,
}
