//! Mistake: a node attribute under another name, which `#[pipeline]` cannot know.

use waterhealer::prelude::*;
use waterhealer::sink as finish;

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

    #[finish(from = order)]
    fn report(order: i64) {
        assert!(order > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
