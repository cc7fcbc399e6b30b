//! The graph of a pipeline with every kind of node, in every format. What has changed is shown by `cargo insta
//! review`, or written by `INSTA_UPDATE=always`.

use waterhealer::Format;

#[waterhealer::pipeline(group = "everything", interval = "5s")]
mod everything {
    use waterhealer::prelude::*;

    /// Reads orders and returns,
    /// both as numbers.
    ///
    /// This paragraph is for people, not for pictures.
    #[source(topics = ["orders", "returns"], properties("fetch.min.bytes" = "1"), on_error = skip)]
    fn amount(record: &Record<'_>) -> Result<i64, Box<dyn std::error::Error + Send + Sync>> {
        Ok(record.text()?.parse()?)
    }

    #[source(emit)]
    fn correction(amount: i64) -> i64 {
        amount
    }

    #[map(from = amount.union(correction), concurrency = 16)]
    async fn price(amount: Tracked<i64>, rate: &i64) -> Tracked<i64> {
        amount.map(|amount| amount * rate)
    }

    #[filter(from = price)]
    fn large(price: &i64) -> bool {
        *price > 100
    }

    #[flat_map(from = large)]
    fn parts(price: i64) -> Vec<(bool, i64)> {
        vec![(true, price / 2), (false, price - price / 2)]
    }

    /// Says "stored".
    #[sink(from = parts, on_error = skip)]
    async fn store((first, part): (bool, i64)) -> Result<(), String> {
        if first || part > 0 {
            Ok(())
        } else {
            Err("nothing to store".to_owned())
        }
    }

    #[sink(from = price, topic = "priced")]
    fn publish(price: i64) -> KafkaMessage {
        KafkaMessage::new(price.to_string())
    }
}

fn everything(format: Format) -> String {
    everything::pipeline(everything::Resources { rate: 2 }).graph(format)
}

#[test]
fn as_mermaid() {
    insta::assert_snapshot!(everything(Format::Mermaid));
}

#[test]
fn as_dot() {
    insta::assert_snapshot!(everything(Format::Dot));
}

#[test]
fn as_svg() {
    insta::assert_snapshot!(everything(Format::Svg));
}

#[test]
fn as_json() {
    insta::assert_snapshot!(everything(Format::Json));
}
