//! What is kept of a record beside its value, for the stages that ask for it.

use super::{EmitId, Position};

/// What is kept of a record for the stages that ask for it.
#[derive(Debug)]
pub struct Meta {
    pub(crate) position: Position,
    pub(crate) emit_id: EmitId,
    pub(crate) key: Option<Box<[u8]>>,
    pub(crate) headers: Vec<(String, Option<Box<[u8]>>)>,
    pub(crate) timestamp: Option<i64>,
    /// Kept only where the whole record is.
    pub(crate) value: Option<Box<[u8]>>,
}
