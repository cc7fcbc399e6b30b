//! Results that nodes in the middle take apart, and one that is produced with what failed in it.

use std::num::ParseIntError;

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> String {
        record.text().unwrap_or_default().to_owned()
    }

    #[flat_map(from = order)]
    fn amount(order: String) -> Vec<Result<i64, ParseIntError>> {
        order.split(' ').map(str::parse).collect()
    }
    #[filter(from = amount)]
    fn failed(amount: &Result<i64, ParseIntError>) -> bool {
        amount.is_err()
    }
    #[map(from = amount)]
    fn or_zero(amount: Result<i64, ParseIntError>) -> i64 {
        amount.unwrap_or_default()
    }
    #[flat_map(from = amount)]
    fn whole(amount: Result<i64, ParseIntError>) -> Option<i64> {
        amount.ok()
    }
    #[sink(from = or_zero.union(whole))]
    fn store(amount: i64) {
        assert!(amount >= 0);
    }
    #[sink(from = failed, topic = "failed")]
    fn publish(amount: Result<i64, ParseIntError>) -> KafkaMessage {
        KafkaMessage::new(format!("{amount:?}"))
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
