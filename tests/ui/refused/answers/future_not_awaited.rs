//! Leak: a sink answers a boxed future, which nobody awaits.

use std::pin::Pin;

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: i64) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async move { assert!(order > 0) })
    }
}

fn main() -> ExitCode {
    shop::main()
}
