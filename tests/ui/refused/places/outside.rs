//! Mistake: node attributes without a pipeline around them.

use waterhealer::prelude::*;

#[source(topic = "orders")]
fn order(record: &Record<'_>) -> i64 {
    record.offset()
}

#[sink(from = order)]
fn store(order: i64) {
    assert!(order > 0);
}

fn main() {
    let _stages = (order as fn(&Record<'_>) -> i64, store as fn(i64));
}
