//! The workspace's files as the rules read them: walked, split into lines, without comments, texts and tests.

use std::fs;
use std::path::{Path, PathBuf};

/// A Rust file of the workspace.
pub(crate) struct Source {
    /// From the workspace's root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// The workspace's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every Rust file under a folder of the workspace, in order.
pub(crate) fn rust_files(folder: &str) -> Vec<Source> {
    let files = files(folder, "rs");
    assert!(
        !files.is_empty(),
        "no Rust file in `{folder}`: has it moved?"
    );
    files
}

/// Every file under a folder with this ending, in order.
pub(crate) fn files(folder: &str, ending: &str) -> Vec<Source> {
    let root = root();
    let mut found = Vec::new();
    walk(&root.join(folder), ending, &mut found);
    found.sort();
    let sources = found.into_iter().map(|path| {
        let text = fs::read_to_string(&path).expect("a source file is readable");
        let path = path.strip_prefix(&root).expect("walked from the root");
        let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        Source {
            path: parts.join("/"),
            text,
        }
    });
    sources.collect()
}

fn walk(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the workspace is readable") {
        let path = entry.expect("an entry is readable").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if name != "target" && !name.starts_with('.') {
                walk(&path, ending, found);
            }
        } else if path
            .extension()
            .is_some_and(|extension| extension == ending)
        {
            found.push(path);
        }
    }
}

impl Source {
    /// The lines that run in the product: numbered from 1, without tests, comments and texts.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, String)> {
        let tests = self.is_test();
        let all: Vec<&str> = self.text.lines().collect();
        let end = match all.iter().position(|line| line.trim() == "#[cfg(test)]") {
            // A module of tests stands at the end of its file.
            Some(at)
                if all
                    .get(at + 1)
                    .is_some_and(|next| next.trim_end().ends_with('{')) =>
            {
                at
            }
            _ => all.len(),
        };
        let end = if tests { 0 } else { end };
        self.lines().take(end)
    }

    /// All lines, numbered from 1, without comments and texts.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, String)> {
        let lines = self.text.lines().map(bare).enumerate();
        lines.map(|(index, line)| (index + 1, line))
    }

    /// Whether the file holds tests only.
    fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }

    /// `path:line`, as a terminal makes a link of it.
    pub(crate) fn at(&self, line: usize) -> String {
        format!("{}:{line}", self.path)
    }
}

/// A line without its comment and without what stands in quotes.
fn bare(line: &str) -> String {
    let mut out = String::new();
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if quoted => {
                letters.next();
            }
            '\'' if !quoted && letters.peek() == Some(&'"') => {
                letters.next();
            }
            '"' => quoted = !quoted,
            '/' if !quoted && letters.peek() == Some(&'/') => break,
            _ if quoted => {}
            other => out.push(other),
        }
    }
    out
}

/// Fails with one line for each finding.
pub(crate) fn assert_none(rule: &str, findings: &[String]) {
    assert!(
        findings.is_empty(),
        "{rule}\n    {}\n",
        findings.join("\n    ")
    );
}

#[test]
fn comments_and_texts_are_left_out() {
    assert_eq!(bare("let x = f(\"a // b\"); // c"), "let x = f(); ");
    assert_eq!(bare("/// Docs with `.unwrap()`."), "");
    assert_eq!(bare(r#"x == '"' && y == "\"z""#), "x == ' && y == ");
}
