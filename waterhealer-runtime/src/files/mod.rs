//! Files as sources read them: the lines of one, the names of those that match a pattern. Reading goes on where it stopped
//! and never waits for more. Who reads when, and who takes what was read, is `flow`'s.

mod lines;
mod names;
#[cfg(test)]
mod tests;

use std::fmt::Display;
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Failure};
use crate::graph::{NodeKind, Spec};

use lines::Lines;
use names::Names;

/// What a source of files is given.
#[derive(Debug, PartialEq, Eq)]
pub enum Fed {
    /// A line, without its end.
    Line(String),
    /// The name of a file.
    File(PathBuf),
}

impl Fed {
    /// How many bytes it has.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Fed::Line(line) => line.len(),
            Fed::File(name) => name.as_os_str().len(),
        }
    }
}

/// One line or name, with its number, or why it cannot be given.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) offset: i64,
    pub(crate) fed: Result<Fed, Failure>,
}

/// Items that are handed over at once.
const AT_ONCE: usize = 1_000;

/// Bytes of lines that are handed over at once, for when lines are long; the last may pass it.
const BYTES_AT_ONCE: usize = 1 << 20;

/// What one round of reading came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Came {
    /// There may be more.
    Some,
    /// This is all there is now.
    All,
    /// It cannot be read any more: the last item says why.
    Broken,
}

/// What one source reads.
#[derive(Debug)]
pub(crate) struct Reader(Reads);

#[derive(Debug)]
enum Reads {
    Lines(Lines),
    Names(Names),
}

impl Reader {
    /// Readers for all sources of files, each with the number of its node and its path.
    ///
    /// # Errors
    /// When a file cannot be opened, or a pattern is none.
    pub(crate) fn open_all(spec: &Spec) -> Result<Vec<(usize, &'static str, Reader)>, Error> {
        let sources = spec.read_files();
        let readers = sources.map(|(index, node)| {
            let reads = match node.kind {
                NodeKind::FileSource => Reads::Names(
                    Names::new(node.path)
                        .map_err(|why| not_a_pattern(node.name, node.path, &why))?,
                ),
                _ => Reads::Lines(
                    Lines::open(node.path).map_err(|why| missing(node.name, node.path, &why))?,
                ),
            };
            Ok((index, node.path, Reader(reads)))
        });
        readers.collect()
    }

    /// Adds what comes next, at most so much that handing it over is worth its while. With `to_end`, what is there now is all
    /// that ever comes.
    pub(crate) fn read(&mut self, to_end: bool, items: &mut Vec<Item>) -> Came {
        match &mut self.0 {
            Reads::Lines(lines) => lines.read(to_end, items),
            Reads::Names(names) => names.read(items),
        }
    }
}

fn missing(source: &str, path: &str, why: &dyn Display) -> Error {
    let from = match std::env::current_dir() {
        Ok(directory) if Path::new(path).is_relative() => {
            format!(
                "; it is looked for from the working directory, `{}`",
                directory.display()
            )
        }
        _ => String::new(),
    };
    Error::new(
        ErrorKind::File,
        format!(
            "`{source}` reads the lines of `{path}`, which cannot be opened: {why}{from}. Put the file there, or start the \
             program where it is"
        ),
    )
}

fn not_a_pattern(source: &str, pattern: &str, why: &dyn Display) -> Error {
    Error::new(
        ErrorKind::Configuration,
        format!(
            "`{source}` reads the names of files that match `{pattern}`, which is no pattern: {why}"
        ),
    )
}
