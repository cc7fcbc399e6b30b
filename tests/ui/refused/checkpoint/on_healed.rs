//! Mistake: a checkpoint on what no value comes through.

use waterhealer::prelude::*;

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

    #[healed(checkpoint)]
    fn note(offsets: &[Position]) {
        println!("{offsets:?}");
    }
}

fn main() -> ExitCode {
    shop::main()
}
