//! Mistake: a pipeline that nothing enters.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {

    #[map]
    fn price(order: i64) -> i64 {
        order
    }
    #[sink(from = price)]
    fn store(order: i64) {
        assert!(order > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
