//! Checkpoints where they are asked for: on a source, behind operators, on a sink.

use waterhealer::prelude::*;

/// What no checkpoint keeps needs no form.
pub struct Bare(i64);

#[pipeline()]
mod shop {
    use super::*;

    #[source(emit, checkpoint)]
    fn order(x: i64) -> i64 {
        x
    }

    #[source(emit)]
    fn other(x: u8) -> i64 {
        i64::from(x)
    }

    #[map(from = order.union(other).checkpoint())]
    fn bare(x: i64) -> Bare {
        Bare(x)
    }

    #[map(from = bare)]
    fn plain(bare: Bare) -> i64 {
        bare.0 * 2
    }

    #[sink(from = plain.slice(0).checkpoint(), checkpoint)]
    async fn store(x: &i64) {
        assert!(*x % 2 == 0);
    }
}

#[tokio::main]
async fn main() {
    let pipeline = shop::pipeline();
    let handle = pipeline.handle();
    let emit = async {
        handle.emit(shop::Emit::order(1)).await.unwrap();
        handle.emit(shop::Emit::other(7)).await.unwrap();
        let kept = handle.checkpoint();
        let kept: Vec<_> = kept
            .iter()
            .map(|(path, value)| (path.as_str(), value.to_string()))
            .collect();
        assert_eq!(
            kept,
            [
                ("source.order", "1".to_owned()),
                (
                    "source.order.map.bare.map.plain.store.slice",
                    "14".to_owned()
                ),
                (
                    "source.order.map.bare.map.plain.store.slice.sink.store",
                    "14".to_owned()
                ),
                ("source.other", "7".to_owned()),
            ]
        );
    };
    pipeline.run_until(emit).await.unwrap();
}
