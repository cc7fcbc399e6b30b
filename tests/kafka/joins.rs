//! **A zip of two branches pairs by record.** A branch that filters or skips a record releases its partner, so that the
//! record is finished and the offset moves; a branch that is slower, or answers out of order, changes nothing.
//!
//! The bad day: one branch drops a row, every later pair is made of two different records, and the offsets of those
//! without a partner are never committed: the seeds call it a leak.

use waterhealer::prelude::*;

use crate::support::{Broker, Group, Journal, Member, heavy, ms, s, settings};

#[pipeline(group = "from the configuration")]
mod diamond {
    use super::*;

    #[source(topic = "wh-diamond")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, concurrency = 16)]
    async fn left(at: Position) -> Position {
        tokio::time::sleep(ms(at.offset.unsigned_abs() % 5)).await;
        at
    }

    #[filter(from = read)]
    fn even(at: &Position) -> bool {
        at.offset % 2 == 0
    }

    #[map(from = even, on_error = skip)]
    fn right(at: Position) -> Result<Position, String> {
        match at.offset % 5 {
            0 => Err("every fifth record fails on this side".to_owned()),
            _ => Ok(at),
        }
    }

    #[sink(from = left.zip(right, "pair"))]
    fn note(pair: (Position, Position, &'static str), journal: &Journal) -> Result<(), String> {
        let (left, right, _) = pair;
        if left != right {
            return Err(format!("{left} was paired with {right}"));
        }
        journal.note(&left.topic, left.partition, left.offset);
        Ok(())
    }
}

#[pipeline(group = "from the configuration")]
mod words {
    use super::*;

    /// Each record becomes several values: each of them is forked and paired on its own.
    #[source(topic = "wh-diamond-words")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[flat_map(from = read)]
    fn parts(at: Position) -> Vec<(Position, u32)> {
        (0..4).map(|part| (at.clone(), part)).collect()
    }

    #[map(from = parts, concurrency = 16)]
    async fn left(part: (Position, u32)) -> (Position, u32) {
        tokio::time::sleep(ms(u64::from(3 - part.1))).await;
        part
    }

    #[filter(from = parts)]
    fn right(part: &(Position, u32)) -> bool {
        part.1 != 1
    }

    #[sink(from = left.zip(right))]
    fn note(pair: ((Position, u32), (Position, u32)), journal: &Journal) -> Result<(), String> {
        let (left, right) = pair;
        if left != right {
            return Err(format!("{left:?} was paired with {right:?}"));
        }
        let ((at, part), _) = (left, right);
        journal.note(&at.topic, at.partition, at.offset * 4 + i64::from(part));
        Ok(())
    }
}

#[test]
fn a_partner_that_is_filtered_or_skipped_releases_the_other() {
    const TOPIC: &str = "wh-diamond";
    let _alone = heavy();
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 4);
    broker.fill(TOPIC, 4, 4_000);
    let group = Group::new(&broker, &[(TOPIC, 4)]);
    let journal = Journal::new();
    let resources = diamond::Resources {
        journal: journal.clone(),
    };
    let config = settings(broker.bootstrap(), &group).until_end();
    let report = Member::start(diamond::pipeline(resources).config(config))
        .join(s(60))
        .expect("it ends in order");
    // Of ten offsets 0, 2, 4, 6 and 8 are even, and 0 fails.
    assert_eq!((journal.records(), journal.repeats()), (4_000 * 4 / 10, 0));
    assert_eq!((report.finished, report.skipped), (4_000, 400));
    group.assert_at_end();
}

#[test]
fn values_of_one_record_pair_one_by_one() {
    const TOPIC: &str = "wh-diamond-words";
    let _alone = heavy();
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 2);
    broker.fill(TOPIC, 2, 1_000);
    let group = Group::new(&broker, &[(TOPIC, 2)]);
    let journal = Journal::new();
    let resources = words::Resources {
        journal: journal.clone(),
    };
    let config = settings(broker.bootstrap(), &group).until_end();
    Member::start(words::pipeline(resources).config(config))
        .join(s(60))
        .expect("it ends in order");
    assert_eq!((journal.records(), journal.repeats()), (3_000, 0));
    group.assert_at_end();
}
