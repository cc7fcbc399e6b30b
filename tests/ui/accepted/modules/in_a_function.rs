//! A pipeline in a module inside a function, and its `main` in the place of the program's.

use std::process::ExitCode;

fn run(really: bool) -> ExitCode {
    #[waterhealer::pipeline(group = "shop")]
    mod shop {
        use waterhealer::prelude::*;

        #[source(topic = "orders")]
        fn order(record: &Record<'_>) -> i64 {
            record.offset()
        }

        #[sink(from = order)]
        fn store(order: i64, limit: &i64) {
            assert!(order < *limit);
        }
    }
    if really {
        shop::main(shop::Resources { limit: 10 })
    } else {
        ExitCode::SUCCESS
    }
}

fn main() -> ExitCode {
    run(std::env::args().count() > 5)
}
