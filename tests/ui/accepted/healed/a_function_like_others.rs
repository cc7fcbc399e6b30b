//! It stays a function, to be called and tested.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(x: i64) {
        assert!(x > 0);
    }

    #[healed]
    pub fn note(offsets: &[Position]) {
        assert!(offsets.is_empty());
    }
}

fn main() {
    let _pipeline = shop::pipeline();
    shop::note(&[]);
}
