//! The shortest pipeline there is, and its graph as text.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: i64) {
        assert!(order >= 0);
    }
}

fn main() {
    let text = shop::pipeline().graph(waterhealer::Format::Mermaid);
    assert!(text.contains("order") && text.contains("store"), "{text}");
}
