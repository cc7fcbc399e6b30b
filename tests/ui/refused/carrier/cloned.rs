//! Leak: the carrier is cloned, one is answered and one is kept.

use waterhealer::prelude::*;

fn twice<T: Clone>(one: &T) -> (T, T) {
    (one.clone(), one.clone())
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Tracked<i64>) -> Done {
        let (kept, answered) = twice(&order);
        drop(kept);
        answered.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
