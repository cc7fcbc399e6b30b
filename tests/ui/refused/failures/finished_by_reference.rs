//! Leak: a sink looks at a `Result` under another path, and finishes its record.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> String {
        record.text().unwrap_or_default().to_owned()
    }

    #[flat_map(from = order)]
    fn size(order: String) -> Vec<std::io::Result<u64>> {
        vec![std::fs::metadata(order).map(|file| file.len())]
    }
    #[sink(from = size)]
    async fn store(size: &std::io::Result<u64>) {
        assert!(size.is_ok());
    }
}

fn main() -> ExitCode {
    shop::main()
}
