//! Leak: the handle is lost at the end of a chain on many lines.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    async fn store(order: i64) -> Result<(), std::io::Error> {
        tokio::spawn(async move {
            assert!(order > 0);
        })
        .abort_handle();
        std::thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || assert!(order > 0))?;
        let _abort = tokio::runtime::Handle::current()
            .spawn(async move { assert!(order > 0) })
            .abort_handle();
        Ok(())
    }
}

fn main() -> ExitCode {
    shop::main()
}
