//! Mistake: a trait object as a resource, which nothing owns.

use waterhealer::prelude::*;

/// Writes.
pub trait Writer: Send + Sync {
    /// Writes a row.
    fn write(&self, order: i64);
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: i64, writer: &dyn Writer) {
        writer.write(order);
    }
}

fn main() -> ExitCode {
    shop::main()
}
