//! Mistake: a flush that is not there, one that is a node, and one where the broker answers.

use waterhealer::prelude::*;

pub struct Db;

impl Db {
    fn keep(&self, x: i64) {
        assert!(x >= 0);
    }
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order, flush = write_all)]
    fn store(x: i64, db: &Db) {
        db.keep(x);
    }

    #[sink(from = order, flush = order)]
    fn count(x: i64) {
        assert!(x > 0);
    }

    #[sink(from = order, topic = "prices", flush = write_out)]
    fn publish(x: i64) -> KafkaMessage {
        KafkaMessage::new(x.to_string())
    }

    fn write_out(db: &Db) {
        db.keep(0);
    }
}

fn main() -> ExitCode {
    shop::main(shop::Resources { db: Db })
}
