//! The lines of one text file, also while it grows. A line ends with a newline, or with a carriage return and a newline; the
//! last may have no end, and is then given when nothing more comes.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};

use super::{AT_ONCE, BYTES_AT_ONCE, Came, Fed, Item};
use crate::error::Failure;

/// The longest line in bytes. What is longer is hardly text, and would have to be held whole.
const LONGEST: u64 = 64 << 20;

/// A text file, read up to some place.
#[derive(Debug)]
pub(super) struct Lines {
    path: &'static str,
    input: BufReader<File>,
    /// What has come of a line whose end has not.
    line: Vec<u8>,
    /// Bytes read.
    read: u64,
    /// The number of the next line.
    next: i64,
}

impl Lines {
    /// Opens the file.
    ///
    /// # Errors
    /// When it is not there, is not a file, or may not be read.
    pub(super) fn open(path: &'static str) -> io::Result<Self> {
        // Asked before it is opened: opening a pipe waits for whoever writes to it.
        if !std::fs::metadata(path)?.is_file() {
            return Err(io::Error::other("it is a directory, a pipe or a device"));
        }
        Ok(Lines {
            path,
            input: BufReader::with_capacity(64 << 10, File::open(path)?),
            line: Vec::new(),
            read: 0,
            next: 0,
        })
    }

    pub(super) fn read(&mut self, to_end: bool, items: &mut Vec<Item>) -> Came {
        let (until, mut bytes) = (items.len() + AT_ONCE, 0);
        while items.len() < until && bytes < BYTES_AT_ONCE {
            match self.read_on() {
                Ok(true) => {
                    bytes += self.line.len();
                    items.push(self.take());
                }
                Ok(false) => {
                    if to_end && !self.line.is_empty() {
                        items.push(self.take());
                    }
                    return Came::All;
                }
                Err(error) => {
                    items.push(self.broken(&error));
                    return Came::Broken;
                }
            }
        }
        Came::Some
    }

    /// Reads up to the end of a line; false if the file ends before.
    fn read_on(&mut self) -> io::Result<bool> {
        let room = (LONGEST + 1).saturating_sub(self.line.len() as u64);
        let count = (&mut self.input)
            .take(room)
            .read_until(b'\n', &mut self.line)?;
        self.read += count as u64;
        if self.line.ends_with(b"\n") {
            return Ok(true);
        }
        if self.line.len() as u64 > LONGEST {
            let why = format!("it is longer than {} MiB: is this a text?", LONGEST >> 20);
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        if self.input.get_ref().metadata()?.len() < self.read {
            return Err(io::Error::other(
                "the file has become shorter than what was read of it, so nothing tells which of its lines are new; files are \
                 only ever to be added to",
            ));
        }
        Ok(false)
    }

    /// The line that was read, without its end.
    fn take(&mut self) -> Item {
        let mut line = std::mem::take(&mut self.line);
        if line.ends_with(b"\n") {
            line.pop();
            if line.ends_with(b"\r") {
                line.pop();
            }
        }
        let offset = self.next;
        self.next += 1;
        let fed = String::from_utf8(line).map_err(|error| {
            let byte = error.utf8_error().valid_up_to() + 1;
            let why = format!(
                "line {} of `{}` is not UTF-8, from its byte {byte} on: write the file as UTF-8, or let such lines go by with \
                 `on_error = skip`",
                offset + 1,
                self.path
            );
            Failure::error(why)
        });
        Item {
            offset,
            fed: fed.map(Fed::Line),
        }
    }

    /// In place of a line, why there are no more.
    fn broken(&self, error: &io::Error) -> Item {
        let line = self.next + 1;
        let why = format!("line {line} of `{}` cannot be read: {error}", self.path);
        Item {
            offset: self.next,
            fed: Err(Failure::lost(why)),
        }
    }
}
