//! What passes between the broker, the stages and the user: a record read, a message to write, a position.
//! No behaviour of the flow lives here, and no type of the Kafka client.

mod arguments;
mod emit_id;
mod incoming;
mod message;
mod meta;
mod record;

pub(crate) use arguments::Arguments;
pub(crate) use emit_id::Stream;
pub use emit_id::{EmitId, NoEmitId};
pub use incoming::Incoming;
pub use message::{AsKey, KafkaMessage};
pub use meta::Meta;
pub(crate) use record::{Extras, NoExtras, RecordParts};
pub use record::{Headers, Position, Record};

pub(crate) use message::MessageParts;
