//! Two sources by hand, one of them fallible, one with a carrier downstream.

use waterhealer::prelude::*;

#[pipeline()]
mod shop {
    use super::*;

    #[source(emit)]
    fn number(number: u64) -> u64 {
        number
    }
    #[source(emit)]
    fn text(text: String) -> Result<u64, std::num::ParseIntError> {
        text.parse()
    }
    #[sink(from = number.union(text))]
    fn store(number: Tracked<u64>) -> Done {
        assert!(*number > 0);
        number.done()
    }
}

#[tokio::main]
async fn main() {
    let pipeline = shop::pipeline();
    let handle = pipeline.handle();
    let emit = async {
        handle.emit(shop::Emit::number(1)).await.unwrap();
        handle.emit(shop::Emit::text("2".to_owned())).await.unwrap();
    };
    assert_eq!(pipeline.run_until(emit).await.unwrap().finished, 2);
}
