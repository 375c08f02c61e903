//! Mechanism 2: a state machine as a table. A row gives the route, the
//! permission, the button, the audit entry, the event and the diagram.

use std::fmt::Write;

use super::{plan::Facts, record::Record};

/// Where a state stands in its flow; decides glyph and colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    New,
    Progress,
    Waiting,
    Success,
    Danger,
    Neutral,
    Muted,
}

impl Tone {
    /// The word used in CSS classes and metadata.
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Progress => "progress",
            Self::Waiting => "waiting",
            Self::Success => "success",
            Self::Danger => "danger",
            Self::Neutral => "neutral",
            Self::Muted => "muted",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    pub name: &'static str,
    pub tone: Tone,
    /// Nothing more is expected of the record.
    pub terminal: bool,
}

/// An open state.
pub const fn state(name: &'static str, tone: Tone) -> State {
    State { name, tone, terminal: false }
}

/// A state in which the record's story ends.
pub const fn end(name: &'static str, tone: Tone) -> State {
    State { name, tone, terminal: true }
}

/// Refuses a step with a stable reason code (`reason.<code>` in the locales).
pub type Guard = fn(&Record, &Facts) -> Result<(), &'static str>;

/// One allowed change of state.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub name: &'static str,
    pub from: &'static [&'static str],
    pub to: &'static str,
    pub guard: Option<Guard>,
    /// Fields the step may set; `true` where the step needs a value.
    pub inputs: &'static [(&'static str, bool)],
    /// Refusals of the guard that a value lifts: reason code and the input that brings it.
    pub lifts: &'static [(&'static str, &'static str)],
    /// The usual next step: the primary button.
    pub primary: bool,
    /// Asks for confirmation, because outsiders see it or it cannot be taken back.
    pub confirm: bool,
    /// Field that receives the moment of the step.
    pub stamps: Option<&'static str>,
    /// Acts on the record (`create`, `update`, a step) after which the same person may not take this one.
    pub four_eyes: &'static [&'static str],
}

impl Step {
    /// A step without guard, inputs or confirmation.
    pub const fn new(name: &'static str, from: &'static [&'static str], to: &'static str) -> Self {
        Self {
            name,
            from,
            to,
            guard: None,
            inputs: &[],
            lifts: &[],
            primary: false,
            confirm: false,
            stamps: None,
            four_eyes: &[],
        }
    }
    pub const fn guard(mut self, guard: Guard) -> Self {
        self.guard = Some(guard);
        self
    }
    pub const fn inputs(mut self, inputs: &'static [(&'static str, bool)]) -> Self {
        self.inputs = inputs;
        self
    }
    pub const fn lifts(mut self, lifts: &'static [(&'static str, &'static str)]) -> Self {
        self.lifts = lifts;
        self
    }
    /// The input that lifts a refusal of the guard, so that whoever takes the step may bring it along.
    pub fn lifted_by(&self, reason: &str) -> Option<&'static str> {
        self.lifts.iter().find(|(lifted, _)| *lifted == reason).map(|(_, input)| *input)
    }
    pub const fn primary(mut self) -> Self {
        self.primary = true;
        self
    }
    pub const fn confirm(mut self) -> Self {
        self.confirm = true;
        self
    }
    pub const fn stamps(mut self, field: &'static str) -> Self {
        self.stamps = Some(field);
        self
    }
    /// Wants another person than whoever did one of these acts on the record.
    pub const fn four_eyes(mut self, acts: &'static [&'static str]) -> Self {
        self.four_eyes = acts;
        self
    }
}

/// Refuses whoever did an act that the step wants somebody else to have done.
pub fn other_eyes(acted: bool) -> Result<(), &'static str> {
    if acted { Err("four_eyes") } else { Ok(()) }
}

/// The whole state machine of a resource. The first state is the initial one.
#[derive(Debug, Clone, Copy)]
pub struct Flow {
    pub states: &'static [State],
    pub steps: &'static [Step],
}

/// Whether a step can be taken now, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    Yes,
    /// The record is in a state the step does not start from.
    NotFrom,
    /// The guard refused, with its reason code.
    Refused(&'static str),
}

impl Flow {
    /// The state a new record starts in.
    pub fn initial(&self) -> &'static str {
        self.states.first().map_or("", |s| s.name)
    }

    pub fn state(&self, name: &str) -> Option<&'static State> {
        self.states.iter().find(|s| s.name == name)
    }

    pub fn step(&self, name: &str) -> Option<&'static Step> {
        self.steps.iter().find(|s| s.name == name)
    }

    /// Whether `step` may be taken by `record`, permission aside.
    pub fn allows(&self, step: &Step, record: &Record, facts: &Facts) -> Allowed {
        if !step.from.contains(&record.text("status").unwrap_or_default()) {
            return Allowed::NotFrom;
        }
        match step.guard.map_or(Ok(()), |guard| guard(record, facts)) {
            Ok(()) => Allowed::Yes,
            Err(reason) => Allowed::Refused(reason),
        }
    }

    /// The flow as a Mermaid state diagram, for the generated documents.
    pub fn diagram(&self) -> String {
        let mut out = format!("stateDiagram-v2\n    [*] --> {}\n", self.initial());
        for step in self.steps {
            for from in step.from {
                let _ = writeln!(out, "    {from} --> {}: {}", step.to, step.name);
            }
        }
        for state in self.states.iter().filter(|s| s.terminal) {
            let _ = writeln!(out, "    {} --> [*]", state.name);
        }
        out
    }
}
