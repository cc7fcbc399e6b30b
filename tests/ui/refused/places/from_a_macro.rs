//! Mistake: a node that a macro writes, which `#[pipeline]` cannot see.

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

    macro_rules! report {
        ($name:ident) => {
            #[sink(from = order)]
            fn $name(order: i64) {
                assert!(order > 0);
            }
        };
    }
    report!(report);
}

fn main() -> ExitCode {
    shop::main()
}
