//! The emit id: one name for each record, the same whenever that record is read, from which its place can be had back.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// Names a record wherever it is spoken of: in log lines, spans, dead letters, failures. The same record has the same emit id
/// on every reading, in every process.
///
/// It is a UUID of version 8 (RFC 9562): 48 bits that stand for cluster and topic, 22 bits of partition, 52 bits of
/// offset. So partition and offset can be read from it, and whether it is of a topic can be asked. The 48 bits are the first of the UUID of
/// version 5 of `CLUSTER/TOPIC` in the namespace `9b8f0b1e-6c0f-5d0a-9d55-6d9a3c1f7e42`; the cluster is the id that its brokers
/// give it, or nothing where they give none. Lines of files are named by the file's path and the line's number, values
/// sent in by hand by their number, in a cluster that there is only once, so that no two runs share a name.
///
/// ```
/// # use waterhealer_runtime::EmitId;
/// let id = EmitId::new("lkc-7", "orders", 3, 1_042);
/// assert_eq!(id.to_string().parse(), Ok(id));
/// assert_eq!((id.partition(), id.offset()), (3, 1_042));
/// assert!(id.is_of("lkc-7", "orders") && !id.is_of("lkc-7", "returns"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EmitId(Uuid);

/// Why a text is no emit id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no emit id: that is a UUID of version 8, such as `6ebc4899-9dee-8000-8030-000000000412`"
)]
pub struct NoEmitId(String);

/// The records of one topic of one cluster, as an emit id names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Stream(pub(crate) u64);

const NAMESPACE: Uuid = Uuid::from_u128(0x9b8f_0b1e_6c0f_5d0a_9d55_6d9a_3c1f_7e42);

/// How many bits the parts have. The offset's 52 and the low ten of the partition stand behind the variant.
const OFFSET: u32 = 52;
const LOW: u32 = 10;

impl Stream {
    pub(crate) fn new(cluster: &str, topic: &str) -> Self {
        let name = Uuid::new_v5(&NAMESPACE, format!("{cluster}/{topic}").as_bytes());
        Stream((name.as_u128() >> 80) as u64)
    }
}

impl EmitId {
    /// The name of the record at this offset.
    pub fn new(cluster: &str, topic: &str, partition: i32, offset: i64) -> Self {
        EmitId::of(Stream::new(cluster, topic), partition, offset)
    }

    pub(crate) fn of(Stream(stream): Stream, partition: i32, offset: i64) -> Self {
        let partition = u128::from(partition.cast_unsigned()) & ones(12 + LOW);
        let offset = u128::from(offset.cast_unsigned()) & ones(OFFSET);
        let high = u128::from(stream) << 80 | 8 << 76 | (partition >> LOW) << 64;
        let low = 0b10 << 62 | (partition & ones(LOW)) << OFFSET | offset;
        EmitId(Uuid::from_u128(high | low))
    }

    /// The record's partition.
    pub fn partition(self) -> i32 {
        let bits = self.0.as_u128();
        let high = (bits >> 64) & ones(12);
        let low = (bits >> OFFSET) & ones(LOW);
        (high << LOW | low) as i32
    }

    /// The record's offset in its partition.
    pub fn offset(self) -> i64 {
        (self.0.as_u128() & ones(OFFSET)) as i64
    }

    /// Whether it names a record of this topic of this cluster.
    pub fn is_of(self, cluster: &str, topic: &str) -> bool {
        self.stream() == Stream::new(cluster, topic)
    }

    /// The topic that it names, as all its records do.
    pub(crate) fn stream(self) -> Stream {
        Stream((self.0.as_u128() >> 80) as u64)
    }

    /// Its 16 bytes, as a UUID has them.
    pub fn to_bytes(self) -> [u8; 16] {
        *self.0.as_bytes()
    }
}

const fn ones(bits: u32) -> u128 {
    (1 << bits) - 1
}

impl FromStr for EmitId {
    type Err = NoEmitId;

    fn from_str(text: &str) -> Result<Self, NoEmitId> {
        match Uuid::try_parse(text) {
            Ok(id) if id.get_version_num() == 8 => Ok(EmitId(id)),
            _ => Err(NoEmitId(text.to_owned())),
        }
    }
}

impl fmt::Display for EmitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl fmt::Debug for EmitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl serde::Serialize for EmitId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn partition_and_offset_come_back(partition in 0..1 << 22, offset in 0..1_i64 << 52) {
            let id = EmitId::new("c", "orders", partition, offset);
            prop_assert_eq!((id.partition(), id.offset()), (partition, offset));
            prop_assert_eq!(id.to_string().parse(), Ok(id));
            prop_assert!(id.is_of("c", "orders"));
        }
    }

    #[test]
    fn it_is_a_uuid_that_stays_what_it_is() {
        let id = EmitId::new("lkc-7", "orders", 3, 1_042);
        assert_eq!(id.to_string(), "6ebc4899-9dee-8000-8030-000000000412");
        assert_eq!(id.0.get_version_num(), 8);
        assert_eq!(id.0.get_variant(), uuid::Variant::RFC4122);
    }

    #[test]
    fn what_is_no_emit_id_is_refused_with_the_reason() {
        let other = Uuid::new_v4().to_string();
        let refused = other.parse::<EmitId>().unwrap_err();
        assert!(refused.to_string().contains(&other), "{refused}");
        assert!("orders[3]@7".parse::<EmitId>().is_err());
    }
}
