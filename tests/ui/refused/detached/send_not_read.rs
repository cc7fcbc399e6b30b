//! Leak: whether a channel took the value is not looked at.

use std::sync::mpsc::SyncSender;

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: i64, queue: &SyncSender<i64>) {
        queue.try_send(order);
    }
}

fn main() -> ExitCode {
    let (queue, _receiver) = std::sync::mpsc::sync_channel(1);
    shop::main(shop::Resources { queue })
}
