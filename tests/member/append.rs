//! The journal of a child process: a file to which each processed record is one write. The kernel has it then, so a
//! killed process takes nothing with it.

use std::fs::File;
use std::io::{self, Write as _};

use waterhealer::prelude::*;

/// The file that `JOURNAL` names.
pub(crate) struct Journal(File);

impl Journal {
    /// Opens it, for several processes at once.
    pub(crate) fn open() -> Journal {
        let path = std::env::var_os("JOURNAL").expect("JOURNAL is set");
        let file = File::options().create(true).append(true).open(path);
        Journal(file.expect("the journal can be written"))
    }

    /// Notes one processed record.
    pub(crate) fn note(&self, at: &Position) -> io::Result<()> {
        let line = format!("{} {} {}\n", at.topic, at.partition, at.offset);
        (&self.0).write_all(line.as_bytes())
    }

    /// Writes a line, which ends itself. A program that cannot is of no use to whoever reads the journal.
    pub(crate) fn write(&self, line: &str) {
        let written = (&self.0).write_all(line.as_bytes());
        written.expect("the journal can be written");
    }
}
