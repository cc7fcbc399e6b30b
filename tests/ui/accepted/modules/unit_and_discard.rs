//! Values that say nothing, and parameters that are not looked at.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn nothing(_order: i64) -> () {}
    #[map(from = nothing)]
    async fn still(_: ()) -> Result<(), String> {
        Ok(())
    }
    #[sink(from = still)]
    async fn store((): ()) {}
}

fn main() {
    let _pipeline = shop::pipeline();
}
