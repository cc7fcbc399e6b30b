//! Mistake: a source that takes no record.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {

    #[source(topic = "orders")]
    fn order(line: &str) -> String {
        line.to_owned()
    }
    #[sink(from = order)]
    fn store(order: String) {
        assert!(!order.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
