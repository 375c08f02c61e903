//! Which columns a list shows, and in which order.

use conexao_domain::kernel::{
    field::{Field, Kind},
    resource::{Resource, SYSTEM_FIELDS},
};
use leptos::prelude::*;

use super::model::List;
use crate::{
    part::{self, Tool},
    prefs::{recall, remember},
    t,
    ui::{
        icon::icon,
        popover::{Trigger, popover},
    },
};

/// A column and how wide the screen must be for it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    pub field: &'static Field,
    /// 1 always shows, 2 from 1400 px, 3 on wide screens.
    pub priority: u8,
}

impl Column {
    /// The class that hides the column where there is no room.
    pub const fn class(self) -> &'static str {
        match self.priority {
            0 | 1 => "",
            2 => "max-2xl:hidden",
            _ => "max-[106rem]:hidden",
        }
    }

    /// Figures stand on the right.
    pub const fn is_figure(self) -> bool {
        matches!(self.field.kind, Kind::Money | Kind::Quantity | Kind::Rate | Kind::Integer { .. })
    }
}

/// Every field a list could show, the title first.
pub fn possible(resource: &'static Resource) -> Vec<&'static Field> {
    let title = resource.field(resource.title);
    let short = |f: &&Field| !matches!(f.kind, Kind::Lines(_) | Kind::LongText { .. });
    let rest = resource.fields.iter().filter(|f| f.name != resource.title);
    let system = SYSTEM_FIELDS.iter().filter(|f| matches!(f.kind, Kind::Instant | Kind::User));
    title.into_iter().chain(rest).chain(system).filter(short).collect()
}

/// The declared columns.
pub fn usual(resource: &'static Resource) -> Vec<Column> {
    let listed = |f: &&'static Field| f.list > 0 || f.name == resource.title;
    let column =
        |field: &'static Field| Column { field, priority: if field.name == resource.title { 1 } else { field.list } };
    possible(resource).into_iter().filter(listed).map(column).collect()
}

/// A column with the one that stands below it in the same cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    pub top: Column,
    pub below: Option<Column>,
}

/// Columns as cells of at most two lines: a choice or a state of Brazil stands
/// below the text before it, which it qualifies (order and channel, city and UF).
pub fn cells(columns: &[Column]) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for column in columns {
        let qualifies = matches!(column.field.kind, Kind::Choice(_) | Kind::Uf);
        let last =
            cells.last_mut().filter(|cell| matches!(cell.top.field.kind, Kind::Text { .. }) && cell.below.is_none());
        match last {
            Some(cell) if qualifies => cell.below = Some(*column),
            _ => cells.push(Cell { top: *column, below: None }),
        }
    }
    cells
}

fn key(resource: &Resource) -> String {
    format!("conexao.columns.{}", resource.name)
}

/// The columns this person chose, else the declared ones.
pub fn chosen(resource: &'static Resource) -> Vec<Column> {
    recall(&key(resource))
        .filter(|text| !text.is_empty())
        .and_then(|text| read(resource, &text))
        .unwrap_or_else(|| usual(resource))
}

/// The columns of these names.
pub fn named(resource: &'static Resource, names: &[String]) -> Vec<Column> {
    read(resource, &names.join(",")).unwrap_or_else(|| usual(resource))
}

/// Chosen columns always show; the title is always among them.
fn read(resource: &'static Resource, text: &str) -> Option<Vec<Column>> {
    let names: Vec<&str> = text.split(',').filter(|name| *name != resource.title).collect();
    let all = possible(resource);
    let field = |name: &&str| all.iter().find(|f| f.name == *name).copied();
    let title = resource.field(resource.title)?;
    let columns = std::iter::once(title).chain(names.iter().filter_map(field));
    Some(columns.map(|field| Column { field, priority: 1 }).collect())
}

/// The button that chooses columns.
pub fn chooser(list: List) -> AnyView {
    let inside = view! { {icon("columns-3", "i")} <span class="max-xl:sr-only">{t!("columns.name")}</span> };
    let trigger = Trigger { class: "btn btn-sm btn-line", label: None, inside: inside.into_any() };
    popover(trigger, "right-0 top-9 w-80 p-2", move |_| part::tool(Tool::Columns(list)))
}

/// Keeps a choice of columns, or the declared ones.
pub fn choose(list: List, columns: Option<Vec<Column>>) {
    let names = columns.iter().flatten().map(|c| c.field.name).collect::<Vec<_>>().join(",");
    remember(&key(list.resource), &names);
    list.columns.set(columns.unwrap_or_else(|| usual(list.resource)));
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use conexao_domain::registry::{RESOURCES, by_name};

    use super::*;

    fn names(columns: &[Column]) -> Vec<&str> {
        columns.iter().map(|c| c.field.name).collect()
    }

    #[test]
    fn every_list_begins_with_the_title() {
        for resource in RESOURCES {
            assert_eq!(usual(resource).first().unwrap().field.name, resource.title, "{}", resource.name);
        }
    }

    #[test]
    fn a_choice_is_read_back_and_keeps_the_title() {
        let customer = by_name("customer").unwrap();
        let columns = read(customer, "city,nonsense,created_at").unwrap();
        assert_eq!(names(&columns), ["name", "city", "created_at"]);
    }

    #[test]
    fn a_choice_stands_below_the_text_it_qualifies() {
        let cells = cells(&usual(by_name("warranty").unwrap()));
        let order = cells.iter().find(|cell| cell.top.field.name == "order_number").unwrap();
        assert_eq!(order.below.unwrap().field.name, "channel");
        assert!(cells.iter().all(|cell| cell.top.field.name != "channel"));
    }
}
