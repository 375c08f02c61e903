//! What a company set up of its own: accounts and hooks. The installation's
//! stand in where there is none. Read in the transaction that takes a message
//! up; that they are used is noted apart.

use conexao_domain::{
    kernel::problem::Problem,
    settings::integration::{EMAIL, PUSH, SLACK, TWILIO},
};
use conexao_integrations::{
    email::{Person, SmtpConfig},
    http::Egress,
    push::VapidKeys,
    slack::SlackHook,
    sms::TwilioConfig,
};
use conexao_storage::{Tenant, Tx};

use super::ways::Channel;
use crate::{
    Engine,
    credentials::{self, Credentials},
};

async fn set(engine: &Engine, tx: &Tx, name: &str) -> Result<Option<Credentials>, Problem> {
    Ok(credentials::load(engine, tx, name).await?.map(|(_, credentials)| credentials))
}

pub(super) async fn smtp(engine: &Engine, tx: &Tx) -> Result<Option<(SmtpConfig, Person)>, Problem> {
    set(engine, tx, EMAIL.name).await?.as_ref().map(credentials::mail).transpose()
}

pub(super) async fn twilio(engine: &Engine, tx: &Tx) -> Result<Option<TwilioConfig>, Problem> {
    set(engine, tx, TWILIO.name).await?.as_ref().map(credentials::twilio).transpose()
}

pub(super) async fn slack(engine: &Engine, tx: &Tx, egress: Egress) -> Result<Option<SlackHook>, Problem> {
    set(engine, tx, SLACK.name).await?.as_ref().map(|own| credentials::slack(own, egress)).transpose()
}

pub(super) async fn push(engine: &Engine, tx: &Tx) -> Result<Option<VapidKeys>, Problem> {
    set(engine, tx, PUSH.name).await?.as_ref().map(credentials::push).transpose()
}

fn name(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => EMAIL.name,
        Channel::Sms => TWILIO.name,
        Channel::Push => PUSH.name,
        Channel::Slack => SLACK.name,
    }
}

/// Whether a company set a way out up for itself, well or not.
pub(super) async fn has(engine: &Engine, tx: &Tx, channel: Channel) -> Result<bool, Problem> {
    Ok(set(engine, tx, name(channel)).await?.is_some())
}

/// Notes that what a company set up for a way out is used.
pub(super) async fn used(engine: &Engine, tenant: Tenant, channel: Channel) -> Result<(), Problem> {
    credentials::note_use(engine, tenant, name(channel)).await
}
