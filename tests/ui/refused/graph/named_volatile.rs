//! Mistake: a filter is called `volatile`, which is a word of the operators.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[filter(from = order)]
    async fn volatile(order: &i64) -> bool {
        *order > 0
    }
    #[sink(from = volatile)]
    fn store(order: i64) {
        assert!(order > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
