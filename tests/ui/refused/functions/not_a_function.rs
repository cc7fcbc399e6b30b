//! Mistake: a node attribute on a struct.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: i64) {
        assert!(order >= 0);
    }

    #[map(from = order)]
    pub struct Price;
}

fn main() -> ExitCode {
    shop::main()
}
