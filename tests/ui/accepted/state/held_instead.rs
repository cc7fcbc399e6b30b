//! What holds its records loses nothing at a restart.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.sliding_window(10))]
    fn store(x: Vec<i64>) {
        assert!(x.len() == 10);
    }
    #[sink(from = order.partition(10, within = "1m"))]
    fn sums(x: Vec<i64>) {
        assert!(x.iter().sum::<i64>() > 0);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
