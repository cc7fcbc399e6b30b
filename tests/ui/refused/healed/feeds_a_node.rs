//! Mistake: it stands beside the graph.

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
    fn note(offsets: &[Position]) {
        assert!(!offsets.is_empty());
    }
    #[sink(from = note)]
    fn after(x: i64) {
        assert!(x > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
