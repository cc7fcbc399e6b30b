//! What is emitted by hand waits as long as it likes; `hold` may be said and changes nothing.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    #[source(emit)]
    fn tick(x: i64) -> i64 {
        x
    }
    #[source(emit)]
    fn tock(x: i64) -> i64 {
        x
    }

    #[sink(from = tick.partition(5))]
    fn a(x: Vec<i64>) {
        assert!(x.len() == 5);
    }
    #[sink(from = tick.partition(5, hold))]
    fn b(x: Vec<i64>) {
        assert!(x.len() == 5);
    }
    #[sink(from = tick.zip(tock))]
    fn c(x: (i64, i64)) {
        assert!(x.0 <= x.1);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
