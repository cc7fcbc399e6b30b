//! What is done to the members, the broker, the network and Redis in a run, and when: decided by the seed before the run
//! begins. No I/O.

use std::fmt;
use std::time::Duration;

use crate::random::Random;

/// The plan of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    /// How partitions are assigned.
    pub(crate) assignor: &'static str,
    /// In the order of their times.
    pub(crate) steps: Vec<Step>,
}

/// One fault: when it begins, and how long it lasts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) at: Duration,
    pub(crate) lasts: Duration,
    pub(crate) fault: Fault,
}

/// What is done. Members are named by their slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// SIGKILL; it is started again at the end.
    Kill(usize),
    /// SIGSTOP, and SIGCONT at the end.
    Freeze(usize),
    /// SIGTERM; it is started again at the end.
    Leave(usize),
    /// One more member, which leaves at the end.
    Join(usize),
    /// The broker is stopped in order, and started at the end.
    StopBroker,
    /// The broker is killed, and started at the end.
    KillBroker,
    /// All connections of the members are cut, and new ones until the end.
    Cut,
    /// Each piece of what goes over the members' connections waits so many milliseconds.
    Delay(u64),
    /// Connections are cut when a member commits: the request never arrives.
    CutCommits,
    /// Connections are cut when a member commits: the request arrives, and the answer does not.
    CutAnswers,
    /// Redis is stopped, with all that it knows, and started at the end.
    StopRedis,
}

/// Who takes part in a run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting {
    /// How long faults are begun.
    pub(crate) length: Duration,
    /// Members that are there from the start. As many more may join.
    pub(crate) members: usize,
    /// Whether there is a Redis.
    pub(crate) redis: bool,
}

/// How partitions may be assigned.
const ASSIGNORS: [&str; 3] = ["cooperative-sticky", "range", "roundrobin"];

/// Before the first fault: members start, and the group comes to rest.
const START: Duration = Duration::from_secs(6);

/// The kinds of steps, each as often as it shall come.
const KINDS: [Kind; 20] = [
    Kind::Kill,
    Kind::Kill,
    Kind::Kill,
    Kind::Kill,
    Kind::Freeze,
    Kind::Freeze,
    Kind::Leave,
    Kind::Leave,
    Kind::Join,
    Kind::Join,
    Kind::Storm,
    Kind::StopBroker,
    Kind::KillBroker,
    Kind::Cut,
    Kind::Cut,
    Kind::Delay,
    Kind::CutCommits,
    Kind::CutCommits,
    Kind::CutAnswers,
    Kind::CutAnswers,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Kill,
    Freeze,
    Leave,
    Join,
    /// Members that join and leave faster than the group can follow.
    Storm,
    StopBroker,
    KillBroker,
    Cut,
    Delay,
    CutCommits,
    CutAnswers,
    StopRedis,
}

impl Plan {
    /// The plan of this seed: the same for the same seed and setting.
    pub(crate) fn new(seed: u64, setting: Setting) -> Plan {
        let mut random = Random::new(seed);
        let assignor = random.one_of(&ASSIGNORS);
        let mut steps = Vec::new();
        // Each kind comes once before chance decides, in an order that it has decided.
        let mut first = all_kinds(setting, &mut random);
        let mut at = START;
        // The broker is away once at a time.
        let mut broker_back = Duration::ZERO;
        while at < setting.length {
            let kind = first.pop().unwrap_or_else(|| chosen(setting, &mut random));
            let broker = matches!(kind, Kind::StopBroker | Kind::KillBroker);
            if !broker || at >= broker_back {
                steps.extend(faults(kind, at, setting, &mut random));
            }
            if broker {
                broker_back = at + Duration::from_secs(20);
            }
            at += random.time(800, 4_500);
        }
        steps.retain(|step| step.at < setting.length);
        steps.sort_by_key(|step| step.at);
        Plan { assignor, steps }
    }
}

impl Fault {
    /// Whether there is no broker while it lasts.
    pub(crate) fn takes_the_broker(self) -> bool {
        matches!(self, Fault::StopBroker | Fault::KillBroker)
    }
}

fn all_kinds(setting: Setting, random: &mut Random) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = KINDS.to_vec();
    kinds.dedup();
    if setting.redis {
        kinds.push(Kind::StopRedis);
    }
    for last in (1..kinds.len()).rev() {
        kinds.swap(last, random.below(last as u64 + 1) as usize);
    }
    kinds
}

fn chosen(setting: Setting, random: &mut Random) -> Kind {
    if setting.redis && random.below(10) == 0 {
        return Kind::StopRedis;
    }
    random.one_of(&KINDS)
}

fn faults(kind: Kind, at: Duration, setting: Setting, random: &mut Random) -> Vec<Step> {
    let one = random.below(setting.members as u64) as usize;
    let guest = setting.members + one;
    let (fault, lasts) = match kind {
        Kind::Kill => (Fault::Kill(one), random.time(50, 4_000)),
        // Sessions end after 6 s: now past it, now not.
        Kind::Freeze => (Fault::Freeze(one), random.time(2_000, 12_000)),
        Kind::Leave => (Fault::Leave(one), random.time(100, 3_000)),
        Kind::Join => (Fault::Join(guest), random.time(2_000, 8_000)),
        Kind::Storm => return storm(at, setting, random),
        Kind::StopBroker => (Fault::StopBroker, random.time(500, 4_000)),
        Kind::KillBroker => (Fault::KillBroker, random.time(500, 4_000)),
        Kind::Cut => (Fault::Cut, random.time(1, 3_000)),
        Kind::Delay => (
            Fault::Delay(5 + random.below(60)),
            random.time(2_000, 6_000),
        ),
        Kind::CutCommits => (Fault::CutCommits, random.time(500, 4_000)),
        Kind::CutAnswers => (Fault::CutAnswers, random.time(500, 4_000)),
        Kind::StopRedis => (Fault::StopRedis, random.time(200, 5_000)),
    };
    vec![Step { at, lasts, fault }]
}

fn storm(at: Duration, setting: Setting, random: &mut Random) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut when = at;
    for time in 0..6 {
        let guest = setting.members + time % setting.members;
        let one = random.below(setting.members as u64) as usize;
        let leave = time % 3 == 2;
        steps.push(Step {
            at: when,
            lasts: random.time(300, 1_500),
            fault: if leave {
                Fault::Leave(one)
            } else {
                Fault::Join(guest)
            },
        });
        when += random.time(150, 700);
    }
    steps
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Kill(slot) => write!(f, "kill -9 of member {slot}"),
            Fault::Freeze(slot) => write!(f, "SIGSTOP of member {slot}"),
            Fault::Leave(slot) => write!(f, "SIGTERM of member {slot}"),
            Fault::Join(slot) => write!(f, "member {slot} joins"),
            Fault::StopBroker => write!(f, "broker stopped"),
            Fault::KillBroker => write!(f, "broker killed"),
            Fault::Cut => write!(f, "connections cut"),
            Fault::Delay(millis) => write!(f, "{millis} ms of delay"),
            Fault::CutCommits => write!(f, "commits cut"),
            Fault::CutAnswers => write!(f, "answers to commits cut"),
            Fault::StopRedis => write!(f, "Redis stopped"),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (at, lasts) = (self.at.as_secs_f64(), self.lasts.as_secs_f64());
        write!(f, "{at:>8.2} s  {} for {lasts:.2} s", self.fault)
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "partitions are assigned by {}", self.assignor)?;
        self.steps.iter().try_for_each(|step| writeln!(f, "{step}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTING: Setting = Setting {
        length: Duration::from_secs(60),
        members: 3,
        redis: false,
    };

    #[test]
    fn a_seed_is_a_plan() {
        assert_eq!(Plan::new(7, SETTING), Plan::new(7, SETTING));
        assert_ne!(Plan::new(7, SETTING).steps, Plan::new(8, SETTING).steps);
    }

    #[test]
    fn a_minute_has_every_kind_of_fault() {
        let setting = Setting {
            redis: true,
            ..SETTING
        };
        for seed in 0..200 {
            let plan = Plan::new(seed, setting);
            let mut kinds: Vec<_> = plan
                .steps
                .iter()
                .map(|step| std::mem::discriminant(&step.fault))
                .collect();
            let mut different = Vec::new();
            while let Some(kind) = kinds.pop() {
                if !different.contains(&kind) {
                    different.push(kind);
                }
            }
            assert!(different.len() >= 10, "seed {seed}: {plan}");
        }
    }

    #[test]
    fn faults_begin_in_time_and_in_order_at_members_that_there_are() {
        for seed in 0..200 {
            let plan = Plan::new(seed, SETTING);
            assert!(plan.steps.is_sorted_by_key(|step| step.at));
            for step in &plan.steps {
                assert!(step.at >= START && step.at < SETTING.length, "{step}");
                match step.fault {
                    Fault::Kill(slot) | Fault::Freeze(slot) | Fault::Leave(slot) => {
                        assert!(slot < 3, "{step}");
                    }
                    Fault::Join(slot) => assert!((3..6).contains(&slot), "{step}"),
                    Fault::StopRedis => panic!("there is none: {step}"),
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn the_broker_is_away_once_at_a_time() {
        for seed in 0..200 {
            let plan = Plan::new(seed, SETTING);
            let mut back = Duration::ZERO;
            for step in &plan.steps {
                if step.fault.takes_the_broker() {
                    assert!(step.at >= back, "seed {seed}: {plan}");
                    back = step.at + step.lasts;
                }
            }
        }
    }
}
