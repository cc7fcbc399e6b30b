//! How a value looks, written down: as JSON if it can be serialised, else as `Debug` has it, else by its type's name. Which, is
//! decided where the code is compiled, by which of three methods of one name fits first; users' types need nothing.

use std::any::type_name;
use std::fmt::{self, Debug, Write as _};
use std::io;

use serde::Serialize;

use super::legible::{AsDebug, AsJson, ByName};
use crate::guard::guard;

/// What values are written on, up to a length.
#[derive(Debug, Default)]
pub struct Sheet {
    bytes: Vec<u8>,
    form: Option<Form>,
    limit: usize,
    cut: bool,
    /// How long the value is; only where nothing is kept of it but that.
    length: Option<u64>,
}

/// How a value is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Form {
    /// As JSON.
    Json,
    /// As `Debug` has it.
    Debug,
    /// By its type's name alone: it can be written in no other way.
    Name,
}

/// A value about to be written down. Generated code calls `show` on a reference to a reference to a reference to it.
#[derive(Debug)]
pub struct Shown<'a, T: ?Sized>(pub &'a T);

/// A value that is written as JSON.
pub trait ShowJson {
    /// Writes the value down.
    fn show(&self, sheet: &mut Sheet);
    /// How it is written.
    fn form(&self) -> AsJson {
        AsJson
    }
}

/// A value that is written as `Debug` has it.
pub trait ShowDebug {
    /// Writes the value down.
    fn show(&self, sheet: &mut Sheet);
    /// How it is written.
    fn form(&self) -> AsDebug {
        AsDebug
    }
}

/// A value of which only the type's name is written.
pub trait ShowName {
    /// Writes the type's name down.
    fn show(&self, sheet: &mut Sheet);
    /// How it is written.
    fn form(&self) -> ByName {
        ByName
    }
}

impl Form {
    /// Its name, as kept failures have it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Form::Json => "json",
            Form::Debug => "debug",
            Form::Name => "name",
        }
    }
}

impl<T: Serialize + ?Sized> ShowJson for &&Shown<'_, T> {
    fn show(&self, sheet: &mut Sheet) {
        sheet.begin(Form::Json);
        let written = serde_json::to_writer(&mut *sheet, self.0);
        if let Err(error) = written
            && !sheet.cut
        {
            sheet.begin(Form::Name);
            let _full = write!(sheet, "{} ({error})", type_name::<T>());
        }
    }
}

impl<T: Debug + ?Sized> ShowDebug for &Shown<'_, T> {
    fn show(&self, sheet: &mut Sheet) {
        sheet.begin(Form::Debug);
        let _full = write!(sheet, "{:?}", self.0);
    }
}

impl<T: ?Sized> ShowName for Shown<'_, T> {
    fn show(&self, sheet: &mut Sheet) {
        sheet.begin(Form::Name);
        let _full = sheet.write_str(type_name::<T>());
    }
}

impl Sheet {
    /// A sheet that takes so many bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Sheet {
            limit,
            ..Sheet::default()
        }
    }

    /// A sheet that only counts what is written on it.
    pub(crate) fn counting() -> Self {
        Sheet {
            length: Some(0),
            ..Sheet::default()
        }
    }

    /// How many bytes the value has, on a sheet that counts; `None` of a value that cannot be written.
    pub(crate) fn length(&self) -> Option<u64> {
        self.length.filter(|_| self.form != Some(Form::Name))
    }

    /// Becomes a copy of another one; nothing is allocated if it was ever as long.
    pub(super) fn copy(&mut self, other: &Sheet) {
        self.bytes.clone_from(&other.bytes);
        (self.form, self.cut) = (other.form, other.cut);
    }

    /// Has a value written down, which is the user's code.
    #[inline]
    pub(crate) fn write(&mut self, show: impl FnOnce(&mut Sheet)) {
        if let Err(failure) = guard(|| show(self)) {
            self.begin(Form::Name);
            let _full = write!(self, "(it cannot be written: it {failure})");
        }
    }

    /// Makes it empty, to be written on in this form.
    fn begin(&mut self, form: Form) {
        self.bytes.clear();
        self.cut = false;
        self.form = Some(form);
        self.length = self.length.map(|_| 0);
    }

    /// How the value was written; `None` as long as none was.
    pub(crate) fn form(&self) -> Option<Form> {
        self.form
    }

    /// Whether the value is longer than what is written of it.
    pub(crate) fn is_cut(&self) -> bool {
        self.cut
    }

    /// What is written. Where it was cut, up to the last whole character.
    pub(crate) fn text(&self) -> &str {
        match std::str::from_utf8(&self.bytes) {
            Ok(text) => text,
            Err(error) => {
                std::str::from_utf8(&self.bytes[..error.valid_up_to()]).unwrap_or_default()
            }
        }
    }

    /// Takes as many of the bytes as there is room for; false if not all.
    #[inline]
    fn take(&mut self, bytes: &[u8]) -> bool {
        if let Some(length) = &mut self.length {
            *length += bytes.len() as u64;
            return true;
        }
        let room = self.limit.saturating_sub(self.bytes.len());
        let taken = bytes.len().min(room);
        self.bytes.extend_from_slice(&bytes[..taken]);
        self.cut |= taken < bytes.len();
        !self.cut
    }
}

impl io::Write for Sheet {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.take(bytes) {
            true => Ok(bytes.len()),
            false => Err(io::Error::other("the sheet is full")),
        }
    }

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        io::Write::write(self, bytes).map(|_all| ())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Write for Sheet {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        match self.take(text.as_bytes()) {
            true => Ok(()),
            false => Err(fmt::Error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Nothing;

    #[derive(Debug)]
    struct Told(#[expect(dead_code, reason = "it is printed")] u8);

    #[derive(Serialize)]
    struct Written {
        id: u8,
    }

    macro_rules! show {
        ($value:expr, $limit:expr) => {{
            let mut sheet = Sheet::new($limit);
            (&&&Shown(&$value)).show(&mut sheet);
            sheet
        }};
    }

    #[test]
    fn a_value_is_written_in_the_best_form_that_its_type_has() {
        let sheet = show!(Written { id: 7 }, 100);
        assert_eq!(
            (sheet.form(), sheet.text()),
            (Some(Form::Json), r#"{"id":7}"#)
        );
        let sheet = show!(Told(7), 100);
        assert_eq!((sheet.form(), sheet.text()), (Some(Form::Debug), "Told(7)"));
        let sheet = show!(Nothing, 100);
        assert_eq!(sheet.form(), Some(Form::Name));
        assert!(sheet.text().ends_with("Nothing"), "{}", sheet.text());
    }

    #[test]
    fn what_is_long_is_cut_at_a_whole_character() {
        let sheet = show!("ääääää".to_owned(), 6);
        assert!(sheet.is_cut());
        assert_eq!(sheet.text(), "\"ää");
        assert_eq!(sheet.form(), Some(Form::Json));
    }

    #[test]
    fn what_cannot_be_serialised_says_why() {
        let map = std::collections::BTreeMap::from([((1, 2), 3)]);
        let sheet = show!(map, 1_000);
        assert_eq!(sheet.form(), Some(Form::Name));
        assert!(
            sheet.text().contains("key must be a string"),
            "{}",
            sheet.text()
        );
    }
}
