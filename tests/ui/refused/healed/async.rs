//! Mistake: nothing is committed while it runs.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(x: i64) {
        assert!(x > 0);
    }

    #[healed]
    async fn note(offsets: &[Position]) {
        assert!(!offsets.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
