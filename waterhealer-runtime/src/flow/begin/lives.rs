//! Which life of a partition's offsets goes on, and when another begins.

use super::*;
use crate::broker::{Committed, Log};
use crate::config::{OnGap, OnRecreated, Starting};
use crate::done_set::encode;

const POLICIES: Starting = Starting {
    done_set: false,
    nothing_committed: Some(At::First),
    on_topic_recreated: OnRecreated::Earliest,
    on_offset_out_of_range: OnGap::Earliest,
};

/// The life of the offsets of a partition of 100 records of which this is committed.
fn life_of(committed: Option<(i64, &str)>) -> Lineage {
    let committed = committed.map(|(offset, metadata)| Committed {
        offset,
        metadata: metadata.as_bytes().to_vec(),
    });
    let known = Known {
        committed: committed.as_ref(),
        log: Some(Log { first: 5, end: 100 }),
        topic: None,
    };
    life(start(known, &POLICIES).lineage)
}

#[test]
fn a_commit_of_ours_goes_on_with_its_life_of_the_offsets() {
    let lineage = Lineage::new(7);
    let mut some = Finished::new(10);
    some.insert(12);
    for done in [Finished::default(), some] {
        let metadata = encode(None, Some(lineage), 10, &done);
        assert_eq!(life_of(Some((10, &metadata))), lineage);
    }
}

#[test]
fn a_commit_of_anybody_else_or_none_begins_a_new_life_of_the_offsets() {
    let ours = encode(None, Some(Lineage::new(7)), 10, &Finished::default());
    let without_store = encode(None, None, 10, &Finished::default());
    let mut seen = vec![Lineage::new(7)];
    for committed in [
        None,
        Some((10, "")),
        Some((10, "somebody's own notes")),
        Some((10, without_store.as_str())),
        // Ours, carried along to where it does not belong, or to where the log does not reach.
        Some((6, ours.as_str())),
        Some((2, ours.as_str())),
    ] {
        let lineage = life_of(committed);
        assert!(!seen.contains(&lineage), "{committed:?}");
        seen.push(lineage);
    }
}
