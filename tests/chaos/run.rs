//! One run of one mode, from an empty broker to the verdict: the stage is set, members work, the plan is carried out, the
//! group is given its peace, everybody leaves, and what is left is collected and judged.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use xtask::interrupt;
use xtask::services::home;

use crate::check::{Demands, Verdict, check};
use crate::feed::Feed;
use crate::history::{History, Span};
use crate::members::{Members, Start, program};
use crate::modes::Mode;
use crate::plan::{Plan, Setting, Step};
use crate::stage::Stage;
use crate::watch::Watch;
use crate::{Error, GROUP, Options, collect};

const TICK: Duration = Duration::from_millis(10);

/// What came of a run, with all that the table shows.
pub(crate) struct Outcome {
    pub(crate) mode: &'static str,
    pub(crate) verdict: Verdict,
    pub(crate) faults: usize,
    pub(crate) commits_cut: usize,
    /// How often the broker was asked for the committed offsets, and answered.
    pub(crate) looks: usize,
    /// Members that ended though nobody told them to.
    pub(crate) ended: usize,
    pub(crate) reasons: Vec<String>,
    /// Logs, journal, plan.
    pub(crate) folder: PathBuf,
}

/// A run under way.
struct Run<'o> {
    options: &'o Options,
    plan: Plan,
    stage: Stage,
    members: Members,
    start: Instant,
    faults: Vec<Span>,
}

/// Runs a mode.
pub(crate) fn run(mode: &'static Mode, options: &Options) -> Result<Outcome, Error> {
    let plan = Plan::new(
        options.seed,
        Setting {
            length: options.length(),
            members: options.members,
            redis: mode.redis,
        },
    );
    println!("\n== {}, seed {}\n{plan}", mode.name, options.seed);
    let folder = home()
        .with_file_name("chaos")
        .join(format!("{}-{}", mode.name, options.seed));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("plan.txt"), plan.to_string())?;

    let stage = Stage::set(mode.redis)?;
    let journal = folder.join("journal");
    fs::write(&journal, "")?;
    let start = Start {
        program: program(&std::env::current_exe()?),
        folder: folder.clone(),
        arguments: arguments(&stage, &plan),
        env: env(mode, &stage, &journal.to_string_lossy()),
    };
    let epoch = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?;
    let mut run = Run {
        options,
        plan,
        members: Members::new(start, 2 * options.members),
        start: Instant::now(),
        faults: Vec::new(),
        stage,
    };
    let brokers = run.stage.brokers().to_owned();
    let watch = Watch::start(&brokers, &journal, run.start)?;
    let feed = Feed::start(&brokers, options.rate(), options.seed)?;
    for slot in 0..options.members {
        run.members.start(slot)?;
    }
    run.carry_out()?;
    feed.stop()?;
    let inputs = collect::inputs(&brokers, epoch)?;
    let ends: Vec<usize> = inputs.iter().map(Vec::len).collect();
    run.wait_until_done(&watch, &ends)?;
    run.dismiss()?;
    let looks = watch.looks();
    let history = History {
        looks: watch.finish()?,
        end: run.start.elapsed(),
        inputs,
        notes: collect::notes(&journal)?,
        outputs: collect::outputs(&brokers)?,
        faults: run.faults,
        crashes: std::mem::take(&mut run.members.ended.crashes),
    };
    let demands = Demands {
        once: mode.once,
        stall: Duration::from_secs(options.stall),
    };
    Ok(Outcome {
        mode: mode.name,
        verdict: check(&history, demands),
        faults: history.faults.len(),
        commits_cut: run.stage.commits_cut(),
        looks,
        ended: run.members.ended.times,
        reasons: std::mem::take(&mut run.members.ended.reasons),
        folder,
    })
}

fn arguments(stage: &Stage, plan: &Plan) -> Vec<String> {
    let mut arguments = vec![
        "run".to_owned(),
        format!("--brokers={}", stage.members_brokers()),
    ];
    let assignor = format!("partition.assignment.strategy={}", plan.assignor);
    // Short sessions: a member that is gone is missed soon.
    for property in [
        "session.timeout.ms=6000",
        "heartbeat.interval.ms=500",
        assignor.as_str(),
    ] {
        arguments.push(format!("--kafka={property}"));
    }
    arguments
}

fn env(mode: &Mode, stage: &Stage, journal: &str) -> Vec<(String, String)> {
    let redis = stage.redis_url().unwrap_or_default();
    let settings = mode.settings.iter().map(|(name, value)| {
        let variable = format!("WATERHEALER_{}", name.to_uppercase());
        (variable, value.replace("{redis}", &redis))
    });
    [
        ("MEMBER", mode.member),
        ("JOURNAL", journal),
        ("WATERHEALER_GROUP", GROUP),
        ("WATERHEALER_INTERVAL", "200ms"),
        ("LOGLEVEL", "info"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .chain(settings)
    .collect()
}

impl Run<'_> {
    /// Begins and ends what the plan says, when it says so, for as long as the run is to last.
    fn carry_out(&mut self) -> Result<(), Error> {
        let steps = self.plan.steps.clone();
        let mut waiting = steps.iter().peekable();
        // Faults that have begun, each with its place among all of them.
        let mut open: Vec<(&Step, usize)> = Vec::new();
        loop {
            let mut still = Vec::new();
            for (step, number) in open {
                let over = self.start.elapsed() >= self.faults[number].from + step.lasts;
                if over && self.stage.end(step, &mut self.members)? {
                    self.faults[number].to = self.start.elapsed();
                } else {
                    still.push((step, number));
                }
            }
            open = still;
            let now = self.start.elapsed();
            while let Some(step) = waiting.next_if(|step| step.at <= now) {
                if self.stage.begin(step, &mut self.members)? {
                    open.push((step, self.faults.len()));
                    self.faults.push(Span {
                        from: now,
                        to: Duration::MAX,
                        what: step.fault.to_string(),
                        no_broker: step.fault.takes_the_broker(),
                    });
                }
            }
            if waiting.peek().is_none() && open.is_empty() && now >= self.options.length() {
                return Ok(());
            }
            self.rest()?;
        }
    }

    /// Waits until the group has committed everything, or has not moved for as long as a stall may be.
    fn wait_until_done(&mut self, watch: &Watch, ends: &[usize]) -> Result<(), Error> {
        println!(
            "{:>8.2} s  peace; {} records written",
            self.start.elapsed().as_secs_f64(),
            ends.iter().sum::<usize>()
        );
        for slot in 0..self.options.members {
            self.members.start(slot)?;
        }
        let mut last = watch.committed();
        let mut moved = Instant::now();
        loop {
            let committed = watch.committed();
            let at_end =
                |(committed, end): (&Option<usize>, &usize)| committed.unwrap_or_default() >= *end;
            if committed.iter().zip(ends).all(at_end) {
                return Ok(());
            }
            if committed != last {
                moved = Instant::now();
                last = committed;
            } else if moved.elapsed() > Duration::from_secs(self.options.stall) {
                return Ok(());
            }
            self.rest()?;
        }
    }

    /// All members leave in order.
    fn dismiss(&mut self) -> Result<(), Error> {
        while !self.members.all_left()? {
            self.rest()?;
        }
        Ok(())
    }

    fn rest(&mut self) -> Result<(), Error> {
        if interrupt::asked() {
            return Err("interrupted".into());
        }
        self.members.mind()?;
        std::thread::sleep(TICK);
        Ok(())
    }
}
