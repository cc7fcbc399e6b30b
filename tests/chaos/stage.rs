//! The services of one run, which nobody else uses: a broker with a proxy before it, a Redis, the topics. And the hand that
//! does to them what the plan says.

use std::time::Duration;

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use xtask::services::{Redis, free_port, home};

use crate::broker::Broker;
use crate::members::Members;
use crate::plan::{Fault, Step};
use crate::proxy::{Commits, Proxy};
use crate::{Error, INPUT, OUTPUT, OUTPUT_PARTITIONS, PARTITIONS};

/// What the members live on.
pub(crate) struct Stage {
    broker: Broker,
    redis: Option<Redis>,
    proxy: Proxy,
    /// Where members find the broker.
    door: u16,
}

impl Stage {
    /// Starts all of it, with nothing in it.
    pub(crate) fn set(redis: bool) -> Result<Stage, Error> {
        let (behind, door) = (free_port()?, free_port()?);
        let broker = Broker::start(behind, door)?;
        let redis = if redis {
            let mut redis = Redis::at(home().join("redis-chaos"), free_port()?).kill_on_drop();
            redis.stop()?;
            redis.start()?;
            Some(redis)
        } else {
            None
        };
        let stage = Stage {
            broker,
            redis,
            proxy: Proxy::start(door, behind)?,
            door,
        };
        stage.create_topics()?;
        Ok(stage)
    }

    /// Where the broker is without the proxy, for all that watch.
    pub(crate) fn brokers(&self) -> &str {
        self.broker.address()
    }

    /// Where the members find it.
    pub(crate) fn members_brokers(&self) -> String {
        format!("127.0.0.1:{}", self.door)
    }

    pub(crate) fn redis_url(&self) -> Option<String> {
        self.redis.as_ref().map(Redis::url)
    }

    /// Commits that the proxy has cut.
    pub(crate) fn commits_cut(&self) -> usize {
        self.proxy.commits_cut()
    }

    /// Begins a fault. False if that cannot be now: there is no broker to be stopped.
    pub(crate) fn begin(&mut self, step: &Step, members: &mut Members) -> Result<bool, Error> {
        match step.fault {
            Fault::Kill(slot) => members.kill(slot)?,
            Fault::Freeze(slot) => members.freeze(slot),
            Fault::Leave(slot) => members.leave(slot),
            Fault::Join(slot) => members.start(slot)?,
            Fault::StopBroker => return Ok(self.broker.leave(false, step.lasts)),
            Fault::KillBroker => return Ok(self.broker.leave(true, step.lasts)),
            Fault::Cut => self.proxy.cut(true),
            Fault::Delay(millis) => self.proxy.delay(millis),
            Fault::CutCommits => self.proxy.commits(Commits::Cut),
            Fault::CutAnswers => self.proxy.commits(Commits::CutAnswer),
            Fault::StopRedis => self.redis.as_mut().map_or(Ok(()), Redis::stop)?,
        }
        Ok(true)
    }

    /// Ends it, its time being over. False if that takes longer: a broker starts in its own time.
    pub(crate) fn end(&mut self, step: &Step, members: &mut Members) -> Result<bool, Error> {
        match step.fault {
            Fault::Kill(slot) | Fault::Leave(slot) => members.start(slot)?,
            Fault::Freeze(slot) => members.thaw(slot),
            Fault::Join(slot) => members.leave(slot),
            Fault::StopBroker | Fault::KillBroker => return self.broker.is_back(),
            Fault::Cut => self.proxy.accept(),
            Fault::Delay(_) => self.proxy.delay(0),
            Fault::CutCommits | Fault::CutAnswers => self.proxy.commits(Commits::Pass),
            Fault::StopRedis => self.redis.as_mut().map_or(Ok(()), Redis::start)?,
        }
        Ok(true)
    }

    fn create_topics(&self) -> Result<(), Error> {
        let admin: AdminClient<DefaultClientContext> = ClientConfig::new()
            .set("bootstrap.servers", self.brokers())
            .create()?;
        let topic = |name, partitions| {
            let partitions = i32::try_from(partitions)?;
            Ok::<_, Error>(NewTopic::new(name, partitions, TopicReplication::Fixed(1)))
        };
        let topics = [topic(INPUT, PARTITIONS)?, topic(OUTPUT, OUTPUT_PARTITIONS)?];
        let options = AdminOptions::new().operation_timeout(Some(Duration::from_secs(15)));
        let created = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(admin.create_topics(&topics, &options))?;
        match created.into_iter().find_map(Result::err) {
            Some((topic, code)) => Err(format!("{topic} cannot be created: {code}").into()),
            None => Ok(()),
        }
    }
}
