//! Mistake: a list of files, where lines are those of one.

use waterhealer::prelude::*;

#[pipeline]
mod texts {
    #[source(lines = ["texts.txt", "more.txt"])]
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
