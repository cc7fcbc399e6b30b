//! Mistake: a source of lines whose values nothing takes.

use waterhealer::prelude::*;

#[pipeline]
mod texts {
    #[source(emit)]
    fn text(text: String) -> String {
        text
    }

    #[source(lines = "texts.txt")]
    fn line(line: String) -> String {
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
