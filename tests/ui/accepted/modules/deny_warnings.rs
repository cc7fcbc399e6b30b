//! A crate that denies warnings: the generated code has none.
#![deny(warnings)]
#![deny(
    elided_lifetimes_in_paths,
    let_underscore_drop,
    nonstandard_style,
    single_use_lifetimes,
    trivial_casts,
    unreachable_pub,
    unused,
    unused_lifetimes,
    unused_qualifications
)]

use waterhealer::prelude::*;

pub struct Db {
    pub rows: usize,
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: Tracked<i64>) -> Tracked<i64> {
        order
    }
    #[flat_map(from = price)]
    async fn parts(price: i64, db: &Db) -> Result<Vec<i64>, std::io::Error> {
        Ok(vec![price; db.rows])
    }
    #[filter(from = parts)]
    async fn large(part: &Tracked<i64>) -> bool {
        **part > 10
    }
    #[sink(from = large)]
    async fn store(part: Tracked<i64>, db: &Db) -> Done {
        assert!(db.rows > 0);
        part.done()
    }
    #[sink(from = large, topic = "parts")]
    fn publish(part: i64) -> KafkaMessage {
        KafkaMessage::new(part.to_string())
    }
}

fn main() {
    let _pipeline = shop::pipeline(shop::Resources { db: Db { rows: 2 } });
}
