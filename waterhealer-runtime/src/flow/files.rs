//! The thread that reads files for the sources that ask for them, and its hand-over to the lane: in parcels, of which only a
//! few may wait, so that reading is as fast as the lane and no faster. What reading is lives in `crate::files`.

use std::sync::mpsc::{Receiver, SendError, SyncSender, TryRecvError, sync_channel};
use std::sync::{Arc, Weak};
use std::time::Duration;
use std::vec;

use super::control::{Control, Halt};
use super::keep;
use super::lane::Lane;
use super::mailbox::{Mailbox, Notice};
use super::slots::Slots;
use crate::broker::Assigned;
use crate::error::{Error, Failure};
use crate::files::{Came, Item, Reader};
use crate::graph::Spec;
use crate::ledger::{Finished, Ticket};
use crate::types::Position;

/// Parcels that may wait for the lane, beside the one that it works on.
const PARCELS: usize = 2;

/// How often files that have nothing more are looked at again.
const POLL: Duration = Duration::from_millis(100);

/// The reading thread.
pub(crate) struct Files<C> {
    sources: Vec<Source>,
    until_end: bool,
    parcels: SyncSender<Parcel>,
    /// Gone when the lane is.
    lane: Weak<()>,
    mailbox: Arc<Mailbox<C>>,
}

struct Source {
    assigned: Arc<Assigned>,
    reader: Reader,
    /// Something was read of it.
    gave: bool,
    /// Nothing more is read of it.
    ended: bool,
}

enum Parcel {
    Items(Arc<Assigned>, Vec<Item>),
    /// Everything is read.
    End,
}

/// Opens what sources read: the thread that will read it, if there is any, and the lane's end of the hand-over.
///
/// # Errors
/// When a file cannot be opened, or a pattern is none.
pub(crate) fn read_files<C>(
    spec: &Spec,
    until_end: bool,
    mailbox: Arc<Mailbox<C>>,
    slots: &mut Slots,
) -> Result<(Option<Files<C>>, Intake), Error> {
    let mut sources = Vec::new();
    for (source, path, reader) in Reader::open_all(spec)? {
        let assigned = slots.assign(path, 0, source);
        // The lane starts after this, so it knows the source before its first item.
        mailbox.notify(Notice::Assign(Arc::clone(&assigned), Finished::default()));
        sources.push(Source {
            assigned,
            reader,
            gave: false,
            ended: false,
        });
    }
    if sources.is_empty() {
        return Ok((None, Intake::default()));
    }
    let (parcels, receiver) = sync_channel(PARCELS);
    let lane = Arc::new(());
    let files = Files {
        sources,
        until_end,
        parcels,
        lane: Arc::downgrade(&lane),
        mailbox,
    };
    let intake = Intake {
        parcels: Some(receiver),
        current: None,
        _lane: lane,
    };
    Ok((Some(files), intake))
}

impl<C> Files<C> {
    /// Reads until the lane is gone or everything is read.
    pub(crate) fn run(mut self) {
        // An error is the lane having gone: nobody asks for more.
        while let Ok(false) = self.read() {
            if self.lane.strong_count() == 0 {
                return;
            }
        }
    }

    /// One look at each file; true when there will be no more.
    fn read(&mut self) -> Result<bool, SendError<Parcel>> {
        let mut any = false;
        for source in self.sources.iter_mut().filter(|source| !source.ended) {
            let mut items = Vec::new();
            let came = source.reader.read(self.until_end, &mut items);
            source.ended = came == Came::Broken || came == Came::All && self.until_end;
            source.gave |= !items.is_empty();
            any |= came == Came::Some;
            if source.ended && !source.gave {
                tracing::warn!(path = %source.assigned.topic, "there is nothing to read: an empty file, or none that matches");
            }
            if !items.is_empty() {
                let assigned = Arc::clone(&source.assigned);
                self.parcels.send(Parcel::Items(assigned, items))?;
                self.mailbox.notify(Notice::Look);
            }
        }
        if self.until_end && self.sources.iter().all(|source| source.ended) {
            self.parcels.send(Parcel::End)?;
            self.mailbox.notify(Notice::Look);
            return Ok(true);
        }
        if !any {
            std::thread::sleep(POLL);
        }
        Ok(false)
    }
}

/// The lane's end: what was read and is not taken yet.
#[derive(Default)]
pub(crate) struct Intake {
    /// None once everything is read, and where there is nothing to read.
    parcels: Option<Receiver<Parcel>>,
    current: Option<(Arc<Assigned>, vec::IntoIter<Item>)>,
    _lane: Arc<()>,
}

impl Intake {
    /// The next item, and the source that it is for.
    pub(super) fn next(&mut self, control: &Control) -> Option<(Arc<Assigned>, Item)> {
        loop {
            if let Some((assigned, items)) = &mut self.current
                && let Some(item) = items.next()
            {
                return Some((Arc::clone(assigned), item));
            }
            self.current = None;
            match self.parcels.as_ref()?.try_recv() {
                Ok(Parcel::Items(assigned, items)) => {
                    self.current = Some((assigned, items.into_iter()));
                }
                Ok(Parcel::End) => {
                    self.parcels = None;
                    control.note_all_read();
                }
                Err(TryRecvError::Empty) => return None,
                Err(TryRecvError::Disconnected) => {
                    self.parcels = None;
                    control.halt(Halt {
                        stage: "(reading files)",
                        position: Position {
                            topic: Arc::from("?"),
                            partition: -1,
                            offset: -1,
                        },
                        emit_id: None,
                        failure: Failure::lost("the thread that reads files ended early"),
                    });
                }
            }
        }
    }
}

impl<C> Lane<C> {
    /// Notes a line or a name that was read.
    pub(super) fn deliver_read(&mut self, assigned: &Assigned, offset: i64) -> Ticket {
        if self.is_traced() {
            self.trace_read(assigned, offset);
        }
        let meta = keep::of_position(self.keeps, || {
            let position = Position {
                topic: Arc::clone(&assigned.topic),
                partition: assigned.partition,
                offset,
            };
            (position, assigned.stream)
        });
        self.ledger.deliver(assigned.slot, offset, meta)
    }
}
