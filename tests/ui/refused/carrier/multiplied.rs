//! Leak: one carrier becomes two by repetition.

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
        let [kept, answered] = [order; 2];
        drop(kept);
        answered.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
