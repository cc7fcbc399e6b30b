//! What can be seen of the stages while they work: where a call stands (`here`), what a stage has done (`meter`), how large its values
//! are (`sizes`), which it has handed on last (`values`), what a call was given (`given`), and how a value looks (`sheet`, `legible`). Who keeps it is the lane, who shows it the rooms behind; nothing here does I/O or has a clock.

mod given;
mod here;
mod legible;
mod meter;
mod sheet;
mod sizes;
mod values;

pub(crate) use given::written;
pub use given::{Copied, CopyClone, CopyNone, PerRow, Spare, given, given_apart};
pub use here::emit_id;
pub(crate) use here::{Here, Named, Place, here, stand_at, within};
pub use legible::{AsDebug, AsJson, ByName, Legible, legible};
pub(crate) use meter::{BOUNDS, Kind, Meter, Times};
pub use sheet::{Form, Sheet, ShowDebug, ShowJson, ShowName, Shown};
pub(crate) use sizes::{SIZES, Sampler, Sizes};
pub use values::Checkpoint;
pub(crate) use values::Values;
