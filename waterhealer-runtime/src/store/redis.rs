//! The store that a group shares over the network: Redis, by the blocking client, since the keeper has a thread of its own.
//! Everything that is told at once travels at once. The layout:
//!
//! - `waterhealer:{<group>:<topic>:<partition>}:<identity>:<chunk>`: a bitmap of 65,536 offsets;
//! - `waterhealer:{<group>:<topic>:<partition>}:<identity>:index`: a set of the chunks.
//!
//! Bits are only ever set, never cleared: one who writes late cannot undo what another has written.

use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;

use redis::{Client, Connection, ErrorKind, Pipeline, RedisError};

use super::{News, Outage, Place, Store, bits};

const CHUNK: u64 = 65_536;

/// For one answer, and for a connection to be made.
const PATIENCE: Duration = Duration::from_secs(2);

/// About what a command weighs beside its payload: its key, the protocol, the server's work.
const COMMAND: u64 = 100;

pub(super) struct Redis {
    client: Client,
    connection: Option<Connection>,
    max_age: Duration,
    /// So that the keys for which one writer has a short use are nobody else's.
    writer: u32,
}

impl Redis {
    /// A store at this address; whether it answers is seen when it is asked.
    ///
    /// # Errors
    /// When the address cannot be understood, or asks for what this build has not.
    pub(super) fn new(url: &str, max_age: Duration) -> Result<Self, Outage> {
        let client = Client::open(url).map_err(outage)?;
        Ok(Redis {
            client,
            connection: None,
            max_age,
            writer: writer(),
        })
    }

    /// Asks for a sign of life.
    ///
    /// # Errors
    /// When the server cannot be reached, or does not let us in.
    pub(super) fn ping(&self) -> Result<(), Outage> {
        let mut connection = self.connect().map_err(outage)?;
        let answer = redis::cmd("PING").query(&mut connection);
        answer.map_err(outage)
    }

    /// Sends commands together and reads the answers together. A connection that was closed meanwhile is made anew, once:
    /// all that is sent may be sent twice.
    fn ask<T: redis::FromRedisValue>(&mut self, commands: &Pipeline) -> Result<T, Outage> {
        let had_one = self.connection.is_some();
        match self.ask_once(commands) {
            Err(error) if had_one && error.is_connection_dropped() => self.ask_once(commands),
            outcome => outcome,
        }
        .map_err(outage)
    }

    fn ask_once<T: redis::FromRedisValue>(&mut self, commands: &Pipeline) -> Result<T, RedisError> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connect()?,
        };
        let answer = commands.query(&mut connection)?;
        // After an error it is not kept: an answer that comes late would be taken for the next one, and behind a name may
        // be another server by now.
        self.connection = Some(connection);
        Ok(answer)
    }

    fn connect(&self) -> Result<Connection, RedisError> {
        let connection = self.client.get_connection_with_timeout(PATIENCE)?;
        connection.set_read_timeout(Some(PATIENCE))?;
        connection.set_write_timeout(Some(PATIENCE))?;
        Ok(connection)
    }

    fn expire(&self, commands: &mut Pipeline, key: &str) {
        let seconds = self.max_age.as_secs().max(1);
        commands.cmd("EXPIRE").arg(key).arg(seconds).ignore();
    }
}

impl Store for Redis {
    fn write(&mut self, news: &News) -> Result<(), Outage> {
        let mut commands = redis::pipe();
        // All or nothing, so that no key stays behind without its end.
        commands.atomic();
        for (place, runs) in &news.finished {
            let base = base(place);
            let index = format!("{base}:index");
            for (chunk, parts) in bits::chunks(runs.as_slice(), CHUNK) {
                let key = format!("{base}:{chunk}");
                set(&mut commands, &key, &parts, self.writer);
                self.expire(&mut commands, &key);
                commands.cmd("SADD").arg(&index).arg(chunk).ignore();
            }
            self.expire(&mut commands, &index);
        }
        if !commands.is_empty() {
            self.ask::<()>(&commands)?;
        }
        self.trim(news)
    }

    fn read(&mut self, place: &Place) -> Result<Vec<Range<i64>>, Outage> {
        let base = base(place);
        let chunks = self.chunks(&[place])?.pop().unwrap_or_default();
        let mut commands = redis::pipe();
        for chunk in &chunks {
            commands.cmd("GET").arg(format!("{base}:{chunk}"));
        }
        let bitmaps: Vec<Option<Vec<u8>>> = match chunks.is_empty() {
            true => Vec::new(),
            false => self.ask(&commands)?,
        };
        let mut finished = Vec::new();
        for (chunk, bitmap) in chunks.iter().zip(bitmaps) {
            if let (Some(bitmap), Ok(first)) = (bitmap, i64::try_from(chunk.saturating_mul(CHUNK)))
            {
                bits::read(&bitmap, first, &mut finished);
            }
        }
        Ok(finished)
    }
}

impl Redis {
    /// The numbers of the chunks of each partition, as its index has them.
    fn chunks(&mut self, places: &[&Place]) -> Result<Vec<BTreeSet<u64>>, Outage> {
        let mut commands = redis::pipe();
        for place in places {
            let key = format!("{}:index", base(place));
            commands.cmd("SMEMBERS").arg(key);
        }
        self.ask(&commands)
    }

    /// Deletes the chunks that lie below the committed positions as a whole.
    fn trim(&mut self, news: &News) -> Result<(), Outage> {
        let places: Vec<&Place> = news.committed.keys().map(|place| &**place).collect();
        if places.is_empty() {
            return Ok(());
        }
        let indexes = self.chunks(&places)?;
        let mut commands = redis::pipe();
        for ((place, position), index) in news.committed.iter().zip(indexes) {
            let base = base(place);
            let first = u64::try_from(*position).unwrap_or(0) / CHUNK;
            for chunk in index.range(..first) {
                let key = format!("{base}:{chunk}");
                commands.cmd("UNLINK").arg(key).ignore();
                let key = format!("{base}:index");
                commands.cmd("SREM").arg(key).arg(chunk).ignore();
            }
        }
        match commands.is_empty() {
            true => Ok(()),
            false => self.ask(&commands),
        }
    }
}

/// Sets the bits of one chunk, in the way that weighs less: whole bytes and single bits in place, or all of them in a key of
/// their own that is then put over the chunk's.
fn set(commands: &mut Pipeline, key: &str, parts: &[Range<u64>], writer: u32) {
    let weight = |part: &Range<u64>| {
        let whole = whole_bytes(part);
        let bits = part.end - part.start - whole.clone().count() as u64 * 8;
        bits * COMMAND + u64::from(!whole.is_empty()) * COMMAND + whole.count() as u64
    };
    let in_place: u64 = parts.iter().map(weight).sum();
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
        return;
    };
    let span = (first.start / 8)..last.end.div_ceil(8);
    // Three commands, of which one works on the whole chunk.
    if in_place > 5 * COMMAND + (span.end - span.start) {
        let mut bitmap = vec![0; (span.end - span.start) as usize];
        for part in parts {
            let part = part.start - span.start * 8..part.end - span.start * 8;
            bits::set(&mut bitmap, &part);
        }
        let own = format!("{key}:{writer:08x}");
        let laid = commands.cmd("SETRANGE").arg(&own);
        laid.arg(span.start).arg(bitmap).ignore();
        let put = commands.cmd("BITOP").arg("OR").arg(key);
        put.arg(key).arg(&own).ignore();
        commands.cmd("UNLINK").arg(&own).ignore();
        return;
    }
    for part in parts {
        let whole = whole_bytes(part);
        if !whole.is_empty() {
            let bytes = vec![0xff_u8; (whole.end - whole.start) as usize];
            let laid = commands.cmd("SETRANGE").arg(key);
            laid.arg(whole.start).arg(bytes).ignore();
        }
        let in_whole = |bit: &u64| whole.contains(&(bit / 8));
        for bit in part.clone().filter(|bit| !in_whole(bit)) {
            commands.cmd("SETBIT").arg(key).arg(bit).arg(1).ignore();
        }
    }
}

/// The bytes of which a part has all bits; none if it has no whole byte.
fn whole_bytes(part: &Range<u64>) -> Range<u64> {
    let start = part.start.div_ceil(8);
    start..(part.end / 8).max(start)
}

/// What the names of a partition's keys begin with. The braces keep them together in a cluster.
fn base(place: &Place) -> String {
    format!("waterhealer:{{{place}}}:{}", place.identity)
}

/// A number that no other writer has, as far as chance goes.
fn writer() -> u32 {
    use std::hash::{BuildHasher as _, RandomState};
    RandomState::new().hash_one(std::process::id()) as u32
}

fn outage(error: RedisError) -> Outage {
    let by_code = matches!(error.code(), Some("NOAUTH" | "WRONGPASS" | "NOPERM"));
    let by_kind = matches!(
        error.kind(),
        ErrorKind::AuthenticationFailed | ErrorKind::InvalidClientConfig
    );
    match by_code || by_kind {
        true => Outage::Refused(error.to_string()),
        false => Outage::Away(error.to_string()),
    }
}
