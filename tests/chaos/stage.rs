//! The services of one run, which nobody else uses: a broker with a proxy before it, a Redis, the topics. And the hand that
//! does to them what the plan says.

use std::time::Duration;

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use xtask::services::{Kafka, Redis, free_port, home};

use crate::members::Members;
use crate::plan::Fault;
use crate::proxy::{Commits, Proxy};
use crate::{Error, INPUT, OUTPUT, OUTPUT_PARTITIONS, PARTITIONS};

/// What the members live on.
pub(crate) struct Stage {
    kafka: Kafka,
    redis: Option<Redis>,
    proxy: Proxy,
    /// Where members find the broker.
    door: u16,
}

impl Stage {
    /// Starts all of it, with nothing in it.
    pub(crate) fn set(redis: bool) -> Result<Stage, Error> {
        let (clients, controller) = (free_port()?, free_port()?);
        let (behind, door) = (free_port()?, free_port()?);
        let mut kafka = Kafka::at(home().join("kafka-chaos"), clients, controller)
            .behind(behind, door)
            .kill_on_drop();
        // One that an earlier run may have left there.
        kafka.kill()?;
        kafka.wipe()?;
        kafka.start()?;
        let redis = if redis {
            let mut redis = Redis::at(home().join("redis-chaos"), free_port()?).kill_on_drop();
            redis.stop()?;
            redis.start()?;
            Some(redis)
        } else {
            None
        };
        let stage = Stage {
            kafka,
            redis,
            proxy: Proxy::start(door, behind)?,
            door,
        };
        stage.create_topics()?;
        Ok(stage)
    }

    /// Where the broker is without the proxy, for all that watch.
    pub(crate) fn brokers(&self) -> String {
        self.kafka.bootstrap()
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

    /// Begins a fault.
    pub(crate) fn begin(&mut self, fault: Fault, members: &mut Members) -> Result<(), Error> {
        match fault {
            Fault::Kill(slot) => members.kill(slot)?,
            Fault::Freeze(slot) => members.freeze(slot),
            Fault::Leave(slot) => members.leave(slot),
            Fault::Join(slot) => members.start(slot)?,
            Fault::StopBroker => self.kafka.stop()?,
            Fault::KillBroker => self.kafka.kill()?,
            Fault::Cut => self.proxy.cut(true),
            Fault::Delay(millis) => self.proxy.delay(millis),
            Fault::CutCommits => self.proxy.commits(Commits::Cut),
            Fault::CutAnswers => self.proxy.commits(Commits::CutAnswer),
            Fault::StopRedis => self.redis.as_mut().map_or(Ok(()), Redis::stop)?,
        }
        Ok(())
    }

    /// Ends it.
    pub(crate) fn end(&mut self, fault: Fault, members: &mut Members) -> Result<(), Error> {
        match fault {
            Fault::Kill(slot) | Fault::Leave(slot) => members.start(slot)?,
            Fault::Freeze(slot) => members.thaw(slot),
            Fault::Join(slot) => members.leave(slot),
            Fault::StopBroker | Fault::KillBroker => self.kafka.start()?,
            Fault::Cut => self.proxy.accept(),
            Fault::Delay(_) => self.proxy.delay(0),
            Fault::CutCommits | Fault::CutAnswers => self.proxy.commits(Commits::Pass),
            Fault::StopRedis => self.redis.as_mut().map_or(Ok(()), Redis::start)?,
        }
        Ok(())
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
