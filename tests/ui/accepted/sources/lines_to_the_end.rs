//! The lines of a file to its end: by value, by reference, with a carrier, async and fallible, and held for a time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use waterhealer::Config;
use waterhealer::prelude::*;

type Seen = Arc<Mutex<Vec<String>>>;

#[pipeline()]
mod texts {
    use super::*;

    #[source(lines = "texts.txt")]
    fn line(line: String) -> String {
        line
    }

    #[source(lines = "texts.txt")]
    fn length(line: &String) -> usize {
        line.len()
    }

    #[source(lines = "texts.txt")]
    fn numbered(line: Tracked<String>) -> Tracked<String> {
        let at = line.position().clone();
        line.map(|line| format!("{line} at {at}"))
    }

    #[source(lines = "numbers.txt", on_error = skip)]
    async fn number(line: String) -> Result<u64, std::num::ParseIntError> {
        tokio::time::sleep(Duration::from_millis(5)).await;
        line.parse()
    }

    // All lines come at once, after the last was read, in front of a stage that takes one after another.
    #[map(from = line.partition(100, within = "50ms").flatten())]
    async fn slowly(line: String) -> String {
        tokio::time::sleep(Duration::from_millis(2)).await;
        line
    }

    #[sink(from = slowly.union(numbered))]
    fn store(text: String, seen: &Seen) {
        seen.lock().unwrap().push(text);
    }

    #[sink(from = length.partition(5, within = "50ms"))]
    fn store_lengths(lengths: Vec<usize>, seen: &Seen) {
        seen.lock().unwrap().push(format!("{lengths:?}"));
    }

    #[sink(from = number)]
    fn store_number(number: u64, seen: &Seen) {
        seen.lock().unwrap().push(number.to_string());
    }
}

#[tokio::main]
async fn main() {
    let folder = std::env::temp_dir().join(format!("waterhealer-lines-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::env::set_current_dir(&folder).unwrap();
    std::fs::write("texts.txt", "a\r\nbb\r\n\nccc\ndd\ne\nthe last").unwrap();
    std::fs::write("numbers.txt", "70\nseventy\n80\n").unwrap();

    let seen = Seen::default();
    let pipeline = texts::pipeline(texts::Resources {
        seen: Arc::clone(&seen),
    });
    let report = pipeline.config(Config::new().until_end()).run().await;
    std::fs::remove_dir_all(&folder).unwrap();

    let report = report.unwrap();
    assert_eq!((report.finished, report.skipped), (3 * 7 + 3, 1));
    let mut seen = seen.lock().unwrap().clone();
    seen.sort();
    let expected = [
        "",
        " at texts.txt[0]@2",
        "70",
        "80",
        "[1, 2, 0, 3, 2]",
        "[1, 8]",
        "a",
        "a at texts.txt[0]@0",
        "bb",
        "bb at texts.txt[0]@1",
        "ccc",
        "ccc at texts.txt[0]@3",
        "dd",
        "dd at texts.txt[0]@4",
        "e",
        "e at texts.txt[0]@5",
        "the last",
        "the last at texts.txt[0]@6",
    ];
    assert_eq!(seen, expected);
}
