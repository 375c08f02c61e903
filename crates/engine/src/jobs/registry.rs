//! What this program knows to do in the background: job kinds and reactions.

use std::{collections::HashMap, sync::Arc};

use super::{
    JobKind,
    bulk::{Bulk, Undo},
};
use crate::{
    audit::AuditExport,
    export::Export,
    identity::{AddressChanged, Invite, SecurityNotices, registration::Approve},
    import::{Revert, Run, Simulate},
    notes::Mentions,
    notify::Welcome,
    privacy::{ConsentReaches, Erase, PrivacyExport},
    react::{Notices, Reaction, ReactionJob},
    rights::Substitutions,
    schedule::AuditVerify,
    webhooks::{Feed, Sender},
    write::FollowTitles,
};

/// Job kinds and reactions. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    kinds: Arc<HashMap<&'static str, Arc<dyn JobKind>>>,
    reactions: Arc<Vec<Arc<dyn Reaction>>>,
    sender: Option<Arc<dyn Sender>>,
}

impl Registry {
    /// Everything the engine brings; an area adds its line here, the server
    /// what needs services of other crates.
    pub fn standard() -> Self {
        let jobs =
            Self::default().job(Bulk).job(ReactionJob).job(AuditVerify).job(Simulate).job(Run).job(Revert).job(Export);
        let jobs = jobs.job(Undo).job(FollowTitles).job(AuditExport).job(Erase).job(PrivacyExport);
        jobs.reaction(Notices)
            .reaction(Mentions)
            .reaction(Feed)
            .reaction(Invite)
            .reaction(Welcome)
            .reaction(Substitutions)
            .reaction(Approve)
            .reaction(SecurityNotices)
            .reaction(AddressChanged)
            .reaction(ConsentReaches)
    }

    /// Adds a job kind.
    pub fn job(mut self, kind: impl JobKind) -> Self {
        Arc::make_mut(&mut self.kinds).insert(kind.name(), Arc::new(kind));
        self
    }

    /// Adds a reaction.
    pub fn reaction(mut self, reaction: impl Reaction) -> Self {
        Arc::make_mut(&mut self.reactions).push(Arc::new(reaction));
        self
    }

    /// Has webhooks sent by `sender`; without one they wait.
    pub fn webhooks(mut self, sender: impl Sender) -> Self {
        self.sender = Some(Arc::new(sender));
        self
    }

    pub(crate) fn webhook_sender(&self) -> Option<Arc<dyn Sender>> {
        self.sender.clone()
    }

    pub(crate) fn kind(&self, name: &str) -> Option<Arc<dyn JobKind>> {
        self.kinds.get(name).cloned()
    }

    /// The reactions that follow an event.
    pub(crate) fn following<'a>(&'a self, event: &'a str) -> impl Iterator<Item = &'a Arc<dyn Reaction>> {
        self.reactions.iter().filter(move |reaction| reaction.follows(event))
    }

    pub(crate) fn reaction_named(&self, name: &str) -> Option<Arc<dyn Reaction>> {
        self.reactions.iter().find(|reaction| reaction.name() == name).cloned()
    }
}
