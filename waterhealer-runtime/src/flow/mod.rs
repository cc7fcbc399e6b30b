//! The way of a record: poll → track → stages → settle → heal → commit. `poll` owns the consumer on a thread of its
//! own; `lane` runs the stages on another; `mailbox` is the only thing between them. Wiring them up is `runner`'s.

mod bound;
mod breaker;
mod calls;
mod control;
mod crew;
mod dedupe;
mod desk;
mod drive;
mod each;
mod ending;
mod exact;
mod files;
mod gate;
mod heal;
mod lane;
mod lanes;
mod letters;
mod mailbox;
mod memory;
mod notes;
mod operate;
mod outbox;
mod pace;
mod poll;
mod pool;
mod seal;
mod seen;
mod sent;
mod settle;
mod slots;
mod staged;
mod stages;
#[cfg(all(test, feature = "schedules"))]
mod tests;
mod transaction;
mod work;

pub use control::Phase;
pub use each::Each;
pub use gate::Gate;
pub use lane::Lane;
pub use memory::Memory;
pub use seen::{Call, End, Failed, Held};
pub use stages::Graph;

pub(crate) use control::Control;
pub(crate) use drive::{Drive, Parts, Stuck};
pub(crate) use ending::idle;
pub(crate) use exact::Exact;
pub(crate) use files::{Intake, read_files};
pub(crate) use lane::Emission;
pub(crate) use lanes::Lanes;
pub(crate) use mailbox::{Mailbox, Notice};
pub(crate) use outbox::{LaneProducer, Outbox};
pub(crate) use poll::Poller;
pub(crate) use slots::Slots;
pub(crate) use work::run;
