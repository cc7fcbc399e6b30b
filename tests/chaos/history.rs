//! What is known of a run when it is over: what was written, what was done with it, what was committed when, and what was
//! done to the members meanwhile. Plain data: `collect.rs` and `watch.rs` fill it in, `check/` judges it.

use std::time::Duration;

/// A record's place in the input topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    pub(crate) partition: usize,
    pub(crate) offset: usize,
}

/// A run. Times count from its start.
#[derive(Debug, Clone, Default)]
pub(crate) struct History {
    /// What was written to the input topic, by partition and offset.
    pub(crate) inputs: Vec<Vec<Input>>,
    /// What stages have noted, in the order in which they did.
    pub(crate) notes: Vec<Note>,
    /// What stands in the output topic, of finished transactions only.
    pub(crate) outputs: Vec<Output>,
    /// What the group had committed, each time that it was seen to change.
    pub(crate) looks: Vec<Look>,
    /// What was done to members, broker and network.
    pub(crate) faults: Vec<Span>,
    /// What else went wrong: members that crashed, or that did not end when told to.
    pub(crate) crashes: Vec<String>,
    /// When the last look was taken.
    pub(crate) end: Duration,
}

/// A record of the input topic.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Input {
    /// Different for each.
    pub(crate) number: u64,
    /// Whether the stage refuses it.
    pub(crate) poison: bool,
    /// When it was written.
    pub(crate) at: Duration,
}

/// A line of the members' journal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Note {
    pub(crate) of: Place,
    /// Whether the stage refused the record, or did it.
    pub(crate) refused: bool,
    /// How long the journal was with this line in it, in bytes.
    pub(crate) until: u64,
}

/// A record of the output topic.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    /// Where it stands.
    pub(crate) at: Place,
    /// What it was made of.
    pub(crate) of: Place,
    /// The number in it.
    pub(crate) number: u64,
}

/// One partition's committed offset, once it had changed; and what had been done by then, asked for afterwards.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    pub(crate) at: Duration,
    pub(crate) partition: usize,
    /// None: the group had one and has it no more.
    pub(crate) committed: Option<usize>,
    /// How long the journal was, in bytes.
    pub(crate) journal: u64,
    /// The next offset of each partition of the output topic.
    pub(crate) output_ends: Vec<usize>,
}

/// Something that was done, from when to when.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    pub(crate) from: Duration,
    pub(crate) to: Duration,
    pub(crate) what: String,
    /// Whether there was no broker meanwhile.
    pub(crate) no_broker: bool,
}
