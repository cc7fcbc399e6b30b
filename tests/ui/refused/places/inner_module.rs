//! Mistake: a node in a module inside the pipeline's.

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

    mod more {
        use super::*;
        #[sink(from = order)]
        pub fn report(order: i64) {
            assert!(order > 0);
        }
    }
}

fn main() -> ExitCode {
    shop::main()
}
