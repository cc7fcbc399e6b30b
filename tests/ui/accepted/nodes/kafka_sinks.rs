//! Kafka sinks: sync, async, fallible, over plain values, references and carriers.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order, topic = "plain")]
    fn plain(order: i64) -> KafkaMessage {
        KafkaMessage::new(order.to_string()).key(order)
    }
    #[sink(from = order, topic = "lent")]
    fn lent(order: &i64) -> KafkaMessage {
        KafkaMessage::json(order).header("from", "orders")
    }
    #[sink(from = order, topic = "waiting", concurrency = 16)]
    async fn waiting(order: i64) -> KafkaMessage {
        KafkaMessage::new(order.to_string())
    }
    #[sink(from = order, topic = "failing", on_error = skip)]
    fn failing(order: i64) -> Result<KafkaMessage, String> {
        if order > 0 {
            Ok(KafkaMessage::tombstone().key(order))
        } else {
            Err("zero".to_owned())
        }
    }
    #[sink(from = order, topic = "failing-late")]
    async fn failing_late(order: i64) -> Result<KafkaMessage, String> {
        Ok(KafkaMessage::new(order.to_string()).partition(0))
    }
    #[sink(from = order, topic = "carried")]
    fn carried(order: Tracked<i64>) -> Tracked<KafkaMessage> {
        let key = order.key().unwrap_or_default().to_vec();
        order.map(|order| KafkaMessage::new(order.to_string()).key(key))
    }
    #[sink(from = order, topic = "carried-late")]
    async fn carried_late(order: Tracked<i64>) -> Result<Tracked<KafkaMessage>, String> {
        Ok(order.map(|order| KafkaMessage::new(order.to_string())))
    }
    #[sink(from = order, topic = "seen")]
    fn seen(order: &Tracked<i64>) -> KafkaMessage {
        KafkaMessage::new(order.position().topic.to_string())
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
