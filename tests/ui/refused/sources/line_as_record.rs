//! Mistake: a source of lines that takes a record.

use waterhealer::prelude::*;

#[pipeline]
mod texts {
    use super::*;

    #[source(lines = "texts.txt")]
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
