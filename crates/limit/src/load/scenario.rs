//! What is asked: every scenario makes its `n`-th request, different each time
//! where people would ask for different things.

use std::fmt::Write as _;

use clap::ValueEnum;
use conexao_domain::kernel::value::fold;
use serde_json::json;

use super::client::Request;
use crate::data::{
    customer,
    random::Random,
    warranty::{self, Counts},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// The first page of customers in the default order.
    List,
    /// The page after `--after`.
    Deep,
    /// The first page of the active customers of one state.
    Filtered,
    /// Look-up by CPF or CNPJ.
    Document,
    /// Autocomplete: what somebody has typed so far.
    Typing,
    /// The first page of customers with a name and a surname.
    Search,
    /// One customer with everything.
    Get,
    /// A new customer.
    Create,
    /// A step of a pending warranty request.
    Step,
}

/// A scenario on the generated data.
#[derive(Debug, Clone)]
pub struct Source {
    pub scenario: Scenario,
    pub counts: Counts,
    pub after: Option<String>,
    /// Where to go on in what earlier runs have used up.
    pub skip: u64,
    /// Which half of what is used up: each server has its own.
    pub half: u64,
    /// Warranty requests of that half that are pending.
    pending: Vec<u64>,
}

const STATES: &[&str] = &["SP", "RJ", "MG", "BA", "PR", "RS", "PE", "CE"];

impl Source {
    pub fn new(scenario: Scenario, counts: Counts, after: Option<String>, skip: u64, half: u64) -> Self {
        let count = if scenario == Scenario::Step { counts.warranties } else { 0 };
        let pending = (0..count).filter(|n| n % 2 == half && warranty::status(*n) == "pending").collect();
        Self { scenario, counts, after, skip, half, pending }
    }

    /// The `n`-th request; `None` when there is nothing left.
    pub fn request(&self, n: u64) -> Option<Request> {
        let n = n + self.skip;
        let mut random = Random::new(99, n);
        let somebody = random.below(self.counts.customers);
        let get = |path: String| Some(Request { method: "GET", path, ..Request::default() });
        match self.scenario {
            Scenario::List => get("/api/v1/customers?limit=50".to_owned()),
            Scenario::Deep => {
                get(format!("/api/v1/customers?limit=50&after={}", self.after.as_deref().unwrap_or_default()))
            }
            Scenario::Filtered => {
                let uf = random.pick(STATES).unwrap_or("SP");
                get(format!("/api/v1/customers?limit=50&filter[status]=active&filter[uf]={uf}"))
            }
            Scenario::Document => get(format!("/api/v1/customers/lookup?q={}", customer::document(somebody))),
            Scenario::Typing => get(format!("/api/v1/customers/lookup?q={}", encode(&typed(somebody, &mut random)))),
            Scenario::Search => get(format!("/api/v1/customers?limit=50&q={}", encode(&two_names(somebody)))),
            Scenario::Get => get(format!("/api/v1/customers/{}", customer::own_id(somebody, self.counts.customers))),
            Scenario::Create => Some(self.create(n)),
            Scenario::Step => self.step(n),
        }
    }

    fn create(&self, n: u64) -> Request {
        // Beyond everybody there is, each server in its own range.
        let input = customer::input(self.counts.customers + 20_000_000 + self.half * 2_000_000 + n, &[]);
        Request {
            method: "POST",
            path: "/api/v1/customers".to_owned(),
            body: json!(input).to_string(),
            ..Request::default()
        }
    }

    fn step(&self, n: u64) -> Option<Request> {
        let n = *self.pending.get(usize::try_from(n).ok()?)?;
        let id = warranty::own_id(n, self.counts);
        let body = json!({ "return_carrier": "Correios", "return_code": format!("LR-{n:08}-7") });
        let path = format!("/api/v1/warranties/{id}/actions/request_return");
        Some(Request { method: "POST", path, version: Some(1), body: body.to_string(), ..Request::default() })
    }
}

fn two_names(n: u64) -> String {
    fold(&customer::name(n)).split(' ').take(2).collect::<Vec<_>>().join(" ")
}

/// What somebody looking for the customer may have typed so far.
fn typed(n: u64, random: &mut Random) -> String {
    let name = fold(&customer::name(n));
    let words: Vec<&str> = name.split(' ').collect();
    let (first, last) = (words.first().copied().unwrap_or_default(), words.get(1).copied().unwrap_or_default());
    let begin = |text: &str, least: u64, random: &mut Random| -> String {
        let length = least + random.below(u64::try_from(text.len()).unwrap_or_default().saturating_sub(least) + 1);
        text.chars().take(usize::try_from(length).unwrap_or(usize::MAX)).collect()
    };
    match random.below(8) {
        0 => begin(first, 2, random),
        1 | 2 => format!("{first} {}", begin(last, 1, random)),
        3 => name.clone(),
        4 => begin(&customer::email(n), 5, random),
        5 => begin(&customer::document(n), 4, random),
        6 => customer::phone(n).chars().skip(5).collect(),
        _ => begin(last, 3, random),
    }
}

fn encode(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    let mut encoded = String::new();
    for letter in text.chars() {
        if plain(letter) {
            encoded.push(letter);
        } else {
            for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
                // Writing to a text does not fail.
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}
