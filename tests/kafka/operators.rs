//! **Operators that wait, choose or join leave every record finished, or held by name.** What a delay or a rate limit makes
//! wait is finished once it has gone on, and holds the reading of new records back; what `unique` passes over is finished
//! there; of what joins by the latest, the last of each input stays uncommitted, and nothing else does.
//!
//! The bad day: a record that an operator swallowed keeps its partition's offset where it is, for ever.

use waterhealer::prelude::*;

use crate::support::{Broker, Group, Journal, Member, heavy, ms, s, settings};

#[pipeline(group = "from the configuration")]
mod waiting {
    use super::*;

    #[source(topic = "wh-waiting")]
    fn read(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = read.delay("20ms").rate_limit("1ms"))]
    fn limited(offset: i64, journal: &Journal) {
        journal.note("limited", 0, offset);
    }

    #[sink(from = read.buffer(50))]
    async fn buffered(offset: i64, journal: &Journal) {
        tokio::time::sleep(ms(1)).await;
        journal.note("buffered", 0, offset);
    }

    #[sink(from = read.latest())]
    async fn newest(offset: i64, journal: &Journal) {
        tokio::time::sleep(ms(5)).await;
        journal.note("newest", 0, offset);
    }

    #[sink(from = read.unique(key = |offset| offset % 100).slice(0, 50))]
    fn chosen(offset: i64, journal: &Journal) {
        journal.note("chosen", 0, offset);
    }

    #[accumulate(from = read, start = 0, volatile)]
    fn count(count: i64, _offset: i64) -> i64 {
        count + 1
    }

    #[sink(from = count)]
    fn counted(count: i64, journal: &Journal) {
        journal.note("counted", 0, count - 1);
    }
}

#[pipeline(group = "from the configuration")]
mod joined {
    use super::*;

    #[source(topic = "wh-joined-left")]
    fn left(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[source(topic = "wh-joined-right")]
    fn right(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = left.zip(right, hold))]
    fn pairs(pair: (i64, i64), journal: &Journal) -> Result<(), String> {
        if pair.0 != pair.1 {
            return Err(format!("{} came with {}", pair.0, pair.1));
        }
        journal.note("pairs", 0, pair.0);
        Ok(())
    }

    #[sink(from = left.combine_latest(right))]
    fn latest(pair: (i64, i64), journal: &Journal) {
        journal.note("latest", 0, pair.0.max(pair.1));
    }
}

#[test]
fn what_waits_and_what_is_passed_over_is_finished() {
    const TOPIC: &str = "wh-waiting";
    const RECORDS: usize = 300;
    let _alone = heavy();
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, RECORDS);
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let journal = Journal::new();
    let resources = waiting::Resources {
        journal: journal.clone(),
    };
    let config = settings(broker.bootstrap(), &group).until_end();
    let report = Member::start(waiting::pipeline(resources).config(config))
        .join(s(60))
        .expect("it ends in order");
    assert_eq!(report.finished, RECORDS as u64);
    group.assert_at_end();
    let finished = journal.finished();
    let all = Some(&(RECORDS as i64));
    for sink in ["limited", "buffered", "counted"] {
        assert_eq!(finished.get(&(sink.to_owned(), 0)), all, "{sink}");
    }
    assert_eq!(finished.get(&("chosen".to_owned(), 0)), Some(&50));
    assert_eq!(
        journal.times("newest", 0, RECORDS as i64 - 1),
        1,
        "the last is the newest"
    );
    assert_eq!(journal.repeats(), 0);
}

#[test]
fn of_two_topics_all_pairs_are_finished_and_the_latest_of_each_is_held() {
    const TOPICS: [(&str, i32); 2] = [("wh-joined-left", 1), ("wh-joined-right", 1)];
    let _alone = heavy();
    let broker = Broker::shared();
    for (topic, partitions) in TOPICS {
        broker.fresh_topic(topic, partitions);
        broker.fill(topic, partitions, 50);
    }
    let group = Group::new(&broker, &TOPICS);
    let journal = Journal::new();
    let resources = joined::Resources {
        journal: journal.clone(),
    };
    let config = settings(broker.bootstrap(), &group).until_end();
    Member::start(joined::pipeline(resources).config(config))
        .join(s(60))
        .expect("it ends in order, with the latest of each held");
    assert_eq!(journal.finished().get(&("pairs".to_owned(), 0)), Some(&50));
    assert!(journal.times("latest", 0, 49) > 0, "the last of both met");
    let committed = group.committed();
    for (topic, _) in TOPICS {
        assert_eq!(committed.get(&(topic.to_owned(), 0)), Some(&49), "{topic}");
    }
}
