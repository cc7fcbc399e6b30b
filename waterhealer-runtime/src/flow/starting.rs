//! Where a partition begins: what is committed, held against the log and against which topic it is, and what the policies say
//! when they do not fit. Pure: asking the brokers, saying what was found and beginning there are others' business.

use std::fmt;

use crate::broker::{At, Committed, Log};
use crate::config::{OnGap, OnRecreated, Starting};
use crate::done_set::{Lineage, TopicId, Unread, decode};
use crate::ledger::Finished;

/// What is known of a partition before it begins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) committed: Option<&'a Committed>,
    /// As far as the brokers have said it.
    pub(crate) log: Option<Log>,
    pub(crate) topic: Option<&'a TopicId>,
}

/// Where a partition begins, and what was found on the way.
#[derive(Debug, PartialEq)]
pub(crate) struct Start {
    /// `None` when it must not begin at all.
    pub(crate) at: Option<At>,
    /// What is finished already from there on.
    pub(crate) finished: Finished,
    /// Which life of the offsets goes on; `None` if none does.
    pub(crate) lineage: Option<Lineage>,
    pub(crate) findings: Vec<Finding>,
}

/// What somebody should know of how a partition begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Finding {
    /// The metadata beside the commit says nothing to us.
    Unread(Unread),
    /// It names offsets that the log does not have.
    NotInLog { end: i64 },
    /// The topic was deleted and created again.
    Recreated { committed: i64 },
    /// Records were removed before anybody had worked on them.
    Lost { next: i64, first: i64 },
    /// The log ends before the offset that comes next.
    Truncated { next: i64, end: i64 },
    /// Nothing is committed, and what to do then is forbidden.
    Nowhere,
}

impl Start {
    /// Whether the same offsets are other records than before.
    pub(crate) fn is_anew(&self) -> bool {
        let other = |finding: &Finding| {
            matches!(
                finding,
                Finding::Recreated { .. } | Finding::Truncated { .. }
            )
        };
        self.findings.iter().any(other)
    }
}

impl Finding {
    /// Whether data is at risk: a warning will not do.
    pub(crate) fn is_grave(&self) -> bool {
        !matches!(self, Finding::Unread(_) | Finding::NotInLog { .. })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::Unread(why) => write!(
                f,
                "the metadata beside the committed offset is ignored, {why}; what it may have named as finished is done again"
            ),
            Finding::NotInLog { end } => write!(
                f,
                "the metadata beside the committed offset names records behind the end of the log ({end}) and is ignored"
            ),
            Finding::Recreated { committed } => write!(
                f,
                "the topic was deleted and created again: the committed offset {committed} is the old topic's, and would skip \
                 the first {committed} records of the new one"
            ),
            Finding::Lost { next, first } => write!(
                f,
                "{} records are lost: {next} is the next to be read, and the log begins at {first}; retention has removed what \
                 is between before it was worked on",
                first - next
            ),
            Finding::Truncated { next, end } => write!(
                f,
                "{next} is the next offset to be read, but the log ends at {end}: it was truncated, or the topic was deleted and \
                 created again; records written since may stand where finished ones stood"
            ),
            Finding::Nowhere => write!(
                f,
                "no offset is committed, and `auto.offset.reset = error` forbids to choose one"
            ),
        }
    }
}

/// Where a partition begins.
pub(crate) fn start(known: Known<'_>, policies: &Starting) -> Start {
    let Some(committed) = known.committed else {
        let findings = match policies.nothing_committed {
            Some(_) => Vec::new(),
            None => vec![Finding::Nowhere],
        };
        return Start {
            at: policies.nothing_committed,
            finished: Finished::default(),
            lineage: None,
            findings,
        };
    };
    let mut findings = Vec::new();
    let metadata = decode(&committed.metadata, committed.offset).unwrap_or_else(|why| {
        findings.push(Finding::Unread(why));
        None
    });
    let of = metadata.as_ref().and_then(|metadata| metadata.topic);
    if let (Some(of), Some(now)) = (of, known.topic)
        && of != now.tag()
    {
        findings.push(Finding::Recreated {
            committed: committed.offset,
        });
        let at = recreated(policies);
        return Start {
            at,
            finished: Finished::default(),
            lineage: None,
            findings,
        };
    }
    if let Some(gap) = known.log.and_then(|log| gap(committed.offset, log)) {
        findings.push(gap);
        return Start {
            at: beyond(policies),
            finished: Finished::default(),
            lineage: None,
            findings,
        };
    }
    let lineage = metadata.as_ref().and_then(|metadata| metadata.lineage);
    let mut finished = metadata.map_or_else(Finished::default, |metadata| metadata.finished);
    match known.log {
        // Without the log nothing says that the records it names are those that were finished.
        None => finished = Finished::default(),
        Some(Log { end, .. }) if finished.end() > end && !finished.is_empty() => {
            findings.push(Finding::NotInLog { end });
            finished = Finished::default();
        }
        Some(_) => {}
    }
    if !policies.done_set {
        finished = Finished::default();
    }
    Start {
        at: Some(At::Offset(committed.offset)),
        finished,
        lineage,
        findings,
    }
}

/// What is wrong with reading on at `next`, if anything.
pub(crate) fn gap(next: i64, log: Log) -> Option<Finding> {
    if next < log.first {
        let first = log.first;
        return Some(Finding::Lost { next, first });
    }
    let end = log.end;
    (next > end).then_some(Finding::Truncated { next, end })
}

/// Where to begin with another topic of the same name.
pub(crate) fn recreated(policies: &Starting) -> Option<At> {
    match policies.on_topic_recreated {
        OnRecreated::Halt => None,
        OnRecreated::Earliest => Some(At::First),
    }
}

/// Where to go on when there is nothing at the offset that comes next.
pub(crate) fn beyond(policies: &Starting) -> Option<At> {
    match policies.on_offset_out_of_range {
        OnGap::Halt => None,
        OnGap::Earliest => Some(At::First),
        OnGap::Latest => Some(At::End),
    }
}

/// What somebody can do about a finding that ends the pipeline.
pub(crate) fn advice(finding: &Finding) -> &'static str {
    match finding {
        Finding::Recreated { .. } => {
            "Say where to begin with `offsets reset --to earliest --yes`, or let every such topic be read from its beginning with \
             `on_topic_recreated = earliest`"
        }
        Finding::Lost { .. } | Finding::Truncated { .. } => {
            "Say where to go on with `offsets reset --to earliest --yes` (or `latest`, or an offset), or let it go on by itself \
             with `on_offset_out_of_range = earliest` or `latest`"
        }
        Finding::Nowhere => {
            "Say where to begin with `offsets reset --to earliest --yes`, or set `auto.offset.reset`"
        }
        Finding::Unread(_) | Finding::NotInLog { .. } => "Nothing needs to be done",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::done_set::encode;

    const POLICIES: Starting = Starting {
        done_set: true,
        nothing_committed: Some(At::First),
        on_topic_recreated: OnRecreated::Halt,
        on_offset_out_of_range: OnGap::Halt,
    };
    const LOG: Option<Log> = Some(Log { first: 5, end: 100 });

    fn topic(number: u64) -> TopicId {
        TopicId::new(number, number).unwrap()
    }

    /// A commit of 10 by the first topic, with 12 and 20 finished.
    fn committed() -> Committed {
        let mut finished = Finished::new(10);
        finished.insert(12);
        finished.insert(20);
        Committed {
            offset: 10,
            metadata: encode(Some(topic(1).tag()), None, 10, &finished).into_bytes(),
        }
    }

    fn begin(committed: &Committed, log: Option<Log>, now: u64, policies: &Starting) -> Start {
        let now = topic(now);
        let known = Known {
            committed: Some(committed),
            log,
            topic: Some(&now),
        };
        start(known, policies)
    }

    #[test]
    fn it_begins_where_it_was_with_what_is_finished() {
        let found = begin(&committed(), LOG, 1, &POLICIES);
        assert_eq!(found.at, Some(At::Offset(10)));
        assert_eq!(found.finished.runs().collect::<Vec<_>>(), [12..13, 20..21]);
        assert!(found.findings.is_empty());
        let without = Starting {
            done_set: false,
            ..POLICIES
        };
        assert!(begin(&committed(), LOG, 1, &without).finished.is_empty());
        // What the log holds is not known: done again, which is safe.
        assert!(begin(&committed(), None, 1, &POLICIES).finished.is_empty());
    }

    #[test]
    fn nothing_committed_is_what_the_reset_is_for() {
        let known = Known {
            committed: None,
            log: LOG,
            topic: None,
        };
        assert_eq!(start(known, &POLICIES).at, Some(At::First));
        let forbidden = Starting {
            nothing_committed: None,
            ..POLICIES
        };
        let found = start(known, &forbidden);
        assert_eq!((found.at, found.findings), (None, vec![Finding::Nowhere]));
    }

    #[test]
    fn another_topic_of_the_same_name_halts_or_begins_anew() {
        let found = begin(&committed(), LOG, 2, &POLICIES);
        assert_eq!(found.at, None);
        assert_eq!(found.findings, [Finding::Recreated { committed: 10 }]);
        let anew = Starting {
            on_topic_recreated: OnRecreated::Earliest,
            ..POLICIES
        };
        let found = begin(&committed(), LOG, 2, &anew);
        assert_eq!(found.at, Some(At::First));
        assert!(found.finished.is_empty());
    }

    #[test]
    fn an_offset_outside_the_log_is_told_and_goes_by_its_policy() {
        for (first, end, finding) in [
            (
                15,
                100,
                Finding::Lost {
                    next: 10,
                    first: 15,
                },
            ),
            (0, 9, Finding::Truncated { next: 10, end: 9 }),
        ] {
            let log = Some(Log { first, end });
            for (policy, at) in [
                (OnGap::Halt, None),
                (OnGap::Earliest, Some(At::First)),
                (OnGap::Latest, Some(At::End)),
            ] {
                let policies = Starting {
                    on_offset_out_of_range: policy,
                    ..POLICIES
                };
                let found = begin(&committed(), log, 1, &policies);
                assert_eq!(found.at, at);
                assert_eq!(found.findings, std::slice::from_ref(&finding));
                assert!(found.finished.is_empty());
            }
        }
        // Both ends of the log are places to begin at.
        for (first, end) in [(10, 30), (0, 10)] {
            let log = Some(Log { first, end });
            assert_eq!(
                begin(&committed(), log, 1, &POLICIES).at,
                Some(At::Offset(10))
            );
        }
    }

    #[test]
    fn a_set_that_the_log_does_not_reach_is_ignored() {
        let log = Some(Log { first: 0, end: 20 });
        let found = begin(&committed(), log, 1, &POLICIES);
        assert_eq!(found.at, Some(At::Offset(10)));
        assert!(found.finished.is_empty());
        assert_eq!(found.findings, [Finding::NotInLog { end: 20 }]);
    }

    #[test]
    fn foreign_metadata_is_told_and_ignored() {
        let foreign = Committed {
            offset: 10,
            metadata: b"my own notes".to_vec(),
        };
        let found = begin(&foreign, LOG, 1, &POLICIES);
        assert_eq!(found.at, Some(At::Offset(10)));
        assert_eq!(found.findings, [Finding::Unread(Unread::Foreign)]);
        assert!(!found.findings[0].is_grave());
    }
}
