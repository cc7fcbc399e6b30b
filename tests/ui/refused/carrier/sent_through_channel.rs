//! Leak: the carrier is sent through a channel, and what another call has sent is answered.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use waterhealer::prelude::*;

/// A channel with room for one.
pub struct Queue {
    sender: SyncSender<Tracked<'static, i64>>,
    receiver: Mutex<Receiver<Tracked<'static, i64>>>,
}
impl Queue {
    fn new() -> Self {
        let (sender, receiver) = sync_channel(1);
        Queue {
            sender,
            receiver: Mutex::new(receiver),
        }
    }
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Tracked<i64>, queue: &Queue) -> Done {
        queue.sender.send(order).unwrap();
        queue.receiver.lock().unwrap().recv().unwrap().done()
    }
}

fn main() -> ExitCode {
    shop::main(shop::Resources {
        queue: Queue::new(),
    })
}
