//! Mistake: values given by hand have no offsets.

use waterhealer::prelude::*;

#[pipeline(group = "shop", delivery = exactly_once)]
mod shop {
    use super::*;

    #[source(emit)]
    fn order(x: i64) -> i64 {
        x
    }

    #[sink(from = order, topic = "priced")]
    fn publish(x: i64) -> KafkaMessage {
        KafkaMessage::new(x.to_string())
    }
}

fn main() -> ExitCode {
    shop::main()
}
