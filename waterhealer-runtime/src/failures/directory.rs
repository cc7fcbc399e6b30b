//! Failures as files of a directory, one each. Whoever looks into it finds whole files only.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{FailedCall, Persist};
use crate::error::BoxError;

/// A directory with a file for each failure.
#[derive(Debug)]
pub(super) struct Directory(PathBuf);

impl Directory {
    /// The directory, made if it is not there.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        Ok(Directory(path.to_owned()))
    }
}

impl Persist for Directory {
    fn persist(&mut self, call: &FailedCall) -> Result<(), BoxError> {
        let name = call.file_name();
        let unfinished = self.0.join(format!(".{name}.part"));
        let mut file = fs::File::create_new(&unfinished)?;
        let written = file.write_all(call.text().as_bytes());
        drop(file);
        let kept = written.and_then(|()| fs::rename(&unfinished, self.0.join(name)));
        if kept.is_err() {
            // There may be no room on the disk: what is left of it helps nobody.
            let _gone = fs::remove_file(&unfinished);
        }
        Ok(kept?)
    }
}
