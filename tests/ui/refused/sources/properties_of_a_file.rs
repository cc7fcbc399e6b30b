//! Mistake: properties of Kafka for a source of lines.

use waterhealer::prelude::*;

#[pipeline]
mod texts {
    #[source(lines = "texts.txt", properties("fetch.min.bytes" = "1"))]
    fn text(line: String) -> String {
        line
    }

    #[sink(from = text)]
    fn store(text: String) {
        assert!(!text.is_empty());
    }
}

fn main() -> ExitCode {
    texts::main()
}
