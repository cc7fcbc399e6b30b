//! Mistake: a source of lines that takes a `&str`.

use waterhealer::prelude::*;

#[pipeline]
mod texts {
    #[source(lines = "texts.txt")]
    fn text(line: &str) -> String {
        line.to_owned()
    }

    #[sink(from = text)]
    fn store(text: String) {
        assert!(!text.is_empty());
    }
}

fn main() -> ExitCode {
    texts::main()
}
