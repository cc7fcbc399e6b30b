//! Leak: the batch is sent away, and one from elsewhere is answered.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};

use waterhealer::prelude::*;

/// A way out.
pub struct Queue {
    send: Sender<Batch<'static, i64>>,
    receive: Mutex<Receiver<Batch<'static, i64>>>,
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.partition(500, within = "1s"))]
    fn store(rows: Batch<i64>, queue: &Queue) -> Done {
        queue.send.send(rows).unwrap();
        queue.receive.lock().unwrap().recv().unwrap().done()
    }
}

fn main() -> ExitCode {
    let (send, receive) = channel();
    let receive = Mutex::new(receive);
    shop::main(shop::Resources {
        queue: Queue { send, receive },
    })
}
