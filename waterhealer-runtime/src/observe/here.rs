//! Where a thread stands: in which call of which stage, on which record. A lane says so in a **place** of its own, which its thread
//! knows of; so saying it costs a few stores and no look at what belongs to the thread. Whatever is logged meanwhile can say for which record.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, AtomicI64, AtomicU64, AtomicUsize, Ordering};

use crate::graph::{NodeSpec, Spec};
use crate::types::{EmitId, Stream};

/// A call of a stage: which stage of which pipeline, on which record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Here {
    spec: &'static Spec,
    node: usize,
    record: Named,
}

/// A record, as emit ids name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) stream: Stream,
    pub(crate) partition: i32,
    pub(crate) offset: i64,
}

impl Named {
    pub(crate) fn emit_id(self) -> EmitId {
        EmitId::of(self.stream, self.partition, self.offset)
    }
}

/// In which call a lane is. Written by its thread alone, and read there.
#[derive(Debug)]
pub(crate) struct Place {
    spec: &'static Spec,
    /// [`OUTSIDE`] between records.
    node: AtomicUsize,
    stream: AtomicU64,
    partition: AtomicI32,
    offset: AtomicI64,
}

const OUTSIDE: usize = usize::MAX;

thread_local! {
    /// Where this thread stands.
    static PLACE: RefCell<Option<Arc<Place>>> = const { RefCell::new(None) };
}

impl Place {
    pub(crate) fn new(spec: &'static Spec) -> Arc<Self> {
        Arc::new(Place {
            spec,
            node: AtomicUsize::new(OUTSIDE),
            stream: AtomicU64::new(0),
            partition: AtomicI32::new(0),
            offset: AtomicI64::new(0),
        })
    }

    /// The place of a call that is made elsewhere than on its lane.
    pub(crate) fn of(call: Here) -> Arc<Self> {
        let place = Place::new(call.spec);
        place.name(call.record);
        place.enter(call.node);
        place
    }

    /// What follows is done on this record.
    #[inline]
    pub(crate) fn name(&self, record: Named) {
        self.stream.store(record.stream.0, Ordering::Relaxed);
        self.partition.store(record.partition, Ordering::Relaxed);
        self.offset.store(record.offset, Ordering::Relaxed);
    }

    /// What follows is done in this stage.
    #[inline]
    pub(crate) fn enter(&self, node: usize) {
        self.node.store(node, Ordering::Relaxed);
    }

    /// Nothing is done on a record any more.
    #[inline]
    pub(crate) fn leave(&self) {
        self.node.store(OUTSIDE, Ordering::Relaxed);
    }

    /// The call; `None` between records. Of another thread's place, what it was a moment ago.
    pub(crate) fn here(&self) -> Option<Here> {
        let node = self.node.load(Ordering::Relaxed);
        let record = Named {
            stream: Stream(self.stream.load(Ordering::Relaxed)),
            partition: self.partition.load(Ordering::Relaxed),
            offset: self.offset.load(Ordering::Relaxed),
        };
        let spec = self.spec;
        (node != OUTSIDE).then_some(Here { spec, node, record })
    }
}

/// This thread stands at this place from now on.
pub(crate) fn stand_at(place: &Arc<Place>) {
    PLACE.with_borrow_mut(|stands| match stands {
        Some(stands) if Arc::ptr_eq(stands, place) => {}
        _ => *stands = Some(Arc::clone(place)),
    });
}

/// The call that this thread is in; `None` outside of stages, and in threads and tasks that a stage has started itself.
pub(crate) fn here() -> Option<Here> {
    // It may be asked while the thread ends, or by what is dropped there.
    let place = PLACE.try_with(|place| place.try_borrow().ok()?.clone());
    place.ok()??.here()
}

/// Does something at a place, on any thread; afterwards the thread stands where it did.
pub(crate) fn within<R>(place: Option<&Arc<Place>>, work: impl FnOnce() -> R) -> R {
    let Some(place) = place else {
        return work();
    };
    let before = PLACE.replace(Some(Arc::clone(place)));
    let answer = work();
    PLACE.set(before);
    answer
}

impl Here {
    pub(crate) fn new(spec: &'static Spec, node: usize, record: Named) -> Self {
        Here { spec, node, record }
    }

    pub(crate) fn emit_id(&self) -> EmitId {
        self.record.emit_id()
    }

    /// The record.
    pub(crate) fn record(&self) -> Named {
        self.record
    }

    /// The stage.
    pub(crate) fn stage(&self) -> Option<&'static NodeSpec> {
        self.spec.nodes.get(self.node)
    }
}

/// The emit id of the record that the calling stage works on; of a batch, that of its first record.
///
/// It is known inside the functions of a pipeline and whatever they call, also across their `await`s.
/// `None` everywhere else, and in tasks and threads that a stage starts by itself.
///
/// ```
/// use waterhealer_runtime::emit_id;
/// assert_eq!(emit_id(), None);
/// ```
pub fn emit_id() -> Option<EmitId> {
    here().map(|here| here.emit_id())
}
