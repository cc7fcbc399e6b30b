//! **A breaker.** A stage that sends its failed records elsewhere halts the pipeline once so many of them fail that it is no longer
//! about single records.
//!
//! The bad day: a deploy with a mistake in it, and a topic of five million records on its way to the dead letters.

use waterhealer::ErrorKind;
use waterhealer::prelude::*;

use crate::support::{Broker, Group, Journal, Member, exact, s, settings};

#[pipeline(group = "from the configuration")]
mod poisoned {
    use super::*;

    #[source(topic = "wh-letters-poison")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, on_error = dead_letter("wh-letters-poison-dlq"), breaker(consecutive = 50, share = "90% of 1000"))]
    fn check(at: Position) -> Result<Position, String> {
        match at.offset {
            0..20 => Ok(at),
            _ => Err("bad everything".to_owned()),
        }
    }

    #[sink(from = check)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

#[test]
fn when_everything_fails_the_breaker_halts_the_pipeline() {
    const TOPIC: &str = "wh-letters-poison";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, 5_000);
    broker.fresh_topic("wh-letters-poison-dlq", 1);
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let journal = Journal::new();
    let pipeline = poisoned::pipeline(poisoned::Resources {
        journal: journal.clone(),
    });
    let pipeline = pipeline.config(settings(broker.bootstrap(), &group));
    let error = Member::start(pipeline)
        .join(s(30))
        .expect_err("the breaker opens");
    let ErrorKind::Halted { stage, position } = error.kind() else {
        panic!("{error}")
    };
    assert_eq!((*stage, position.offset), ("check", 69));
    let text = error.to_string();
    for part in ["last 50 calls failed", "bad everything"] {
        assert!(text.contains(part), "no `{part}` in: {text}");
    }
    assert_eq!(journal.records(), 20);
    let letters = exact::read(&broker, "wh-letters-poison-dlq", 1);
    assert_eq!(letters.len(), 49, "and not five thousand");
    assert_eq!(
        group.committed_in(0),
        Some(69),
        "all that is safe, and no more"
    );
}
