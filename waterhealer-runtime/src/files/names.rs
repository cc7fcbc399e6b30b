//! The names of the files that match a pattern: those that are there, sorted, then those that appear. Each is given once.
//! What the files hold is nobody's business here.

use std::collections::{HashSet, VecDeque};
use std::io;
use std::path::PathBuf;

use glob::{MatchOptions, PatternError};

use super::{AT_ONCE, Came, Fed, Item};
use crate::error::Failure;

/// As a shell has it: `*` stops at a `/`, and a name that begins with a dot is hidden from it.
const OPTIONS: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: true,
};

/// A pattern, and what has matched it.
#[derive(Debug)]
pub(super) struct Names {
    pattern: &'static str,
    seen: HashSet<PathBuf>,
    /// Found and not given yet.
    waiting: VecDeque<PathBuf>,
    /// The number of the next name.
    next: i64,
}

impl Names {
    /// # Errors
    /// When it is not a pattern.
    pub(super) fn new(pattern: &'static str) -> Result<Self, PatternError> {
        glob::Pattern::new(pattern)?;
        Ok(Names {
            pattern,
            seen: HashSet::new(),
            waiting: VecDeque::new(),
            next: 0,
        })
    }

    pub(super) fn read(&mut self, items: &mut Vec<Item>) -> Came {
        if self.waiting.is_empty()
            && let Err(why) = self.look()
        {
            items.push(self.item(Err(Failure::lost(why))));
            return Came::Broken;
        }
        for _ in 0..AT_ONCE {
            let Some(name) = self.waiting.pop_front() else {
                return Came::All;
            };
            let item = self.item(Ok(Fed::File(name)));
            items.push(item);
            self.next += 1;
        }
        Came::Some
    }

    /// Looks for files that were not there before.
    fn look(&mut self) -> Result<(), String> {
        let found = glob::glob_with(self.pattern, OPTIONS).map_err(|error| error.to_string())?;
        let mut new = Vec::new();
        for path in found {
            match path {
                Ok(path) if self.seen.contains(&path) || path.is_dir() => {}
                Ok(path) => new.push(path),
                // It went away while its directory was read.
                Err(error) if error.error().kind() == io::ErrorKind::NotFound => {}
                Err(error) => {
                    return Err(format!(
                        "`{}`, where names are looked for that match `{}`, cannot be read: {}",
                        error.path().display(),
                        self.pattern,
                        error.error()
                    ));
                }
            }
        }
        new.sort();
        self.seen.extend(new.iter().cloned());
        self.waiting.extend(new);
        Ok(())
    }

    fn item(&self, fed: Result<Fed, Failure>) -> Item {
        Item {
            offset: self.next,
            fed,
        }
    }
}
