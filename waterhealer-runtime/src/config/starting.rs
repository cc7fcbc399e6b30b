//! Policies for where a partition begins. What is made of them is `flow`'s.

use std::collections::BTreeMap;

use crate::broker::At;

/// Where a partition begins, and what is passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Starting {
    /// Whether offsets finished above the position travel with commits.
    pub(crate) done_set: bool,
    /// Where it begins when nothing is committed; `None` forbids it.
    pub(crate) nothing_committed: Option<At>,
    pub(crate) on_topic_recreated: OnRecreated,
    pub(crate) on_offset_out_of_range: OnGap,
}

/// What is done when a topic was deleted and created again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum OnRecreated {
    /// The pipeline ends, and says why.
    #[default]
    Halt,
    /// The new topic is read from its beginning.
    Earliest,
}

/// What is done when there is no record at the offset that comes next, and none can come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum OnGap {
    /// The pipeline ends, and says why.
    #[default]
    Halt,
    /// It goes on at the first record that there is.
    Earliest,
    /// It goes on behind the last record that there is.
    Latest,
}

impl OnRecreated {
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            "halt" => Some(OnRecreated::Halt),
            "earliest" => Some(OnRecreated::Earliest),
            _ => None,
        }
    }
}

impl OnGap {
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            "halt" => Some(OnGap::Halt),
            "earliest" => Some(OnGap::Earliest),
            "latest" => Some(OnGap::Latest),
            _ => None,
        }
    }
}

/// What `auto.offset.reset` says, in all of the client's words for it.
pub(super) fn nothing_committed(consumer: &BTreeMap<String, String>) -> Option<At> {
    match consumer.get("auto.offset.reset").map(String::as_str) {
        Some("latest" | "end" | "largest") => Some(At::End),
        Some("error") => None,
        _ => Some(At::First),
    }
}
