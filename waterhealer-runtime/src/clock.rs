//! The clock of a lane: it runs by itself, or is moved by hand in a test. What is done at a moment is for `operator` to say.

use std::cell::Cell;
use std::ops::Add;
use std::time::{Duration, Instant};

/// A moment on a lane's clock: the time since it was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Moment(Duration);

impl Moment {
    /// The time from `earlier` to this moment; none if it is not earlier.
    pub fn since(self, earlier: Moment) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<Duration> for Moment {
    type Output = Moment;

    fn add(self, time: Duration) -> Moment {
        Moment(self.0.saturating_add(time))
    }
}

/// A lane's clock.
#[derive(Debug)]
pub(crate) struct Clock {
    hands: Hands,
    /// What it said last.
    last: Cell<Moment>,
}

#[derive(Debug)]
enum Hands {
    Running(Instant),
    Still(Cell<Duration>),
}

impl Clock {
    /// A clock that runs from now on.
    pub(crate) fn running() -> Self {
        Clock::with(Hands::Running(Instant::now()))
    }

    /// A clock that stands still but for [`advance`](Clock::advance).
    pub(crate) fn still() -> Self {
        Clock::with(Hands::Still(Cell::new(Duration::ZERO)))
    }

    fn with(hands: Hands) -> Self {
        Clock {
            hands,
            last: Cell::default(),
        }
    }

    pub(crate) fn now(&self) -> Moment {
        let now = match &self.hands {
            Hands::Running(start) => Moment(start.elapsed()),
            Hands::Still(time) => Moment(time.get()),
        };
        self.last.set(now);
        now
    }

    /// What it said when it was last asked, at no cost.
    pub(crate) fn lately(&self) -> Moment {
        match &self.hands {
            Hands::Running(_) => self.last.get(),
            Hands::Still(time) => Moment(time.get()),
        }
    }

    /// The moment as others know it; `None` of a clock that stands still, whose moments are nobody else's.
    pub(crate) fn instant(&self, moment: Moment) -> Option<Instant> {
        match &self.hands {
            Hands::Running(start) => Some(*start + moment.0),
            Hands::Still(_) => None,
        }
    }

    /// Moves a still clock; one that runs takes no notice.
    pub(crate) fn advance(&self, to: Moment) {
        if let Hands::Still(time) = &self.hands {
            time.set(to.0);
        }
    }
}
