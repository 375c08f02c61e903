//! The ways out. Each takes the same message and says the same about it
//! afterwards, so that one queue serves them all.

mod mail;
mod push;
mod slack;
mod sms;

use std::{fmt::Debug, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::kernel::{problem::Problem, record::Record};
use conexao_integrations::{
    outcome::Next,
    retry::{self, Schedule},
};
use conexao_storage::Tx;

use super::content::Content;
use crate::Engine;

/// A way out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Channel {
    #[default]
    Email,
    Sms,
    Push,
    Slack,
}

impl Channel {
    pub const ALL: [Self; 4] = [Self::Email, Self::Sms, Self::Push, Self::Slack];

    /// The name of the channel in records and choices.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Push => "push",
            Self::Slack => "slack",
        }
    }

    /// The channel with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == name)
    }

    pub(super) fn of(record: &Record) -> Self {
        record.text("channel").and_then(Self::parse).unwrap_or_default()
    }

    /// When it tries again, and until when.
    pub(super) const fn schedule(self) -> Schedule {
        match self {
            Self::Email => retry::EMAIL,
            Self::Sms | Self::Push | Self::Slack => retry::SHORT,
        }
    }

    /// The shortest time between two messages of a company: what providers ask for.
    pub(super) const fn gap(self) -> Option<TimeDelta> {
        match self {
            Self::Sms | Self::Slack => Some(TimeDelta::seconds(1)),
            Self::Email | Self::Push => None,
        }
    }
}

/// What whoever took a message in said.
#[derive(Debug, Default)]
pub(super) struct Receipt {
    pub provider_id: Option<String>,
    pub provider_status: Option<String>,
    pub segments: Option<u32>,
}

/// Why a message was not taken in.
#[derive(Debug)]
pub(super) struct Failed {
    /// A stable code, with the other side's own number.
    pub code: String,
    pub next: Next,
    /// Whether it counts towards giving the address up.
    pub soft: bool,
}

/// A message ready to leave.
#[async_trait]
pub(super) trait Way: Send + Sync + Debug {
    async fn hand_over(&self, now: DateTime<Utc>) -> Result<Receipt, Failed>;
}

/// Why a message cannot leave at all now.
#[derive(Debug)]
pub(super) enum Unready {
    /// Nobody set this way up.
    NotConfigured,
    /// There is nothing, or nobody, to send to any more; a code.
    Never(&'static str),
    Problem(Problem),
}

impl From<Problem> for Unready {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// The way a queued record leaves by.
pub(super) async fn of(
    engine: &Engine,
    tx: &Tx,
    record: &Record,
    content: &Content,
    now: DateTime<Utc>,
) -> Result<Box<dyn Way>, Unready> {
    match Channel::of(record) {
        Channel::Email => mail::of(engine, tx, record, content, now).await,
        Channel::Sms => sms::of(engine, tx, record, content).await,
        Channel::Push => push::of(engine, tx, record, content).await,
        Channel::Slack => slack::of(engine, tx, record, content).await,
    }
}

/// How long a message is worth anything.
fn worth(record: &Record, most: Duration, now: DateTime<Utc>) -> Duration {
    let left = record.instant("expires_at").and_then(|at| (at - now).to_std().ok());
    left.map_or(most, |left| left.min(most))
}
