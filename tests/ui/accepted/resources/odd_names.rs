//! Resources and nodes with names that generated code might like for itself.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn value(value: i64, ticket: &u8, lane: &u16, resources: &u32) -> i64 {
        value + i64::from(*ticket) + i64::from(*lane) + i64::from(*resources)
    }
    #[map(from = value)]
    async fn record(value: i64, outcome: &u8, answer: &u16) -> Result<i64, String> {
        Ok(value + i64::from(*outcome) + i64::from(*answer))
    }
    #[map(from = record)]
    async fn new(value: Tracked<i64>, brand: &u8, carrier: &u16) -> Tracked<i64> {
        value.map(|value| value + i64::from(*brand) + i64::from(*carrier))
    }
    #[map(from = new)]
    fn start_record(work: i64) -> i64 {
        work
    }
    #[flat_map(from = start_record)]
    fn values(next: i64, share: &u8) -> Vec<i64> {
        vec![next; usize::from(*share)]
    }
    #[filter(from = values)]
    fn completed(wh: &i64) -> bool {
        *wh > 0
    }
    #[sink(from = completed)]
    async fn spec(failure: i64) {
        assert!(failure > 0);
    }
    #[sink(from = completed, topic = "out")]
    fn emitted(message: i64) -> KafkaMessage {
        KafkaMessage::new(message.to_string())
    }
    #[sink(from = completed)]
    fn r#type(r#match: i64, r#in: &u8) {
        assert!(r#match > i64::from(*r#in));
    }
}

fn main() {
    let _pipeline = shop::pipeline(shop::Resources {
        ticket: 1,
        lane: 1,
        resources: 1,
        outcome: 1,
        answer: 1,
        brand: 1,
        carrier: 1,
        share: 1,
        r#in: 1,
    });
}
