//! Numbers, times, keys and states in the parentheses that `macro_rules` has put there; types with commas of their own.

use std::collections::BTreeMap;
use waterhealer::prelude::*;

macro_rules! shop {
    ($size:literal, $within:expr, $start:expr, $key:expr, $field:ident) => {
        #[pipeline()]
        mod shop {
            use super::*;

            #[source(emit)]
            fn order(x: i64) -> (i64, i64) {
                (x, $size)
            }

            #[map(from = order.partition($size, within = $within))]
            fn batch(x: Batch<(i64, i64)>) -> Batch<i64> {
                x.map(|x| x.0)
            }
            #[accumulate(from = batch.flatten().unique(key = $key), start = $start)]
            fn seen(mut $field: BTreeMap<i64, i64>, x: i64) -> BTreeMap<i64, i64> {
                $field.insert(x, x);
                $field
            }
            #[sink(from = seen.zip($size))]
            fn store(x: (BTreeMap<i64, i64>, i64)) {
                assert_eq!(x, (BTreeMap::from([(7, 7)]), 1));
            }
            #[accumulate(from = order, start = BTreeMap::<i64, i64>::new())]
            fn others(seen: BTreeMap<i64, i64>, x: (i64, i64)) -> BTreeMap<i64, i64> {
                seen.into_iter().chain([x]).collect()
            }
            #[sink(from = others)]
            fn show(x: BTreeMap<i64, i64>) {
                assert_eq!(x[&7], 1);
            }
        }
    };
}

shop!(1, "1s", BTreeMap::new(), |x| *x, map);

#[tokio::main]
async fn main() {
    let pipeline = shop::pipeline();
    let handle = pipeline.handle();
    let emit = async { handle.emit(7).await.unwrap() };
    pipeline.run_until(emit).await.unwrap();
}
