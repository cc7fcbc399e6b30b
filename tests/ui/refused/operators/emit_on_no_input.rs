//! Mistake: `emit_on` names a node that is no input.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn other(x: i64) -> i64 {
        x
    }
    #[map(from = order)]
    fn third(x: i64) -> i64 {
        x
    }
    #[sink(from = third)]
    fn end(x: i64) {
        assert!(x > 0);
    }
    #[sink(from = order.combine_latest(other, emit_on = third))]
    fn store(x: (i64, i64)) {
        assert!(x.0 > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
