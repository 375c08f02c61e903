//! What roles can hold here: whoever operates the installation has no business
//! records, everybody else no companies.

use conexao_domain::{
    kernel::resource::{Area, Resource},
    registry::{ADMINISTRATION, OPERATION, RESOURCES},
};

use crate::state::app;

fn operates() -> bool {
    app().session.kind_now() == "operator"
}

/// The resources there are.
pub fn resources() -> impl Iterator<Item = &'static Resource> {
    let operates = operates();
    let there = move |area: Area| !operates || (area.is_administration() && area != Area::Privacy);
    RESOURCES.iter().copied().filter(move |resource| there(resource.area))
}

/// The permissions that belong to no resource.
pub fn administration() -> impl Iterator<Item = &'static str> {
    let more = if operates() { OPERATION } else { &[] };
    ADMINISTRATION.iter().chain(more).copied()
}
