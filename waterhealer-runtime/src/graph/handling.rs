//! How a stage is called beside what is usual, and what becomes of a call that fails before its policy is asked.

use std::time::Duration;

use super::policy::OnError;

/// How a stage is called beside what is usual, and what becomes of a call that fails before its policy is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handling {
    /// What a panic of it means.
    pub on_panic: OnError,
    /// Whether a call that fails is made again.
    pub retry: Option<Retry>,
    /// How long a call may take.
    pub timeout: Option<Duration>,
    /// Which calls wait for one another.
    pub order_by: OrderBy,
    /// Whether the function, which is not async, is called on a thread where it may block.
    pub blocking: bool,
    /// The function that writes what a sink has buffered; else empty.
    pub flush: &'static str,
}

impl Handling {
    /// Of a stage of which nothing is said.
    pub const USUAL: Handling = Handling {
        on_panic: OnError::Halt,
        retry: None,
        timeout: None,
        order_by: OrderBy::None,
        blocking: false,
        flush: "",
    };
}

/// How often a call that fails is made again, and after what time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// Further attempts, at least one.
    pub max: usize,
    /// The time before the first of them; each next one waits twice as long.
    pub from: Duration,
    /// The longest time between two attempts.
    pub to: Duration,
    /// Whether each waits for any part of its time, by chance.
    pub jitter: bool,
}

/// Which calls of a stage wait for one another: of those with something in common there is one at a time, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderBy {
    /// None.
    None,
    /// Those for records of one partition.
    Partition,
    /// Those for records with one key; without a key, of one partition.
    Key,
}
