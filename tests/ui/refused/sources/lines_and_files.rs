//! Mistake: a source of the lines of one file and of the names of others.

use waterhealer::prelude::*;

#[pipeline]
mod texts {
    #[source(lines = "texts.txt", files = "texts/*.txt")]
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
