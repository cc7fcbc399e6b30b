//! A whole pipeline that a macro writes, with the caller's types and names.

use waterhealer::prelude::*;

macro_rules! shop {
    ($name:ident, $topic:literal, $value:ty, $stage:ident, $body:expr) => {
        #[pipeline(group = "shop")]
        mod $name {
            use super::*;

            #[source(topic = $topic)]
            fn order(record: &Record<'_>) -> $value {
                record.offset() as $value
            }

            #[map(from = order)]
            async fn $stage(order: Tracked<$value>) -> Result<Tracked<$value>, String> {
                Ok(order.map($body))
            }

            #[filter(from = $stage)]
            fn large(order: &$value) -> bool {
                *order > 10 as $value
            }

            #[sink(from = large.union(order))]
            fn store(order: $value) {
                assert!(order > 0 as $value);
            }
        }
    };
}

shop!(whole, "orders", i64, double, |order| order * 2);
shop!(broken, "returns", f64, halve, |order| order / 2.0);

fn main() {
    let _pipelines = (whole::pipeline(), broken::pipeline());
}
