//! Mistake: a source of lines that is also fed by hand.

use waterhealer::prelude::*;

#[pipeline]
mod texts {
    #[source(emit, lines = "texts.txt")]
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
