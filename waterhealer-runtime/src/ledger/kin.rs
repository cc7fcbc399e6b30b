//! What shares of one record have in common, and maps by it. A `zip` looks there several times for each value, so the maps
//! hash quickly: what is hashed are our own numbers, which nobody chooses.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

use super::slot::{Epoch, SlotId};
use super::ticket::Ticket;

/// What several shares have in common: the record they are of, or the joined value they were split from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kin {
    slot: SlotId,
    epoch: Epoch,
    seq: u64,
}

impl Kin {
    #[inline]
    pub(super) fn of(ticket: &Ticket) -> Self {
        Kin {
            slot: ticket.slot(),
            // Of joined tickets it is their place, which each share has for itself.
            epoch: if ticket.is_joined() {
                Epoch(0)
            } else {
                ticket.epoch()
            },
            seq: ticket.seq(),
        }
    }
}

impl Hash for Kin {
    /// As one number: which slot and epoch it is makes no difference but among kin with the same place.
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        let apart = u64::from(self.slot.0) << 32 | u64::from(self.epoch.0);
        state.write_u64(self.seq ^ apart.wrapping_mul(SPREAD));
    }
}

/// A map by kin.
pub(crate) type KinMap<V> = HashMap<Kin, V, BuildHasherDefault<KinHasher>>;

/// Hashes one number.
#[derive(Debug, Default)]
pub(crate) struct KinHasher(u64);

/// An odd number without a pattern: 2⁶⁴ over the golden ratio.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

impl Hasher for KinHasher {
    #[inline]
    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0 ^ number).wrapping_mul(SPREAD);
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    #[inline]
    fn finish(&self) -> u64 {
        // A product mixes upwards, and a map takes the lowest bits first.
        self.0 ^ (self.0 >> 32)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn hash(kin: Kin) -> u64 {
        let mut hasher = KinHasher::default();
        kin.hash(&mut hasher);
        hasher.finish()
    }

    /// A map tells entries apart by the lowest bits, which choose the place, and the seven highest.
    #[test]
    fn neighbours_are_spread() {
        let kin = |slot, epoch, seq| Kin {
            slot: SlotId(slot),
            epoch: Epoch(epoch),
            seq,
        };
        let records = (0..4_096).map(|seq| kin(1, 1, seq));
        let partitions = (0..4_096).map(|slot| kin(slot, slot, 7));
        let both: [Vec<u64>; 2] = [records.map(hash).collect(), partitions.map(hash).collect()];
        for hashes in both {
            let low: HashSet<u64> = hashes.iter().map(|hash| hash % 4_096).collect();
            let high: HashSet<u64> = hashes.iter().map(|hash| hash >> 57).collect();
            assert!(low.len() > 2_000, "{}", low.len());
            assert_eq!(high.len(), 128);
        }
    }
}
