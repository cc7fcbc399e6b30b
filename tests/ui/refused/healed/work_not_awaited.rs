//! Leak: the work that it starts is not awaited.

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
    fn note(offsets: &[Position]) {
        let count = offsets.len();
        std::thread::spawn(move || assert!(count > 0));
    }
}

fn main() -> ExitCode {
    shop::main()
}
