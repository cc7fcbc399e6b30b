//! Mistake: the sink takes a tuple in another order.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn name(x: i64) -> String {
        x.to_string()
    }

    #[sink(from = order.zip(name))]
    fn store(x: (String, i64)) {
        assert!(x.1 > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
