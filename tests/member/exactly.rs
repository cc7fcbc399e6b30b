//! A pipeline that delivers exactly once: calls that end in any order, two sinks, and both must have each record once.

use std::time::Duration;

use waterhealer::prelude::*;

#[pipeline(group = "exactly", delivery = exactly_once, interval = "50ms")]
mod pipeline {
    use super::*;

    #[source(topic = "wh-once-killed")]
    fn read(record: &Record<'_>) -> (u64, Vec<u8>) {
        let value = record.value().unwrap_or_default().to_vec();
        (record.offset().unsigned_abs(), value)
    }

    /// Takes 0 to 7 ms, by the record.
    #[map(from = read, concurrency = 20)]
    async fn work((offset, value): (u64, Vec<u8>)) -> Vec<u8> {
        let millis = (offset.wrapping_mul(0x9e37_79b9) >> 7) % 8;
        if millis > 0 {
            tokio::time::sleep(Duration::from_millis(millis)).await;
        }
        value
    }

    #[sink(from = work, topic = "wh-once-killed-out")]
    fn write(value: Vec<u8>) -> KafkaMessage {
        KafkaMessage::new(value)
    }

    #[sink(from = work, topic = "wh-once-killed-copy")]
    fn copy(value: Vec<u8>) -> KafkaMessage {
        KafkaMessage::new(value)
    }
}

/// To be killed, stopped and woken again.
pub(crate) fn start() -> ExitCode {
    pipeline::main()
}
