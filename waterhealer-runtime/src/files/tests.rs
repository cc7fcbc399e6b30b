//! What is read of files that grow, end oddly, are no text, come and go.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;

use tempfile::TempDir;

use super::lines::Lines;
use super::names::Names;
use super::*;

/// A file in a folder of its own, and the lines of it.
fn lines(text: &[u8]) -> (TempDir, &'static str, Lines) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lines.txt");
    fs::write(&path, text).unwrap();
    let path: &'static str = path.to_str().unwrap().to_owned().leak();
    let lines = Lines::open(path).unwrap();
    (folder, path, lines)
}

fn append(path: &str, text: &str) {
    let mut file = OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

/// What one look gives: lines and names as they are, failures in brackets.
fn look(read: impl FnOnce(&mut Vec<Item>) -> Came) -> (Vec<String>, Came) {
    let mut items = Vec::new();
    let came = read(&mut items);
    let texts = items.into_iter().map(|item| match item.fed {
        Ok(Fed::Line(line)) => format!("{} {line}", item.offset),
        Ok(Fed::File(path)) => {
            let name = path.file_name().unwrap().to_string_lossy();
            format!("{} {name}", item.offset)
        }
        Err(failure) => format!("{} [{failure}]", item.offset),
    });
    (texts.collect(), came)
}

#[test]
fn lines_end_as_on_any_system_and_keep_what_else_they_hold() {
    let (_folder, _, mut lines) = lines(b"one\r\n\r\n two\t\n\nth\rree\r\r\nend");
    let (texts, came) = look(|items| lines.read(true, items));
    assert_eq!(came, Came::All);
    let expected = ["0 one", "1 ", "2  two\t", "3 ", "4 th\rree\r", "5 end"];
    assert_eq!(texts, expected);
    let (texts, came) = look(|items| lines.read(true, items));
    assert_eq!((texts.len(), came), (0, Came::All));
}

#[test]
fn a_line_without_an_end_waits_for_it_unless_nothing_more_comes() {
    let (_folder, path, mut lines) = lines("one\ntw".as_bytes());
    assert_eq!(look(|items| lines.read(false, items)).0, ["0 one"]);
    assert!(look(|items| lines.read(false, items)).0.is_empty());
    // Also between the two signs of one end.
    append(path, "o\r");
    assert!(look(|items| lines.read(false, items)).0.is_empty());
    append(path, "\nthree");
    assert_eq!(look(|items| lines.read(false, items)).0, ["1 two"]);
    assert_eq!(look(|items| lines.read(true, items)).0, ["2 three"]);
}

#[test]
fn a_line_that_is_no_text_fails_alone_and_is_named() {
    let (_folder, path, mut lines) = lines(b"one\ntw\xffo\nthree\n");
    let (texts, came) = look(|items| lines.read(true, items));
    assert_eq!(came, Came::All);
    assert_eq!((texts[0].as_str(), texts[2].as_str()), ("0 one", "2 three"));
    let named = format!("1 [line 2 of `{path}` is not UTF-8, from its byte 3 on: ");
    assert!(texts[1].starts_with(&named), "{}", texts[1]);
}

#[test]
fn a_file_that_becomes_shorter_cannot_be_followed() {
    let (_folder, path, mut lines) = lines(b"one\ntwo\n");
    assert_eq!(look(|items| lines.read(false, items)).0.len(), 2);
    File::create(path).unwrap();
    let (texts, came) = look(|items| lines.read(false, items));
    assert_eq!(came, Came::Broken);
    assert!(texts[0].contains("become shorter"), "{texts:?}");
}

#[test]
fn a_line_without_end_is_not_held_whole() {
    let (_folder, path, mut lines) = lines(b"one\n");
    let file = OpenOptions::new().write(true).open(path).unwrap();
    file.set_len(200 << 20).unwrap();
    let (texts, came) = look(|items| lines.read(false, items));
    assert_eq!((texts[0].as_str(), came), ("0 one", Came::Broken));
    assert!(texts[1].contains("longer than 64 MiB"), "{texts:?}");
}

#[test]
fn one_look_gives_a_bounded_number_of_lines_and_bytes() {
    let (_folder, _, mut lines) = lines("x\n".repeat(AT_ONCE + 1).as_bytes());
    let (texts, came) = look(|items| lines.read(true, items));
    assert_eq!((texts.len(), came), (AT_ONCE, Came::Some));
    assert_eq!(look(|items| lines.read(true, items)).0, ["1000 x"]);

    let long = "y".repeat(BYTES_AT_ONCE / 2) + "\n";
    let (_folder, _, mut lines) = self::lines(long.repeat(5).as_bytes());
    let (texts, came) = look(|items| lines.read(true, items));
    assert_eq!((texts.len(), came), (2, Came::Some));
}

#[test]
fn what_is_not_a_file_is_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path: &'static str = folder.path().to_str().unwrap().to_owned().leak();
    let error = Lines::open(path).unwrap_err();
    assert!(error.to_string().contains("a directory"), "{error}");
}

#[test]
fn names_come_sorted_and_once_then_those_that_appear() {
    let folder = tempfile::tempdir().unwrap();
    let touch = |name: &str| File::create(folder.path().join(name)).unwrap();
    let pattern = folder.path().join("*.csv");
    let pattern: &'static str = pattern.to_str().unwrap().to_owned().leak();
    let mut names = Names::new(pattern).unwrap();
    assert_eq!(look(|items| names.read(items)), (Vec::new(), Came::All));

    for name in ["b.csv", "a.csv", ".part.csv", "c.txt"] {
        touch(name);
    }
    fs::create_dir(folder.path().join("folder.csv")).unwrap();
    let (found, came) = look(|items| names.read(items));
    assert_eq!(
        (found, came),
        (vec!["0 a.csv".to_owned(), "1 b.csv".to_owned()], Came::All)
    );

    touch("0.csv");
    fs::remove_file(folder.path().join("a.csv")).unwrap();
    assert_eq!(look(|items| names.read(items)).0, ["2 0.csv"]);
    touch("a.csv");
    assert!(look(|items| names.read(items)).0.is_empty(), "it is known");
}

#[test]
fn a_pattern_that_is_none_is_refused() {
    assert!(Names::new("data/[a.csv").is_err());
    assert!(Names::new("data/**.csv").is_err());
    assert!(Names::new("data/[ab]?/**/*.csv").is_ok());
}
