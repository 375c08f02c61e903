//! In an address, the postal code tells the state and a chosen municipality its
//! city and state; a value that came so says it.
//!
//! Street and district are not in a postal code, and the product asks no
//! outside service for them: people type those.

use conexao_domain::kernel::value::{Cep, Municipality, Uf};
use leptos::prelude::*;
use serde_json::Value as Json;

use super::model::Cell;
use crate::{api::records::Mention, t, ui::control::Note};

/// What gave a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Cep,
    Municipality,
}

/// A value that was filled in, to tell it from one somebody typed.
type Filled = RwSignal<Option<(Json, Source)>>;

/// The parts of one address that depend on each other.
#[derive(Clone, Copy)]
pub struct Address {
    cep: Option<Cell>,
    municipality: Option<Cell>,
    city: Option<Cell>,
    uf: Cell,
    uf_filled: Filled,
    city_filled: Filled,
}

/// The address among the cells of a line or a section, whose parts are followed
/// from now on: `delivery_cep` begins one whose state is `delivery_uf`.
pub fn follow(cells: &[Cell]) -> Option<Address> {
    let prefix = cells.iter().find_map(|cell| cell.field.name.strip_suffix("cep")).unwrap_or_default();
    let part = |wanted: &str| cells.iter().find(|cell| cell.field.name.strip_prefix(prefix) == Some(wanted)).copied();
    let address = Address {
        cep: part("cep"),
        municipality: part("municipality"),
        city: part("city"),
        uf: part("uf")?,
        uf_filled: RwSignal::new(None),
        city_filled: RwSignal::new(None),
    };
    address.name_place();
    address.follow_cep();
    address.follow_place();
    Some(address)
}

impl Address {
    /// The state that the postal code tells; tracked.
    fn of_cep(self) -> Option<Uf> {
        self.cep?.value.with(|value| value.as_str().and_then(|text| Cep::parse(text).ok())).and_then(|cep| cep.uf())
    }

    fn chosen_uf(self) -> Option<Uf> {
        self.uf.value.with(|value| value.as_str().and_then(|text| Uf::parse(text).ok()))
    }

    /// The state in which a municipality is looked for; tracked.
    pub fn within(self) -> Signal<Option<Uf>> {
        Signal::derive(move || self.chosen_uf().or_else(|| self.of_cep()))
    }

    /// The code of a municipality alone says nothing to people.
    fn name_place(self) {
        let (Some(place), Some(city)) = (self.municipality, self.city) else { return };
        let (code, city) = untrack(|| (place.value.get(), city.value.get()));
        let of_code = code.as_str().and_then(|code| Municipality::parse(code).ok());
        let named = place.mention.with_untracked(Option::is_some);
        if let (Some(known), Json::String(city), false) = (of_code, city, named) {
            let (id, title) = (known.as_str().to_owned(), format!("{city}/{}", known.uf()));
            place.mention.set(Some(Mention { id, resource: String::new(), title, subtitle: None, field: None }));
        }
    }

    /// A complete code fills the state, unless somebody chose it.
    fn follow_cep(self) {
        if self.cep.is_none() {
            return;
        }
        let told = Memo::new(move |_| self.of_cep());
        Effect::new(move |before: Option<()>| {
            let Some(uf) = told.get().filter(|_| before.is_some()) else { return };
            let free = self.uf.value.with_untracked(Json::is_null) || untrack(|| is(self.uf, self.uf_filled).is_some());
            if free {
                fill(self.uf, self.uf_filled, uf.as_str().into(), Source::Cep);
            }
        });
    }

    /// A chosen municipality fills in city and state.
    fn follow_place(self) {
        let Some(place) = self.municipality else { return };
        Effect::new(move |before: Option<()>| {
            let Some(chosen) = place.mention.get().filter(|_| before.is_some()) else { return };
            let Some((name, state)) = chosen.title.rsplit_once('/') else { return };
            if let Some(city) = self.city {
                fill(city, self.city_filled, name.into(), Source::Municipality);
            }
            fill(self.uf, self.uf_filled, state.into(), Source::Municipality);
        });
    }

    /// What stands under a part.
    pub fn note(self, part: Cell) -> Signal<Option<Note>> {
        let is_part = |cell: Option<Cell>| cell.is_some_and(|cell| cell.field.name == part.field.name);
        if is_part(self.cep) {
            return Signal::derive(move || self.mismatch());
        }
        if is_part(self.city) {
            return Signal::derive(move || is(part, self.city_filled).map(said));
        }
        if is_part(Some(self.uf)) {
            return Signal::derive(move || is(part, self.uf_filled).map(said));
        }
        Signal::stored(None)
    }

    /// The code is of one state, the address of another.
    fn mismatch(self) -> Option<Note> {
        let of_cep = self.of_cep()?;
        let place = self
            .municipality
            .and_then(|place| place.value.with(|value| value.as_str().and_then(|code| Municipality::parse(code).ok())));
        let other = self.chosen_uf().or_else(|| place.map(Municipality::uf)).filter(|uf| *uf != of_cep)?;
        let text = t!("form.cep_elsewhere", cep = of_cep.as_str(), uf = other.as_str());
        let mend = Callback::new(move |()| fill(self.uf, self.uf_filled, of_cep.as_str().into(), Source::Cep));
        // With a municipality of the other state, its choice is what has to change.
        let act = place.is_none().then(|| (t!("form.cep_use", uf = of_cep.as_str()), mend));
        Some(Note { text, act })
    }
}

fn fill(cell: Cell, filled: Filled, value: Json, source: Source) {
    filled.set(Some((value.clone(), source)));
    cell.value.set(value);
}

/// Where the value came from, while it is still the one that came; tracked.
fn is(cell: Cell, filled: Filled) -> Option<Source> {
    filled.get().filter(|(value, _)| cell.value.with(|now| now == value)).map(|(_, source)| source)
}

fn said(source: Source) -> Note {
    Note::new(match source {
        Source::Cep => t!("form.from_cep"),
        Source::Municipality => t!("form.from_municipality"),
    })
}
