//! The rule for checkpoints, told by the compiler: a value can be written down, as JSON or as `Debug` has it. Values that cannot
//! have a name all the same, which is enough where nobody asked for more.

/// The value can be serialised.
#[derive(Debug, Clone, Copy)]
pub struct AsJson;

/// The value has a `Debug` form.
#[derive(Debug, Clone, Copy)]
pub struct AsDebug;

/// The value has neither.
#[derive(Debug, Clone, Copy)]
pub struct ByName;

/// A value that a checkpoint can keep: its type is `Serialize` or `Debug`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be kept by a checkpoint: it is neither `Serialize` nor `Debug`",
    label = "a checkpoint keeps this value, and has no way to write it down",
    note = "write `#[derive(Debug)]` or `#[derive(serde::Serialize)]` on the type, or take `checkpoint` out"
)]
pub trait Legible<As> {}

#[diagnostic::do_not_recommend]
impl<T: ?Sized> Legible<AsJson> for T {}

#[diagnostic::do_not_recommend]
impl<T: ?Sized> Legible<AsDebug> for T {}

/// A checkpoint keeps this value. Nothing is done here: the types are compared.
#[inline]
pub fn legible<T: Legible<As> + ?Sized, As>(_value: &T, _as: As) {}
