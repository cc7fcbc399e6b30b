//! Leak: a closure takes the carrier, and nobody has to call it.

use waterhealer::prelude::*;

const LATER: bool = true;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Tracked<i64>) -> Done {
        let finish = move || order.done();
        if LATER {
            drop(finish)
        }
        order.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
