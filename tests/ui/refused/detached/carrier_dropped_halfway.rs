//! Leak: a carrier made on the way is thrown away as a statement.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Tracked<i64>) -> Result<Done, String> {
        order.map(|order| order * 2);
        Err("nothing to answer with".to_owned())
    }
}

fn main() -> ExitCode {
    shop::main()
}
