//! Values of many types: tuples, arrays, functions, generics, nested ones.

use std::collections::HashMap;

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> (i64, i64) {
        (record.offset(), 1)
    }

    #[map(from = order)]
    fn pair((left, right): (i64, i64)) -> ([i64; 2], Option<Box<dyn Fn(i64) -> i64 + Send>>) {
        ([left, right], None)
    }
    #[map(from = pair)]
    async fn nested(
        pair: ([i64; 2], Option<Box<dyn Fn(i64) -> i64 + Send>>),
    ) -> HashMap<String, Vec<Result<i64, String>>> {
        HashMap::from([(pair.0[0].to_string(), Vec::new())])
    }
    #[map(from = nested)]
    fn text(map: HashMap<String, Vec<Result<i64, String>>>) -> &'static str {
        if map.is_empty() { "empty" } else { "full" }
    }
    #[map(from = text)]
    fn function(text: &'static str) -> fn(&str) -> usize {
        if text.is_empty() {
            str::len
        } else {
            |text| text.len()
        }
    }
    #[sink(from = function)]
    fn store(function: fn(&str) -> usize) {
        assert_eq!(function("abc"), 3);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
