//! For tests: a whole pipeline driven with no broker and a clock moved by hand ([`drive`]), and stages alone ([`with`],
//! [`with_batch`]). A carrier is only ever lent here too: a test that keeps one does not compile.

mod drive;
mod look;
mod produced;
mod replay;

pub use crate::carrier::{with, with_batch};
pub use crate::flow::{Call, End, Failed, Held};
pub use crate::types::Incoming;
pub use drive::{Drive, Sent, drive};
pub use produced::Produced;
pub use replay::{ReplayError, replay};
