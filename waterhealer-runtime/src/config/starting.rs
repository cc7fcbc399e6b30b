//! Policies for where a partition begins. What is made of them is `flow`'s.

use std::collections::BTreeMap;

use super::reader::Reader;
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

impl Starting {
    /// What the settings say of it, and the client's `auto.offset.reset`.
    pub(super) fn read(reader: &mut Reader, kafka: &BTreeMap<String, String>) -> Self {
        let truth = |text: &str| text.parse().ok();
        Starting {
            done_set: reader.read("done_set", true, "true or false", truth),
            nothing_committed: nothing_committed(kafka),
            on_topic_recreated: reader.read(
                "on_topic_recreated",
                OnRecreated::default(),
                "`halt` or `earliest`",
                OnRecreated::parse,
            ),
            on_offset_out_of_range: reader.read(
                "on_offset_out_of_range",
                OnGap::default(),
                "`halt`, `earliest` or `latest`",
                OnGap::parse,
            ),
        }
    }
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
    fn parse(text: &str) -> Option<Self> {
        match text {
            "halt" => Some(OnRecreated::Halt),
            "earliest" => Some(OnRecreated::Earliest),
            _ => None,
        }
    }
}

impl OnGap {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "halt" => Some(OnGap::Halt),
            "earliest" => Some(OnGap::Earliest),
            "latest" => Some(OnGap::Latest),
            _ => None,
        }
    }
}

/// What `auto.offset.reset` says, in all of the client's words for it.
fn nothing_committed(consumer: &BTreeMap<String, String>) -> Option<At> {
    match consumer.get("auto.offset.reset").map(String::as_str) {
        Some("latest" | "end" | "largest") => Some(At::End),
        Some("error") => None,
        _ => Some(At::First),
    }
}
