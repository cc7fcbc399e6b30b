//! Nodes whose names only begin like words of the operators.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn holds(order: i64) -> i64 {
        order
    }
    #[filter(from = holds)]
    fn any_orders(order: &i64) -> bool {
        *order > 0
    }
    #[flat_map(from = any_orders)]
    fn is_volatile(order: i64) -> Vec<i64> {
        vec![order]
    }
    #[sink(from = holds.union(is_volatile))]
    fn holding(order: i64) {
        assert!(order > 0);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
