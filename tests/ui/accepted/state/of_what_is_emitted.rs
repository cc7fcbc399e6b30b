//! What is emitted by hand is nowhere to be read again.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    #[source(emit)]
    fn order(x: i64) -> i64 {
        x
    }

    #[accumulate(from = order, start = 0)]
    fn total(total: i64, x: i64) -> i64 {
        total + x
    }

    #[sink(from = total)]
    fn store(x: i64) {
        assert!(x > 0);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
