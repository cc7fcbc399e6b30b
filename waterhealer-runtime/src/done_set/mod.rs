//! The done-set: offsets finished above the commit position, as text that fits the metadata of a commit, so that the next
//! owner of the partition passes them over. Pure: who commits it and who reads it is `flow`'s business.
//!
//! The text is `wh1.` and bytes in an alphabet of 91 signs (`text`): a checksum of the rest, how the set is written, which
//! topic it is of, which life of the group's offsets, the committed offset that it stands on, and the set, as runs by numbers (`runs`), as one bit an offset
//! (`bits`), or as runs in an adaptive code (`coded`): whichever holds most, and of these the shortest. When not even that
//! holds all, it holds the lowest. What it leaves out is done again; it never names what is not finished.

mod bits;
mod coded;
mod lineage;
mod number;
mod range;
mod runs;
#[cfg(test)]
mod tests;
mod text;
mod topic;

pub(crate) use lineage::Lineage;
pub(crate) use topic::{TopicId, TopicTag};

use std::ops::Range;

use crate::ledger::Finished;

/// The longest metadata that a broker takes unless it is told otherwise (`offset.metadata.max.bytes`).
const LIMIT: usize = 4_096;

/// Who has written it, and in which version.
const PREFIX: &str = "wh1.";
/// What every version of it begins with.
const OURS: &str = "wh";

/// Runs that one text may hold: what regular patterns shrink to is bounded by the time to read it, not by its room.
const MOST_RUNS: usize = 1 << 18;

/// How a set is written.
const NOTHING: u8 = 0;
const RUNS: u8 = 1;
const BITS: u8 = 2;
const CODED: u8 = 3;
/// Beside it: the topic's tag follows.
const TAGGED: u8 = 0x80;
/// Beside it: the lineage follows.
const LIVED: u8 = 0x40;

/// Bytes of the checksum.
const CHECKSUM: usize = 4;

/// What a commit's metadata says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Metadata {
    /// Which topic the commit is of, if whoever committed knew it.
    pub(crate) topic: Option<TopicTag>,
    /// Of which life of the offsets it is, where a dedupe store is kept.
    pub(crate) lineage: Option<Lineage>,
    /// What is finished from the committed offset on.
    pub(crate) finished: Finished,
}

/// Why a commit's metadata says nothing to us.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unread {
    #[error("it is not a done-set: another program has committed it")]
    Foreign,
    #[error("it is of another version of waterhealer")]
    Version,
    #[error("it is damaged: {0}")]
    Damaged(&'static str),
    #[error(
        "it stands on offset {named} while {committed} is committed: another program has moved the group"
    )]
    OtherBase { named: i64, committed: i64 },
}

/// The metadata of a commit of `position`.
pub(crate) fn encode(
    topic: Option<TopicTag>,
    lineage: Option<Lineage>,
    position: i64,
    finished: &Finished,
) -> String {
    let head = head(topic, lineage, position);
    let room = text::room(LIMIT - PREFIX.len()) - CHECKSUM - head.len();
    let from_position = Steps::new(position, finished.runs());
    let best = [
        (RUNS, runs::write(from_position.clone(), room)),
        (BITS, bits::write(from_position.clone(), room)),
        (CODED, coded::write(from_position, room)),
    ]
    .into_iter()
    .max_by_key(|(_, body)| (body.holds, std::cmp::Reverse(body.bytes.len())));
    let (how, body) = match best {
        Some((how, body)) if body.holds > 0 => (how, body.bytes),
        _ => (NOTHING, Vec::new()),
    };
    let mut rest = head;
    rest[0] |= how;
    rest.extend(body);
    let mut bytes = crc32fast::hash(&rest).to_le_bytes().to_vec();
    bytes.extend(rest);
    format!("{PREFIX}{}", text::write(&bytes))
}

/// How it is written, to be filled in; the topic; the offset.
fn head(topic: Option<TopicTag>, lineage: Option<Lineage>, position: i64) -> Vec<u8> {
    let mut head = vec![0];
    if let Some(tag) = topic {
        head[0] = TAGGED;
        head.extend(tag.to_bytes());
    }
    if let Some(lineage) = lineage {
        head[0] |= LIVED;
        head.extend(lineage.to_bytes());
    }
    number::write(&mut head, position.max(0) as u64);
    head
}

/// What the metadata beside the committed offset says; `None` when there is none.
///
/// # Errors
/// When it is not ours, damaged, or of another offset. Whatever the bytes are, it comes to an end, and soon.
pub(crate) fn decode(metadata: &[u8], committed: i64) -> Result<Option<Metadata>, Unread> {
    if metadata.is_empty() {
        return Ok(None);
    }
    let written = match metadata.strip_prefix(PREFIX.as_bytes()) {
        Some(written) => written,
        None if metadata.starts_with(OURS.as_bytes()) && metadata.get(3) == Some(&b'.') => {
            return Err(Unread::Version);
        }
        None => return Err(Unread::Foreign),
    };
    if metadata.len() > LIMIT {
        return Err(Unread::Damaged("it is longer than any that we write"));
    }
    let bytes = text::read(written).ok_or(Unread::Damaged("it has signs that we do not write"))?;
    let (checksum, rest) = bytes
        .split_first_chunk::<CHECKSUM>()
        .ok_or(Unread::Damaged("it is cut off"))?;
    if crc32fast::hash(rest) != u32::from_le_bytes(*checksum) {
        return Err(Unread::Damaged("its checksum is wrong"));
    }
    read(rest, committed).ok_or(Unread::Damaged("it makes no sense"))?
}

/// Reads what has the right checksum, which says nothing about who has written it.
fn read(rest: &[u8], committed: i64) -> Option<Result<Option<Metadata>, Unread>> {
    let (&how, mut rest) = rest.split_first()?;
    let topic = match how & TAGGED {
        0 => None,
        _ => {
            let (tag, behind) = rest.split_first_chunk()?;
            rest = behind;
            Some(TopicTag::from_bytes(*tag))
        }
    };
    let lineage = match how & LIVED {
        0 => None,
        _ => {
            let (bytes, behind) = rest.split_first_chunk()?;
            rest = behind;
            Some(Lineage::from_bytes(*bytes))
        }
    };
    let base = i64::try_from(number::read(&mut rest)?).ok()?;
    if base != committed {
        let (named, committed) = (base, committed);
        return Some(Err(Unread::OtherBase { named, committed }));
    }
    let mut finished = Finished::new(base);
    let mut sink = Sink {
        at: base,
        highest: base.checked_add(i64::from(u32::MAX))?,
        finished: &mut finished,
    };
    match how & !(TAGGED | LIVED) {
        NOTHING if rest.is_empty() => {}
        RUNS => runs::read(rest, &mut sink)?,
        BITS => bits::read(rest, &mut sink)?,
        CODED => coded::read(rest, &mut sink)?,
        _ => return None,
    }
    Some(Ok(Some(Metadata {
        topic,
        lineage,
        finished,
    })))
}

/// Does to the decoder what nobody else may: whatever the bytes, it must come to an end, and what it reads must be written and
/// read again as the same. For `fuzz/` and for the tests.
pub fn withstand(bytes: &[u8]) {
    let committed = 1_000;
    let mut sealed = crc32fast::hash(bytes).to_le_bytes().to_vec();
    sealed.extend(bytes);
    let sealed = format!("{PREFIX}{}", text::write(&sealed));
    for metadata in [bytes, sealed.as_bytes()] {
        let Ok(Some(found)) = decode(metadata, committed) else {
            continue;
        };
        let again = encode(found.topic, found.lineage, committed, &found.finished);
        let Ok(Some(again)) = decode(again.as_bytes(), committed) else {
            // What we write we read.
            assert!(found.finished.is_empty(), "written, and not read: {again}");
            continue;
        };
        assert_eq!((again.topic, again.lineage), (found.topic, found.lineage));
        assert!(
            again.finished == lowest(&found.finished, again.finished.end()),
            "it names what is not finished, or leaves out what is lower"
        );
    }
}

/// What of a set is below an offset.
fn lowest(finished: &Finished, below: i64) -> Finished {
    let mut lowest = Finished::new(finished.base());
    for run in finished.runs().take_while(|run| run.start < below) {
        lowest.insert_run(run.start..run.end.min(below));
    }
    lowest
}

/// A set as it is written: so many that are not finished, then so many that are, and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Step {
    gap: u64,
    run: u64,
}

/// The steps of a set from some offset on.
#[derive(Clone)]
struct Steps<I> {
    at: i64,
    runs: std::iter::Take<I>,
}

impl<I: Iterator<Item = Range<i64>> + Clone> Steps<I> {
    fn new(from: i64, runs: I) -> Self {
        Steps {
            at: from,
            runs: runs.take(MOST_RUNS),
        }
    }
}

impl<I: Iterator<Item = Range<i64>>> Iterator for Steps<I> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        loop {
            let run = self.runs.next()?;
            // What is below needs no naming.
            let start = run.start.max(self.at);
            if start < run.end {
                let gap = start.abs_diff(self.at);
                self.at = run.end;
                let run = run.end.abs_diff(start);
                return Some(Step { gap, run });
            }
        }
    }
}

/// A set that was written: how many offsets it holds, and in which bytes.
struct Body {
    holds: u64,
    bytes: Vec<u8>,
}

/// A set that is being read. It takes no step that leads beyond what a set can hold.
struct Sink<'a> {
    at: i64,
    highest: i64,
    finished: &'a mut Finished,
}

impl Sink<'_> {
    fn take(&mut self, step: Step) -> Option<()> {
        let start = self.at.checked_add_unsigned(step.gap)?;
        let end = start.checked_add_unsigned(step.run)?;
        if end > self.highest {
            return None;
        }
        self.finished.insert_run(start..end);
        self.at = end;
        Some(())
    }
}
