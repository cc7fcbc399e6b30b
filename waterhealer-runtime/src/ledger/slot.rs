//! One assignment of one partition: a ring of delivered records with their open shares. A record takes 12 bytes.

use std::collections::VecDeque;

use super::finished::Finished;

/// One use of a slot. Numbers are given once in a process, so that a ticket of an earlier assignment fits nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Epoch(pub u32);

/// The place of a partition in its lane's ledger; used again after the partition is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SlotId(pub u32);

#[derive(Debug)]
pub(super) struct Slot {
    epoch: Epoch,
    live: bool,
    /// To be given up soon: what is held for later is let go, what is under way goes on.
    closing: bool,
    /// Sequence number of the ring's first record.
    first: u64,
    ring: VecDeque<Entry>,
    /// One past the highest delivered offset.
    end: Option<i64>,
    working: u64,
    /// Offsets that were finished before this assignment; gone once the last of them was delivered.
    finished: Option<Box<Finished>>,
}

/// The offset in two halves keeps the alignment at four bytes, and so the ring at twelve a record.
#[derive(Debug, Clone, Copy)]
struct Entry {
    low: u32,
    high: u32,
    open: u32,
}

impl Entry {
    #[inline]
    fn new(offset: i64) -> Self {
        Entry {
            low: offset as u32,
            high: (offset >> 32) as u32,
            open: 1,
        }
    }

    #[inline]
    fn offset(self) -> i64 {
        (i64::from(self.high as i32) << 32) | i64::from(self.low)
    }
}

impl Slot {
    pub(super) fn new(epoch: Epoch) -> Self {
        Slot {
            epoch,
            live: true,
            closing: false,
            first: 0,
            ring: VecDeque::new(),
            end: None,
            working: 0,
            finished: None,
        }
    }

    /// A slot that no assignment uses.
    pub(super) fn vacant() -> Self {
        Slot {
            live: false,
            ..Slot::new(Epoch(0))
        }
    }

    #[inline]
    pub(super) fn deliver(&mut self, offset: i64) -> u64 {
        let seq = self.first + self.ring.len() as u64;
        self.ring.push_back(Entry::new(offset));
        self.end = Some(self.end.map_or(offset + 1, |end| end.max(offset + 1)));
        self.working += 1;
        seq
    }

    pub(super) fn pass_over(&mut self, finished: &Finished) {
        if !self.live || finished.is_empty() {
            return;
        }
        match &mut self.finished {
            Some(mine) => mine.merge(finished),
            None => self.finished = Some(Box::new(finished.clone())),
        }
    }

    #[inline]
    pub(super) fn has_finished(&self) -> bool {
        self.finished.is_some()
    }

    #[cold]
    pub(super) fn passes_over(&mut self, offset: i64) -> bool {
        let Some(finished) = &self.finished else {
            return false;
        };
        let passes = finished.contains(offset);
        if offset + 1 >= finished.end() {
            // Nothing comes below again but what is delivered twice, and that is done twice.
            self.finished = None;
        }
        if passes {
            self.end = Some(self.end.map_or(offset + 1, |end| end.max(offset + 1)));
            if self.ring.is_empty() {
                self.first += 1;
            } else {
                self.ring.push_back(Entry {
                    open: 0,
                    ..Entry::new(offset)
                });
            }
        }
        passes
    }

    pub(super) fn finished_above(&self) -> Finished {
        let Some(position) = self.position() else {
            return Finished::default();
        };
        let mut above = Finished::new(position);
        if let Some(finished) = &self.finished {
            above.merge_above(finished, self.end.unwrap_or(position));
        }
        for entry in self.ring.iter().filter(|entry| entry.open == 0) {
            above.insert(entry.offset());
        }
        // One that was delivered twice is not finished as long as it is open once.
        for offset in self.unfinished() {
            above.remove(offset);
        }
        above
    }

    #[inline]
    pub(super) fn split(&mut self, seq: u64) {
        if let Some(entry) = self.entry(seq) {
            entry.open += 1;
            self.working += 1;
        }
    }

    /// Whether the record is finished with this share.
    #[inline]
    pub(super) fn settle(&mut self, seq: u64) -> bool {
        let Some(entry) = self.entry(seq) else {
            return false;
        };
        entry.open = entry.open.saturating_sub(1);
        let finished = entry.open == 0;
        self.working = self.working.saturating_sub(1);
        if finished && seq == self.first {
            self.advance();
        }
        finished
    }

    pub(super) fn abandon(&mut self) {
        self.working = self.working.saturating_sub(1);
    }

    /// Open shares of a record.
    #[inline]
    pub(super) fn open(&self, seq: u64) -> u32 {
        let index = seq.checked_sub(self.first);
        index
            .and_then(|index| self.ring.get(index as usize))
            .map_or(0, |entry| entry.open)
    }

    pub(super) fn close(&mut self) {
        self.closing = true;
    }

    #[inline]
    pub(super) fn is_closing(&self) -> bool {
        self.closing
    }

    #[inline]
    fn advance(&mut self) {
        while self.ring.front().is_some_and(|entry| entry.open == 0) {
            self.ring.pop_front();
            self.first += 1;
        }
    }

    #[inline]
    fn entry(&mut self, seq: u64) -> Option<&mut Entry> {
        let index = seq.checked_sub(self.first)?;
        self.ring.get_mut(index as usize)
    }

    pub(super) fn position(&self) -> Option<i64> {
        match self.ring.front() {
            Some(entry) => Some(entry.offset()),
            None => self.end,
        }
    }

    pub(super) fn offset(&self, seq: u64) -> Option<i64> {
        let index = seq.checked_sub(self.first)?;
        self.ring.get(index as usize).map(|entry| entry.offset())
    }

    pub(super) fn unfinished(&self) -> impl Iterator<Item = i64> {
        let open = self.ring.iter().filter(|entry| entry.open > 0);
        open.map(|entry| entry.offset())
    }

    /// Bytes that the records in flight take, the ring's spare room included.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.ring.capacity() * size_of::<Entry>()
    }

    pub(super) fn passed(&self) -> u64 {
        self.first
    }

    pub(super) fn working(&self) -> u64 {
        self.working
    }

    #[inline]
    pub(super) fn epoch(&self) -> Epoch {
        self.epoch
    }

    #[inline]
    pub(super) fn is_live(&self) -> bool {
        self.live
    }
}
