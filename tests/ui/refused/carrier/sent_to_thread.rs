//! Leak: the carrier is sent to a thread of its own.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Tracked<i64>) -> Done {
        std::thread::spawn(move || order.done()).join().unwrap()
    }
}

fn main() -> ExitCode {
    shop::main()
}
