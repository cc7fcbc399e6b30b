//! Leak: a batch goes into a state.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[accumulate(from = order.partition_time("1s"), start = 0, volatile)]
    fn total(total: i64, x: Batch<i64>) -> i64 {
        total + x.len() as i64
    }

    #[sink(from = total)]
    fn store(x: i64) {
        assert!(x > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
