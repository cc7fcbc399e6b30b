//! The settings of log lines.

use super::reader::Reader;
use crate::telemetry::{Level, Logs};

pub(super) const NAMES: &[&str] = &["log_level", "log_json", "log_values"];

impl Reader {
    pub(super) fn logs(&mut self) -> Logs {
        Logs {
            level: self.read("log_level", Level::default(), Level::WANTED, Level::parse),
            json: self.truth("log_json"),
            values: self.truth("log_values"),
        }
    }
}
