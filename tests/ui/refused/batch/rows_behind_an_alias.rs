//! Leak: the rows under another name: what comes is a plain list, without any seats.

use waterhealer::prelude::*;

/// The macro sees no `Rows` here.
pub type Plain = waterhealer::Rows<i64>;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order.partition(500, within = "1s"))]
    fn price(rows: Plain) -> Vec<i64> {
        rows.into_values()
    }

    #[sink(from = price)]
    fn store(rows: Vec<i64>) {
        assert!(!rows.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
