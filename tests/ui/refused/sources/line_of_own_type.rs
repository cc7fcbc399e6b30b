//! Mistake: a source of lines that takes a type of its own.

use waterhealer::prelude::*;

#[pipeline]
mod texts {
    use super::*;

    #[source(lines = "texts.txt")]
    fn text(line: Line) -> String {
        line.0
    }

    #[sink(from = text)]
    fn store(text: String) {
        assert!(!text.is_empty());
    }
}

/// What somebody else would have to make of a line.
pub struct Line(String);

fn main() -> ExitCode {
    texts::main()
}
