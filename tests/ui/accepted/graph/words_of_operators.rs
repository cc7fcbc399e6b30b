//! Words of the operators as names of values, resources, helpers and modules.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    mod volatile {
        pub(super) fn any_order(order: i64) -> i64 {
            order
        }
    }
    #[map(from = order)]
    fn held(any_order: i64, hold: &i64) -> i64 {
        volatile::any_order(any_order) + hold
    }
    #[sink(from = held)]
    fn store(volatile: i64) {
        assert!(volatile > 0);
    }
}

fn main() {
    let _pipeline = shop::pipeline(shop::Resources { hold: 1 });
}
