//! Mistake: a source of names that takes a `String`.

use waterhealer::prelude::*;

#[pipeline]
mod texts {
    #[source(files = "texts/*.txt")]
    fn text(path: String) -> String {
        path
    }

    #[sink(from = text)]
    fn store(text: String) {
        assert!(!text.is_empty());
    }
}

fn main() -> ExitCode {
    texts::main()
}
