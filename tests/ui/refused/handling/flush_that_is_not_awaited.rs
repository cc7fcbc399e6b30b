//! Mistake: a flush hands its work to others and answers for it.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order, flush = write_out)]
    fn store(x: i64) {
        assert!(x > 0);
    }

    fn write_out() -> std::thread::JoinHandle<()> {
        std::thread::spawn(|| {})
    }
}

fn main() -> ExitCode {
    shop::main()
}
