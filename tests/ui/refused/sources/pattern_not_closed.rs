//! Mistake: a pattern with a bracket that is not closed.

use waterhealer::prelude::*;

#[pipeline]
mod texts {
    #[source(files = "texts/[ab.txt")]
    fn text(path: std::path::PathBuf) -> String {
        path.display().to_string()
    }

    #[sink(from = text)]
    fn store(text: String) {
        assert!(!text.is_empty());
    }
}

fn main() -> ExitCode {
    texts::main()
}
