//! The names of files that match, sorted, beside values given by hand; the run ends when the names are read.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use waterhealer::Config;
use waterhealer::prelude::*;

type Seen = Arc<Mutex<Vec<String>>>;

#[pipeline()]
mod texts {
    use super::*;

    #[source(files = "**/*.txt")]
    fn text(path: PathBuf) -> std::io::Result<String> {
        std::fs::read_to_string(&path)
    }

    #[source(files = "[ab].txt")]
    fn name(path: &std::path::PathBuf) -> String {
        path.display().to_string()
    }

    #[source(emit)]
    fn by_hand(text: String) -> String {
        text
    }

    #[sink(from = text.union(name, by_hand))]
    fn store(text: String, seen: &Seen) {
        seen.lock().unwrap().push(text);
    }
}

#[tokio::main]
async fn main() {
    let folder = std::env::temp_dir().join(format!("waterhealer-names-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("more")).unwrap();
    std::env::set_current_dir(&folder).unwrap();
    for (name, text) in [("b.txt", "of b"), ("a.txt", "of a"), ("more/c.txt", "of c")] {
        std::fs::write(Path::new(name), text).unwrap();
    }

    let seen = Seen::default();
    let pipeline = texts::pipeline(texts::Resources {
        seen: Arc::clone(&seen),
    });
    let handle = pipeline.handle();
    let by_hand = tokio::spawn(async move { handle.emit("by hand".to_owned()).await });
    let report = pipeline.config(Config::new().until_end()).run().await;
    std::fs::remove_dir_all(&folder).unwrap();

    let given = u64::from(by_hand.await.unwrap().is_ok());
    assert_eq!(report.unwrap().finished, 5 + given);
    let mut seen = seen.lock().unwrap().clone();
    seen.retain(|text| text != "by hand");
    assert_eq!(seen, ["of a", "of b", "of c", "a.txt", "b.txt"]);
}
