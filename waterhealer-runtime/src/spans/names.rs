//! How spans and their attributes are named: OpenTelemetry's conventions for messaging and code, which are still being worked on, and
//! our own.

pub(super) const SYSTEM: &str = "messaging.system";
pub(super) const KAFKA: &str = "kafka";
pub(super) const OPERATION: &str = "messaging.operation.name";
pub(super) const OPERATION_TYPE: &str = "messaging.operation.type";
pub(super) const PROCESS: &str = "process";
pub(super) const SEND: &str = "send";
pub(super) const DESTINATION: &str = "messaging.destination.name";
/// As text.
pub(super) const PARTITION: &str = "messaging.destination.partition.id";
pub(super) const GROUP: &str = "messaging.consumer.group.name";
pub(super) const OFFSET: &str = "messaging.kafka.offset";
pub(super) const FUNCTION: &str = "code.function.name";

pub(super) const ERROR_TYPE: &str = "error.type";
pub(super) const EXCEPTION: &str = "exception";
pub(super) const EXCEPTION_TYPE: &str = "exception.type";
pub(super) const EXCEPTION_MESSAGE: &str = "exception.message";

pub(super) const PIPELINE: &str = "waterhealer.pipeline";
pub(super) const EMIT_ID: &str = "waterhealer.emit_id";
pub(super) const STAGE: &str = "waterhealer.stage";
/// Of a record that was let go: whoever has its partition next reads it again.
pub(super) const UNFINISHED: &str = "waterhealer.unfinished";
