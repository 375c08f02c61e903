//! What the law asks of us about people: their requests, their consents, what
//! is kept and for how long, and where anything about them may be.

pub mod consent;
pub mod hold;
pub mod needle;
pub mod places;
pub mod request;
pub mod retention;
pub mod technical;

use crate::kernel::{
    field::{Field, Kind},
    resource::Resource,
};

/// Looks for people in everything there is, and takes out what is found.
pub const SEARCH: &str = "privacy.search";
/// Carries out an anonymisation that somebody else asked for; decides on what
/// reached the end of its time.
pub const ERASE: &str = "privacy.erase";

/// What stands where a person's data was and the record cannot do without a value.
pub const GONE: &str = "Anonimizado";

/// Whether a field holds a person's data, shown or masked; lines when one of
/// their fields does.
pub fn about_people(field: &Field) -> bool {
    match field.kind {
        Kind::Lines(lines) => lines.fields.iter().any(about_people),
        _ => field.personal || field.identifying,
    }
}

/// Fields of a resource that an anonymisation empties.
pub fn erased(resource: &'static Resource) -> impl Iterator<Item = &'static Field> {
    resource.fields.iter().filter(|field| about_people(field))
}

/// Whether records of the resource are people: they have a document, a phone
/// or an e-mail of their own and others refer to them.
pub fn is_person(resource: &Resource) -> bool {
    resource.fields.iter().any(|field| field.kind == Kind::CpfCnpj && field.unique)
}

/// Fields that refer to records of people.
pub fn references(resource: &'static Resource) -> impl Iterator<Item = (&'static Field, &'static Resource)> {
    resource.fields.iter().filter_map(|field| match field.kind {
        Kind::Reference(name) => {
            let target = crate::registry::by_name(name).filter(|target| is_person(target))?;
            Some((field, target))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::RESOURCES;

    #[test]
    fn what_can_be_emptied_has_a_form_of_being_empty() {
        for resource in RESOURCES {
            for field in erased(resource).filter(|f| f.required && !matches!(f.kind, Kind::Lines(_))) {
                let text = matches!(field.kind, Kind::Text { .. } | Kind::LongText { .. } | Kind::Email);
                assert!(text, "{}.{}: required, and nothing to put in its place", resource.name, field.name);
            }
        }
    }

    #[test]
    fn people_are_customers_for_now() {
        let people: Vec<&str> = RESOURCES.iter().filter(|r| is_person(r)).map(|r| r.name).collect();
        assert_eq!(people, ["customer"]);
    }
}
