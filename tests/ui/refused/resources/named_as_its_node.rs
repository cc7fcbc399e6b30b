//! Mistake: a resource has the name of the node that takes it.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    async fn convert(order: i64, convert: &fn(i64) -> i64) -> i64 {
        convert(order)
    }
    #[sink(from = convert)]
    fn store(price: i64) {
        assert!(price > 0);
    }
}

fn main() -> ExitCode {
    shop::main(shop::Resources {
        convert: |order| order,
    })
}
