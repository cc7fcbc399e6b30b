//! **What nodes have handed on last can be looked at.** While records stream and after; in several lanes; by emit id; and not at all
//! where it is turned off. That it is looked at changes nothing of what is processed and committed.
//!
//! The bad day: a record that fails, and nobody who can say what was made of it.

use std::collections::BTreeMap;

use waterhealer::EmitId;
use waterhealer::prelude::*;

use crate::support::{Broker, Group, Journal, Member, eventually, s, settings};

const TOPIC: &str = "wh-checkpoints";
const PARTITIONS: i32 = 4;
const EACH: usize = 2_000;

#[pipeline(group = "from the configuration", checkpoint)]
mod chain {
    use super::*;

    #[source(topic = "wh-checkpoints")]
    fn read(record: &Record<'_>) -> (i32, i64) {
        (record.partition(), record.offset())
    }

    #[map(from = read)]
    async fn double((partition, offset): (i32, i64)) -> (i32, i64) {
        (partition, offset * 2)
    }

    #[sink(from = double)]
    fn note((partition, twice): (i32, i64), journal: &Journal) {
        journal.note(TOPIC, partition, twice / 2);
    }
}

const DOUBLE: &str = "source.read.map.double";

#[test]
fn each_node_shows_its_last_values_and_whose_they_are() {
    let broker = Broker::shared();
    let records = EACH * PARTITIONS as usize;
    broker.fresh_topic(TOPIC, PARTITIONS);
    broker.fill(TOPIC, PARTITIONS, records);
    let start = |journal: &Journal, set: &[(&str, &str)]| {
        let group = Group::new(&broker, &[(TOPIC, PARTITIONS)]);
        let config = settings(broker.bootstrap(), &group);
        let set = set.iter();
        let config = set.fold(config, |config, (name, value)| config.set(*name, *value));
        let resources = chain::Resources {
            journal: journal.clone(),
        };
        let member = Member::start(chain::pipeline(resources).config(config));
        group.wait_until_at_end(s(30));
        assert_eq!(journal.records(), records);
        member
    };

    let settings = [("lanes", "2"), ("checkpoint_history", "10000")];
    let member = start(&Journal::new(), &settings);
    let handle = member.handle();
    let paths = ["source.read", DOUBLE, "source.read.map.double.sink.note"];
    eventually(
        s(5),
        "a lane at rest shows all of its two partitions",
        || handle.checkpoint_history(DOUBLE).len() == 2 * EACH,
    );
    assert_eq!(handle.checkpoint().into_keys().collect::<Vec<_>>(), paths);

    // The values say of themselves which record they are of.
    let mut seen: BTreeMap<EmitId, i64> = BTreeMap::new();
    for kept in handle.checkpoint_history(DOUBLE) {
        let id = kept.emit_id;
        assert_eq!(
            kept.value,
            format!("[{},{}]", id.partition(), id.offset() * 2)
        );
        assert!(seen.insert(id, id.offset()).is_none(), "{kept} comes once");
    }
    // Of a record in either lane, by its emit id.
    let first = *seen.keys().next().expect("there are some");
    let found = handle.checkpoint_of(first);
    let found: Vec<_> = found.iter().map(|kept| kept.path.as_str()).collect();
    assert_eq!(found, paths);
    member.stop();

    // Turned off, nothing is kept, and all else is the same.
    let member = start(&Journal::new(), &[("checkpointing", "false")]);
    assert!(member.handle().checkpoint().is_empty());
    member.stop();
}
