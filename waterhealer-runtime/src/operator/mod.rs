//! What stands between two nodes: windows, joins, limits. Each is a pure state machine in a file of its own, which is
//! given values with their tickets and gives back what is ready: no I/O, no thread, no clock but the desk's. Calling them
//! in the right order is for the code that the macro writes; time, revokes and the end are for `flow`.

mod collect;
mod combine_latest;
mod delay;
mod desk;
mod partition;
mod partition_time;
mod parts;
mod pile;
mod rate_limit;
mod slice;
mod sliding_window;
mod state;
#[cfg(test)]
mod tests;
mod timed_window;
mod tuple;
mod unique;
mod waiting;
mod zip;
mod zip_by_record;
mod zip_latest;

pub use collect::Collect;
pub use combine_latest::CombineLatest;
pub use delay::Delay;
pub use desk::{Desk, Effects};
pub use partition::Partition;
pub use partition_time::PartitionTime;
pub use parts::{Batched, Nth, Outcome};
pub use rate_limit::RateLimit;
pub use slice::Slice;
pub use sliding_window::SlidingWindow;
pub use state::State;
pub use timed_window::TimedWindow;
pub use unique::Unique;
pub(crate) use waiting::Queue;
pub use waiting::Waiting;
pub use zip::Zip;
pub use zip_by_record::ZipByRecord;
pub use zip_latest::ZipLatest;

use crate::clock::Moment;
use crate::ledger::{Kin, Ticket};

/// What is ready to go on: a value and what it has to finish.
pub type Ready<T> = Option<(T, Ticket)>;

/// An operator: what every one of them can be asked.
///
/// Whatever was pushed is, at any time, in one of three places: given back by one of these methods, settled or failed at
/// the desk, or held. A ticket is never dropped.
pub trait Operator {
    /// What it gives.
    type Out;

    /// What has become ready by now; asked until it gives nothing. An operator that waits for a moment says at the desk
    /// when to ask again.
    fn due(&mut self, _desk: &mut Desk<'_>) -> Ready<Self::Out> {
        None
    }

    /// What may go on early because nothing more comes; asked until it gives nothing. What is held on stays unfinished.
    fn drain(&mut self, _desk: &mut Desk<'_>) -> Ready<Self::Out> {
        None
    }

    /// Lets go of a value whose partner comes no more.
    fn release(&mut self, _kin: Kin, _desk: &mut Desk<'_>) {}

    /// Lets go, unfinished, of records whose partition is given up: the next owner reads them. Others stay.
    fn forget(&mut self, desk: &mut Desk<'_>);

    /// Lets go of everything, unfinished.
    fn abandon(&mut self, desk: &mut Desk<'_>);

    /// What it holds.
    fn held(&self) -> Held;

    /// Shows the tickets of what it holds.
    fn tickets(&self, see: &mut dyn FnMut(&Ticket));
}

/// One of the inputs of an operator.
pub trait Input<const PORT: usize>: Operator {
    /// What it takes there.
    type Value;

    /// Takes a value in and gives what is ready.
    fn push(&mut self, value: Self::Value, ticket: Ticket, desk: &mut Desk<'_>)
    -> Ready<Self::Out>;
}

/// What an operator holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Held {
    /// Values held; a batch counts as one.
    pub values: usize,
    /// Since when the oldest of them is held.
    pub since: Option<Moment>,
}

impl Held {
    /// What two places hold together.
    pub(crate) fn and(self, other: Held) -> Held {
        Held {
            values: self.values + other.values,
            since: self.since.into_iter().chain(other.since).min(),
        }
    }
}
