//! For tests of stages. A carrier is only ever lent here too: a test that keeps one does not compile.

pub use crate::carrier::{with, with_batch};
