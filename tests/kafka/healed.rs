//! **A `#[healed]` function is told what the broker has confirmed**, and nothing else: each offset is committed when it is
//! called, none moves back, and the last are the group's.
//!
//! The bad day: somebody acts on an offset that was sent and never stored.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use waterhealer::prelude::*;

use crate::support::{Broker, Group, Member, s, settings};

type Told = Arc<Mutex<Vec<Position>>>;

#[pipeline(group = "from the configuration", interval = "20ms")]
mod telling {
    use super::*;

    #[source(topic = "wh-healed")]
    fn read(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = read)]
    async fn work(offset: i64) {
        if offset % 100 == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    #[healed]
    fn committed(offsets: &[Position], told: &Told) {
        told.lock()
            .expect("nobody panics")
            .extend_from_slice(offsets);
    }
}

#[test]
fn it_is_told_of_every_commit_and_the_last_is_where_the_group_stands() {
    const TOPIC: &str = "wh-healed";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 3);
    broker.fill(TOPIC, 3, 3_000);
    let group = Group::new(&broker, &[(TOPIC, 3)]);
    let told = Told::default();
    let resources = telling::Resources {
        told: Arc::clone(&told),
    };
    let config = settings(broker.bootstrap(), &group).until_end();
    Member::start(telling::pipeline(resources).config(config))
        .join(s(60))
        .expect("it ends in order");
    let mut last: BTreeMap<(String, i32), i64> = BTreeMap::new();
    let told = told.lock().expect("nobody panics");
    for at in told.iter() {
        let before = last.insert((at.topic.to_string(), at.partition), at.offset);
        assert!(before < Some(at.offset), "{at} after {before:?}");
    }
    assert!(told.len() > 3, "it was told more than once: {}", told.len());
    assert_eq!(last, group.committed());
    group.assert_at_end();
}
