//! Mistake: a source of a topic and of a file.

use waterhealer::prelude::*;

#[pipeline]
mod texts {
    use super::*;

    #[source(topic = "texts", lines = "texts.txt")]
    fn text(record: &Record<'_>) -> String {
        record.offset().to_string()
    }

    #[sink(from = text)]
    fn store(text: String) {
        assert!(!text.is_empty());
    }
}

fn main() -> ExitCode {
    texts::main()
}
