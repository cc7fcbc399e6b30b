//! Mistake: a pattern whose two stars do not stand for whole folders.

use waterhealer::prelude::*;

#[pipeline]
mod texts {
    #[source(files = "texts/**.txt")]
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
