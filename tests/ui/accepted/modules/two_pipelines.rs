//! Two pipelines in one crate, one inside the other's module, sharing types and stages' names.

use waterhealer::prelude::*;

#[pipeline(group = "orders")]
mod orders {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: i64, limit: &i64) {
        assert!(order < *limit);
    }

    #[pipeline(group = "returns")]
    pub mod returns {
        use waterhealer::prelude::*;

        #[source(topic = "returns")]
        fn order(record: &Record<'_>) -> i64 {
            record.offset()
        }

        #[sink(from = order)]
        async fn store(order: Tracked<i64>) -> Done {
            order.done()
        }
    }
}

fn main() {
    let _orders = orders::pipeline(orders::Resources { limit: 10 });
    let _returns = orders::returns::pipeline();
}
