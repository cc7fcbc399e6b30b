//! Parts of a value, by name, by number, several as a tuple.

use waterhealer::prelude::*;

/// A number and its text. The fields are private, and stay so.
#[derive(Clone)]
pub struct Pair {
    left: i64,
    right: String,
}

#[pipeline()]
mod shop {
    use super::*;

    #[source(emit)]
    fn order(x: i64) -> i64 {
        x
    }

    #[map(from = order)]
    fn pair(x: i64) -> Pair {
        Pair {
            left: x,
            right: x.to_string(),
        }
    }
    #[map(from = pair)]
    fn tuple(pair: Pair) -> (String, i64) {
        (pair.right, pair.left)
    }
    #[sink(from = pair.pluck(left))]
    fn number(x: i64) {
        assert_eq!(x, 7);
    }
    #[sink(from = pair.pluck([right, left]))]
    fn both(x: (String, i64)) {
        assert_eq!(x, ("7".to_owned(), 7));
    }
    #[sink(from = tuple.pluck(0))]
    fn text(x: &String) {
        assert_eq!(x, "7");
    }
    #[sink(from = tuple.pluck(1).partition(1))]
    fn rows(x: Vec<i64>) {
        assert_eq!(x, [7]);
    }
}

#[tokio::main]
async fn main() {
    let pipeline = shop::pipeline();
    let handle = pipeline.handle();
    let emit = async { handle.emit(7).await.unwrap() };
    pipeline.run_until(emit).await.unwrap();
}
